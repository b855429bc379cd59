import { z } from 'zod';
import type { RecoveryCodes } from '../../factors/recovery-codes.ts';
import { choice } from '../../platform/fields.ts';
import { isFew } from '../../sign-in/factor/recovery.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import { form, inSignIn, type Page, type Screen, says } from '../forms/contract.ts';
import type { Visit } from './visit.ts';

/** Shown until their owner says that they are saved. */
export const codesScreen = {
  view: 'factors/recovery-codes',
  stage: 'recovery-codes',
  facts: z.object({
    /** In readable groups. */
    codes: z.array(z.string()),
    /** Which set it is: what was written down is what is saved. */
    set: z.string(),
    email: z.string(),
    shownAt: z.iso.datetime().exactOptional(),
  }),
} as const satisfies Screen;

export const savedCodes = z.object({ saved: choice(), set: choice() });

const usedScreen = {
  view: 'factors/recovery-used',
  stage: 'recovery-used',
  facts: z.object({ left: z.int(), few: z.boolean() }),
} as const satisfies Screen;

const nothing = z.object({});

export function recoveryCodesPage(
  deps: Pick<SignIn, 'saveCodes'> & { readonly recovery?: RecoveryCodes },
): Page<Visit> {
  const guard = inSignIn('recovery-codes');
  return {
    guard,
    screens: [codesScreen],
    forms: [
      form({
        name: 'save',
        path: 'recovery-codes',
        guard,
        input: savedCodes,
        act: ({ step }: Visit, input) => deps.saveCodes(step, input),
      }),
    ],
    show({ step: { account, attempt, now } }) {
      if (!account || !attempt.recovery || !deps.recovery) throw new Error('this stage always has codes to save');
      const codes = deps.recovery.codes(account, attempt.recovery);
      const { salt: set, instead } = attempt.recovery;
      return {
        ...says(codesScreen, { codes: [...codes], set, email: account.email, shownAt: now.toISOString() }),
        ...(instead ? { notice: { code: 'codes_instead' } } : {}),
      };
    },
  };
}

export function recoveryUsedPage(deps: Pick<SignIn, 'goOnAfterCode' | 'makeNewCodes' | 'mayMakeCodes'>): Page<Visit> {
  const guard = inSignIn('recovery-used');
  const path = 'recovery-used';
  return {
    guard,
    screens: [usedScreen],
    forms: [
      form({ name: 'go-on', path, guard, input: nothing, act: ({ step }: Visit) => deps.goOnAfterCode(step) }),
      form({
        name: 'make',
        path: `${path}/new`,
        guard,
        input: nothing,
        act: ({ step }: Visit) => deps.makeNewCodes(step),
      }),
    ],
    show({ step }) {
      const left = step.attempt.recoveryLeft ?? 0;
      return {
        ...says(usedScreen, { left, few: isFew(left) }),
        closed: isFew(left) && deps.mayMakeCodes(step) ? [] : ['make'],
      };
    },
  };
}
