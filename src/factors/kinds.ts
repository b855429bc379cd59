import { maskedEmail } from '../accounts/identifier.ts';
import { maskedPhone } from '../accounts/phone.ts';
import { deliveredData } from './delivered-data.ts';
import type { FactorKind } from './kind.ts';

const typed = { guessable: true, field: 'code' } as const;
const digits = { ...typed, shape: 'code_shape' } as const;

export const totp = { kind: 'totp', level: '2fa', amr: ['otp', 'mfa'], ...digits } as const satisfies FactorKind;

/** A mailbox: weaker than a phone, because whoever can reset the password may hold it too. */
export const email = {
  kind: 'email',
  level: '2fa-email',
  amr: ['otp', 'mfa'],
  ...digits,
  sends: true,
  courier: 'mail',
  masked(factor) {
    const masked = maskedEmail(deliveredData(factor).destination);
    return { said: masked, alone: masked };
  },
} as const satisfies FactorKind;

export const sms = {
  kind: 'sms',
  level: '2fa-sms',
  amr: ['sms', 'mfa'],
  ...digits,
  sends: true,
  courier: 'sms',
  masked(factor) {
    const { destination } = deliveredData(factor);
    return { said: destination.slice(-2), alone: maskedPhone(destination) };
  },
} as const satisfies FactorKind;

/** Each code once, and worth no more than what was proved when it was made. */
export const recovery = {
  kind: 'recovery',
  level: '2fa',
  amr: ['otp', 'mfa'],
  ...typed,
  wrong: 'recovery_rejected',
  standsIn: true,
} as const satisfies FactorKind;

/** Given by the help desk to whoever has lost every way, for one sign-in. */
export const pass = {
  kind: 'pass',
  level: 'recovery',
  amr: ['otp'],
  ...typed,
  wrong: 'pass_rejected',
  standsIn: true,
  forLost: true,
} as const satisfies FactorKind;

/** A code to the account's own address, for whoever says that the ways were lost: `rescue.byMail` switches it. */
export const rescue = {
  kind: 'rescue',
  level: 'recovery',
  amr: ['otp'],
  ...digits,
  sends: true,
  standsIn: true,
  forLost: true,
  chosenAlone: true,
} as const satisfies FactorKind;

/** The one list of the kinds that there are; a new kind is one more here. config/ reads it, so nothing of what a kind does stands here. */
export const declaredKinds: readonly FactorKind[] = [totp, email, sms, recovery, pass];

const forLost: ReadonlySet<string> = new Set(
  [...declaredKinds, rescue].filter((each) => each.forLost).map(({ kind }) => kind),
);

/** Whether a proof of this kind says that the ways of before were lost. */
export function isForLost({ kind }: { readonly kind: string }): boolean {
  return forLost.has(kind);
}

/** The levels that can be proved by what people set up: those of kinds that stand by themselves. */
export function levelsOf(kinds: readonly FactorKind[]): readonly FactorKind['level'][] {
  return kinds.flatMap(({ level, standsIn }) => (standsIn ? [] : [level])); // guard: recovery-no-client-level
}
