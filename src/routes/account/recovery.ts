import { isFew } from '../../sign-in/recovery.ts';
import type { CodeRenewal } from '../../sign-in/renew-codes.ts';
import { type AccountPage, type AccountPost, back, done, postTo, type Section } from './page.ts';

const path = 'recovery-codes';

interface Deps {
  readonly codes: CodeRenewal;
}

/** How many recovery codes are left, and new ones in their place. */
export function recoverySection({ codes }: Deps): Section {
  const make: AccountPost = {
    name: 'make-codes',
    path: `${path}/new`,
    proof: { change: 'make_codes' }, // guard: codes-need-fresh-proof
    fields: [],
    async act(visit) {
      return (await codes.begin(visit)) ? { outcome: 'done', to: `/account/${path}` } : done('account_moved');
    },
  };
  return {
    posts: [make],
    show({ account }) {
      const left = codes.left(account);
      if (left === undefined) return { facts: {} };
      const weaker = codes.areWeaker(account) ? { weaker: true } : {};
      return { facts: { recovery: { left, few: isFew(left), ...weaker } }, actions: [postTo(make, 'make-codes')] };
    },
  };
}

/** The form below new codes, at whichever address they are shown. */
export function savingCodes(codes: CodeRenewal, shownAt: string): Pick<AccountPost, 'fields' | 'act'> {
  return {
    fields: ['saved', 'set'],
    async act(visit, form) {
      const outcome = await codes.save(visit, form);
      if (typeof outcome === 'object') return outcome;
      if (outcome === 'waiting') return { outcome: 'done', to: shownAt };
      return done(outcome === 'saved' ? 'codes_saved' : 'codes_lost');
    },
  };
}

/** Shown again and again until their owner says that they are saved; the old ones are good until then. */
export function recoveryCodesPage({ codes, now }: Deps & { readonly now: () => Date }): AccountPage {
  const save: AccountPost = {
    name: 'save',
    path,
    proof: { change: 'make_codes' }, // guard: old-codes-replaced-fresh
    ...savingCodes(codes, `/account/${path}`),
  };
  const cancel: AccountPost = {
    name: 'cancel',
    path: `${path}/cancel`,
    proof: 'session',
    fields: [],
    async act(visit) {
      await codes.cancel(visit);
      return done();
    },
  };
  return {
    path,
    proof: { change: 'make_codes' }, // guard: new-codes-shown-fresh
    kept: [],
    posts: [save, cancel],
    async show(visit) {
      const shown = await codes.pending(visit);
      const { email } = visit.account;
      return {
        view: 'account/recovery-codes',
        stage: 'recovery-codes',
        facts: shown ? { ...shown, email, shownAt: now() } : {},
        actions: shown ? [postTo(save, 'save'), postTo(cancel, 'cancel')] : [back],
      };
    },
  };
}
