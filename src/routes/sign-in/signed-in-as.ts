import type { SignIn } from '../../sign-in/sign-in.ts';
import type { StagePage } from './stage-page.ts';

export function signedInAsPage(deps: Pick<SignIn, 'chooseAccount'>): StagePage {
  return {
    stages: ['signed-in-as'],
    kept: [],
    posts: [
      { name: 'continue', path: 'continue', fields: () => [], act: ({ step }) => deps.chooseAccount(step, 'continue') },
      { name: 'other', path: 'other', fields: () => [], act: ({ step }) => deps.chooseAccount(step, 'other') },
    ],
    show: ({ step }) => ({
      view: 'sign-in/signed-in-as',
      stage: 'signed-in-as',
      facts: {},
      ...(step.account ? { account: step.account.email } : {}),
    }),
  };
}
