import { canonicalEmail, maskedEmail } from '../accounts/identifier.ts';
import { canonicalPhone, type PhoneFault, phoneFault } from '../accounts/phone.ts';
import type { DeliveredKind } from './delivered-code.ts';

/** A mailbox: weaker than a phone, because whoever can reset the password may hold it too. */
export const emailKind: DeliveredKind = {
  kind: 'email',
  courier: 'mail',
  level: '2fa-email',
  amr: ['otp', 'mfa'],
  field: 'email',
  read(typed) {
    const destination = canonicalEmail(typed);
    return destination === undefined ? { fault: 'email_shape' } : { destination };
  },
  masked: maskedEmail,
  initial: ({ email }) => email,
};

const phoneFaults: Readonly<Record<PhoneFault, string>> = {
  not_a_number: 'phone_shape',
  premium: 'phone_blocked',
  country_blocked: 'phone_blocked',
};

/** A phone in one of these countries (ISO 3166); no other is ever sent a code. */
export function smsKind(countries: readonly string[]): DeliveredKind {
  return {
    kind: 'sms',
    courier: 'sms',
    level: '2fa-sms',
    amr: ['sms', 'mfa'],
    field: 'phone',
    read(typed) {
      const destination = canonicalPhone(typed);
      if (destination === undefined) return { fault: phoneFaults.not_a_number };
      const fault = phoneFault(destination, countries);
      return fault === undefined ? { destination } : { fault: phoneFaults[fault] };
    },
    masked: (number) => number.slice(-2),
  };
}
