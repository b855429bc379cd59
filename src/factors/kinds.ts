import { maskedEmail } from '../accounts/identifier.ts';
import { maskedPhone } from '../accounts/phone.ts';
import { deliveredData } from './delivered-data.ts';
import type { FactorKind } from './kind.ts';

export const totp = { kind: 'totp', level: '2fa', amr: ['otp', 'mfa'] } as const satisfies FactorKind;

/** A mailbox: weaker than a phone, because whoever can reset the password may hold it too. */
export const email = {
  kind: 'email',
  level: '2fa-email',
  amr: ['otp', 'mfa'],
  masked(factor) {
    const masked = maskedEmail(deliveredData(factor).destination);
    return { said: masked, alone: masked };
  },
} as const satisfies FactorKind;

export const sms = {
  kind: 'sms',
  level: '2fa-sms',
  amr: ['sms', 'mfa'],
  masked(factor) {
    const { destination } = deliveredData(factor);
    return { said: destination.slice(-2), alone: maskedPhone(destination) };
  },
} as const satisfies FactorKind;

/** Stands in for the factors of an account, each code once. */
export const recovery = { kind: 'recovery', level: '2fa', amr: ['otp', 'mfa'] } as const satisfies FactorKind;

/** The one list of the kinds that there are. Below config in the layers, and without any library of theirs. */
export const declaredKinds: readonly FactorKind[] = [totp, email, sms, recovery];
