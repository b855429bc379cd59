import { z } from 'zod';
import type { RecoveryCodeRenewal } from '../../self-service/renew-recovery-codes.ts';
import { isFew } from '../../sign-in/factor/recovery.ts';
import { type Answer, done, form, fresh, type Screen, says, signedIn } from '../forms/contract.ts';
import { codesScreen, savedCodes } from '../sign-in/recovery-codes.ts';
import { type AccountPage, type AccountVisit, back, postTo, type Section } from './page.ts';

const path = 'recovery-codes';
const nothing = z.object({});

interface Deps {
  readonly recoveryCodes: RecoveryCodeRenewal;
}

const facts = z.object({
  /** Absent where there are none to have. */
  recovery: z.object({ left: z.int(), few: z.boolean(), weaker: z.literal(true).exactOptional() }).exactOptional(),
});

/** How many recovery codes are left, and new ones in their place. */
export function recoverySection({ recoveryCodes }: Deps): Section<typeof facts> {
  const make = form({
    name: 'make-codes',
    path: `${path}/new`,
    guard: fresh('make_codes'), // guard: codes-need-fresh-proof
    input: nothing,
    async act(visit: AccountVisit): Promise<Answer> {
      return (await recoveryCodes.begin(visit)) ? { outcome: 'done', to: `/account/${path}` } : done('account_moved');
    },
  });
  return {
    facts,
    forms: [make],
    show({ account }) {
      const left = recoveryCodes.left(account);
      if (left === undefined) return { facts: {} };
      const weaker = recoveryCodes.areWeaker(account) ? { weaker: true as const } : {};
      return { facts: { recovery: { left, few: isFew(left), ...weaker } }, actions: [postTo(make, 'make-codes')] };
    },
  };
}

/** What "saved" leads to, at whichever address the codes are shown. */
export function savingCodes(recoveryCodes: RecoveryCodeRenewal, shownAt: string) {
  return async (visit: AccountVisit, input: z.output<typeof savedCodes>): Promise<Answer> => {
    const outcome = await recoveryCodes.save(visit, input);
    if (typeof outcome === 'object') return outcome;
    if (outcome === 'waiting') return { outcome: 'done', to: shownAt };
    return done(outcome === 'saved' ? 'codes_saved' : 'codes_lost');
  };
}

const screen = {
  view: 'account/recovery-codes',
  stage: 'recovery-codes',
  facts: codesScreen.facts.partial(),
} as const satisfies Screen;

/** Shown again and again until their owner says that they are saved; the old ones are good until then. */
export function recoveryCodesPage({ recoveryCodes, now }: Deps & { readonly now: () => Date }): AccountPage {
  const save = form({
    name: 'save',
    path,
    guard: fresh('make_codes'), // guard: old-codes-replaced-fresh
    input: savedCodes,
    act: savingCodes(recoveryCodes, `/account/${path}`),
  });
  const cancel = form({
    name: 'cancel',
    path: `${path}/cancel`,
    guard: signedIn,
    input: nothing,
    async act(visit: AccountVisit) {
      await recoveryCodes.cancel(visit);
      return done();
    },
  });
  return {
    path,
    guard: fresh('make_codes'), // guard: new-codes-shown-fresh
    screens: [screen],
    forms: [save, cancel],
    async show(visit) {
      const pending = await recoveryCodes.pending(visit);
      if (!pending) return { ...says(screen, {}), actions: [back] };
      const { email } = visit.account;
      return {
        ...says(screen, { codes: [...pending.codes], set: pending.set, email, shownAt: now().toISOString() }),
        actions: [postTo(save, 'save'), postTo(cancel, 'cancel')],
      };
    },
  };
}
