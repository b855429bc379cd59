import type { SignIn } from '../../sign-in/sign-in.ts';
import type { StagePage } from './stage-page.ts';

/** Shown after the mailbox was proved, and only where the name that was wished for is taken. */
export function usernamePage(deps: { readonly chooseUsername: SignIn['chooseUsername'] }): StagePage {
  return {
    stages: ['username'],
    kept: ['username'],
    posts: [
      {
        name: 'username',
        path: 'username',
        limit: 'username', // guard: username-form-limited
        fields: () => ['username'],
        act: ({ step }, form) => deps.chooseUsername(step, form),
      },
    ],
    show: ({ step }) => {
      const username = step.attempt.registration?.username;
      return {
        view: 'sign-in/username',
        stage: 'username',
        facts: {},
        ...(username === undefined ? {} : { values: { username } }),
      };
    },
  };
}
