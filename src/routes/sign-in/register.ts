import { z } from 'zod';
import type { PendingRegistration } from '../../accounts/registration.ts';
import { defined } from '../../platform/defined.ts';
import { password, typed } from '../../platform/fields.ts';
import { Problem } from '../../platform/problem.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import { form, inSignIn, link, type Page, type Screen, says } from '../forms/contract.ts';
import type { Visit } from './visit.ts';

const screen = {
  view: 'sign-in/register',
  stage: 'register',
  facts: z.object({ passwordMin: z.int() }),
} as const satisfies Screen;
const guard = inSignIn('sign-in', 'register');

export function registerPage(deps: {
  readonly register: SignIn['register'];
  readonly passwordMin: number;
}): Page<Visit> {
  return {
    path: 'register',
    guard,
    screens: [screen],
    forms: [
      form({
        name: 'register',
        path: 'register',
        guard,
        limit: 'registration',
        input: z.object({ email: typed(), username: typed(), password: password() }),
        act: ({ step }: Visit, input) => {
          if (!step.policy.registrationOpen) throw new Problem('closed', 403); // guard: closed-registration-no-form
          return deps.register(step, input);
        },
      }),
    ],
    show: ({ step, base }) => {
      if (!step.policy.registrationOpen) throw new Problem('closed', 403);
      return {
        ...says(screen, { passwordMin: deps.passwordMin }),
        values: typedBefore(step.attempt.registration),
        links: [link('sign-in', `${base}/sign-in`)],
      };
    },
  };
}

/** What stays in the form for whoever corrects it: everything but the password. */
function typedBefore(registration: PendingRegistration | undefined) {
  return registration ? { email: registration.email, ...defined({ username: registration.username }) } : {};
}
