import { canonicalEmail, maskedEmail } from '../accounts/identifier.ts';
import { canonicalPhone, phoneFault } from '../accounts/phone.ts';
import type { DeliveredKind } from './delivered-code.ts';

/** A mailbox: weaker than a phone, because whoever can reset the password may hold it too. */
export const emailKind: DeliveredKind = {
  kind: 'email',
  courier: 'mail',
  level: '2fa-email',
  amr: ['otp', 'mfa'],
  field: 'email',
  fault: 'email_shape',
  read: canonicalEmail,
  masked: maskedEmail,
  initial: ({ email }) => email,
};

/** A phone in one of these countries (ISO 3166); no other is ever sent a code. */
export function smsKind(countries: readonly string[]): DeliveredKind {
  return {
    kind: 'sms',
    courier: 'sms',
    level: '2fa-sms',
    amr: ['sms', 'mfa'],
    field: 'phone',
    fault: 'phone_shape',
    read(typed) {
      const number = canonicalPhone(typed);
      return number !== undefined && phoneFault(number, countries) === undefined ? number : undefined;
    },
    masked: (number) => number.slice(-2),
  };
}
