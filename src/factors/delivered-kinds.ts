import { canonicalEmail } from '../accounts/identifier.ts';
import { canonicalPhone, type PhoneFault, phoneFault } from '../accounts/phone.ts';
import type { DeliveredKind } from './delivered-code.ts';
import { email, sms } from './kinds.ts';

export const emailKind: DeliveredKind = {
  ...email,
  destinationField: 'email',
  read(typed) {
    const destination = canonicalEmail(typed);
    return destination === undefined ? { fault: 'email_shape' } : { destination };
  },
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
    ...sms,
    destinationField: 'phone',
    read(typed) {
      const destination = canonicalPhone(typed);
      if (destination === undefined) return { fault: phoneFaults.not_a_number };
      const fault = phoneFault(destination, countries);
      return fault === undefined ? { destination } : { fault: phoneFaults[fault] };
    },
  };
}
