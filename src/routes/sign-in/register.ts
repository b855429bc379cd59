import type { PendingRegistration } from '../../accounts/registration.ts';
import { defined } from '../../platform/defined.ts';
import { Problem } from '../../platform/problem.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import { link, type StagePage } from './stage-page.ts';

export function registerPage(deps: { readonly register: SignIn['register']; readonly passwordMin: number }): StagePage {
  return {
    stages: ['sign-in', 'register'],
    kept: ['email', 'username'],
    posts: [
      {
        name: 'register',
        path: 'register',
        limit: 'registration',
        fields: () => ['email', 'username', 'password'],
        act: ({ step }, form) => {
          if (!step.policy.registrationOpen) throw new Problem('closed', 403); // guard: closed-registration-no-form
          return deps.register(step, form);
        },
      },
    ],
    show: ({ step, base }) => {
      if (!step.policy.registrationOpen) throw new Problem('closed', 403);
      return {
        view: 'sign-in/register',
        stage: 'register',
        facts: { passwordMin: deps.passwordMin },
        values: typed(step.attempt.registration),
        links: [link('sign-in', `${base}/sign-in`)],
      };
    },
  };
}

/** What stays in the form for whoever corrects it: everything but the password. */
function typed(registration: PendingRegistration | undefined) {
  if (!registration) return {};
  const { email, username } = registration;
  return { email, ...defined({ username }) };
}
