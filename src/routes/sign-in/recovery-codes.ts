import type { RecoveryCodes } from '../../factors/recovery-codes.ts';
import { isFew } from '../../sign-in/recovery.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import type { StagePage } from './stage-page.ts';

export function recoveryCodesPage(deps: Pick<SignIn, 'saveCodes'> & { readonly recovery?: RecoveryCodes }): StagePage {
  return {
    stages: ['recovery-codes'],
    kept: [],
    posts: [
      {
        name: 'save',
        path: 'recovery-codes',
        fields: () => ['saved', 'set'],
        act: ({ step }, form) => deps.saveCodes(step, form),
      },
    ],
    show({ step: { account, attempt, now } }) {
      if (!account || !attempt.recovery || !deps.recovery) throw new Error('this stage always has codes to save');
      const codes = deps.recovery.codes(account, attempt.recovery);
      const { salt: set, instead } = attempt.recovery;
      return {
        view: 'factors/recovery-codes',
        stage: 'recovery-codes',
        facts: { codes, set, email: account.email, shownAt: now },
        ...(instead ? { notice: { code: 'codes_instead' } } : {}),
      };
    },
  };
}

export function recoveryUsedPage(deps: Pick<SignIn, 'goOnAfterCode' | 'makeNewCodes' | 'mayMakeCodes'>): StagePage {
  return {
    stages: ['recovery-used'],
    kept: [],
    posts: [
      { name: 'go-on', path: 'recovery-used', fields: () => [], act: ({ step }) => deps.goOnAfterCode(step) },
      { name: 'make', path: 'recovery-used/new', fields: () => [], act: ({ step }) => deps.makeNewCodes(step) },
    ],
    show({ step }) {
      const left = step.attempt.recoveryLeft ?? 0;
      return {
        view: 'factors/recovery-used',
        stage: 'recovery-used',
        facts: { left, few: isFew(left) },
        closed: isFew(left) && deps.mayMakeCodes(step) ? [] : ['make'],
      };
    },
  };
}
