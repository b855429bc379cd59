import { z } from 'zod';
import { typed } from '../../platform/fields.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import { form, inSignIn, type Page, type Screen, says } from '../forms/contract.ts';
import type { Visit } from './visit.ts';

const screen = { view: 'sign-in/username', stage: 'username', facts: z.object({}) } as const satisfies Screen;
const guard = inSignIn('username');

/** Shown after the mailbox was proved, and only where the name that was wished for is taken. */
export function usernamePage(deps: Pick<SignIn, 'chooseUsername'>): Page<Visit> {
  return {
    guard,
    screens: [screen],
    forms: [
      form({
        name: 'username',
        path: 'username',
        guard,
        limit: 'username', // guard: username-form-limited
        input: z.object({ username: typed() }),
        act: ({ step }: Visit, input) => deps.chooseUsername(step, input),
      }),
    ],
    show: ({ step }) => {
      const username = step.attempt.registration?.username;
      return { ...says(screen, {}), ...(username === undefined ? {} : { values: { username } }) };
    },
  };
}
