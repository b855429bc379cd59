import { z } from 'zod';
import { defined } from '../../platform/defined.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import { form, inSignIn, type Page, type Screen, says } from '../forms/contract.ts';
import type { Visit } from './visit.ts';

const screen = { view: 'sign-in/signed-in-as', stage: 'signed-in-as', facts: z.object({}) } as const satisfies Screen;
const guard = inSignIn('signed-in-as');
const input = z.object({});

export function signedInAsPage(deps: Pick<SignIn, 'chooseAccount'>): Page<Visit> {
  const choose = (name: 'continue' | 'other') =>
    form({ name, path: name, guard, input, act: ({ step }: Visit) => deps.chooseAccount(step, name) });
  return {
    guard,
    screens: [screen],
    forms: [choose('continue'), choose('other')],
    show: ({ step }) => ({ ...says(screen, {}), ...defined({ account: step.account?.email }) }),
  };
}
