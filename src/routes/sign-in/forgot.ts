import { z } from 'zod';
import { defined } from '../../platform/defined.ts';
import { typed } from '../../platform/fields.ts';
import type { PasswordReset } from '../../sign-in/password-reset.ts';
import { form, inSignIn, link, type Page, type Screen, says } from '../forms/contract.ts';
import type { Visit } from './visit.ts';

const forgot = { view: 'sign-in/forgot', stage: 'forgot', facts: z.object({}) } as const satisfies Screen;
const sent = { view: 'sign-in/forgot-sent', stage: 'forgot-sent', facts: z.object({}) } as const satisfies Screen;
const guard = inSignIn('sign-in', 'register');

export const forgotPaths = ['forgot', 'forgot/sent'] as const;

/** "Forgot your password?", and what everybody is told who asked. The sign-in stays as it is. */
export function forgotPages({ askReset }: Pick<PasswordReset, 'askReset'>): readonly Page<Visit>[] {
  const [path, sentPath] = forgotPaths;
  return [
    {
      path,
      guard,
      screens: [forgot],
      forms: [
        form({
          name: 'forgot',
          path,
          guard,
          limit: 'reset', // guard: reset-form-limited
          input: z.object({ identifier: typed() }),
          async act({ step, client: { clientId }, base }: Visit, input) {
            const { origin, attempt, clientName } = step;
            const refused = await askReset({ ...input, clientId, clientName, origin, browser: attempt.browserMark });
            return refused ?? { outcome: 'done', to: `${base}/${sentPath}` };
          },
        }),
      ],
      show: ({ step: { request }, base }) => ({
        ...says(forgot, {}),
        values: defined({ identifier: request.confirms?.email ?? request.loginHint }),
        links: [link('back', `${base}/sign-in`)],
      }),
    },
    {
      path: sentPath,
      guard,
      screens: [sent],
      forms: [],
      show: ({ base }) => ({
        ...says(sent, {}),
        links: [link('again', `${base}/${path}`), link('back', `${base}/sign-in`)],
      }),
    },
  ];
}
