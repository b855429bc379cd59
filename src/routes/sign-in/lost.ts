import { z } from 'zod';
import type { SignIn } from '../../sign-in/sign-in.ts';
import { form, inSignIn, link, type Page, type Screen, says } from '../forms/contract.ts';
import type { Visit } from './visit.ts';

interface Deps extends Pick<SignIn, 'writeToAdministrators'> {
  /** Whether there is somebody to write to. */
  readonly administrators: boolean;
}

const lostScreen = {
  view: 'sign-in/lost',
  stage: 'lost',
  facts: z.object({}),
} as const satisfies Screen;

const writtenScreen = { view: 'sign-in/written', stage: 'written', facts: z.object({}) } as const satisfies Screen;

const guard = inSignIn('factor');
const written = 'factor/lost/written';

/** "I lost my phone": what there is for whoever gave the right password and cannot give what comes after it. */
export function lostPage({ administrators, writeToAdministrators }: Deps): Page<Visit> {
  return {
    path: 'factor/lost',
    guard,
    screens: [lostScreen],
    forms: [
      form({
        name: 'write',
        path: 'factor/lost/write',
        guard,
        input: z.object({}),
        async act({ step, base }: Visit) {
          if (administrators) await writeToAdministrators(step); // guard: nobody-to-write-to
          return { outcome: 'done', to: `${base}/${written}` };
        },
      }),
    ],
    show: ({ base }) => ({
      ...says(lostScreen, {}),
      closed: administrators ? [] : ['write'],
      links: [link('back', `${base}/factor/ways`)],
    }),
  };
}

/** The same for everybody: what is said here was said whether or not anything was sent. */
export function writtenPage(): Page<Visit> {
  return {
    path: written,
    guard,
    screens: [writtenScreen],
    forms: [],
    show: ({ base }) => ({ ...says(writtenScreen, {}), links: [link('back', base)] }),
  };
}

/** Whether the page has anything to offer: else nobody is led there. */
export function lostLink({ administrators }: Pick<Deps, 'administrators'>, { base }: Pick<Visit, 'base'>) {
  return administrators ? [link('lost', `${base}/factor/lost`)] : [];
}
