import { z } from 'zod';
import type { Factor } from '../../factors/factor.ts';
import { isSignIn } from '../../sign-in/attempt.ts';
import { currentOffer, offersAt } from '../../sign-in/factor/offers.ts';
import { secondsUntil } from '../../sign-in/outcome.ts';
import { rescueByMail } from '../../sign-in/rescue/by-mail.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import { form, inSignIn, link, type Page, type Screen, type Shown, says } from '../forms/contract.ts';
import type { ProvingVisit } from './factor.ts';
import type { Visit } from './visit.ts';

interface Deps extends Pick<SignIn, 'chooseRescue' | 'writeToAdministrators'> {
  readonly factors: readonly Factor[];
  /** Whether there is somebody to write to. */
  readonly administrators: boolean;
}

const lostScreen = {
  view: 'sign-in/lost',
  stage: 'lost',
  facts: z.object({
    /** The mailbox to which a code is sent, masked. */
    sentTo: z.string().exactOptional(),
    /** Why none is sent. */
    closed: z.enum(['later', 'same-mailbox', 'unknown-browser', 'asked-more']).exactOptional(),
    /** When one is again. */
    from: z.iso.datetime().exactOptional(),
    secondsLeft: z.int().exactOptional(),
  }),
} as const satisfies Screen;

const writtenScreen = { view: 'sign-in/written', stage: 'written', facts: z.object({}) } as const satisfies Screen;

const guard = inSignIn('factor');
const written = 'factor/lost/written';

/** "I lost my phone": what there is for whoever gave the right password and cannot give what comes after it. */
export function lostPage(deps: Deps): Page<Visit> {
  const { administrators, chooseRescue, writeToAdministrators } = deps;
  return {
    path: 'factor/lost',
    guard,
    screens: [lostScreen],
    forms: [
      form({
        name: 'rescue',
        path: 'factor/lost/code',
        guard,
        input: z.object({}),
        act: ({ step }: Visit) => chooseRescue(step),
      }),
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
    show(visit) {
      const byMail = mailFacts(deps, visit);
      return {
        ...byMail,
        closed: [...(byMail.closed ?? []), ...(administrators ? [] : ['write'])],
        links: [link('choose', `${visit.base}/factor/ways`), link('back', visit.base)],
      };
    },
  };
}

/** The code by mail, or why there is none now. */
function mailFacts({ factors }: Pick<Deps, 'factors'>, { step }: Visit): Shown {
  const asked = currentOffer(offersAt(factors, step), step.attempt.way)?.offer.id;
  const byMail = rescueByMail(step, asked);
  if (byMail?.open) return says(lostScreen, { sentTo: byMail.sentTo });
  if (!byMail) return { ...says(lostScreen, {}), closed: ['rescue'] };
  const { why } = byMail;
  const from = why === 'later' ? byMail.from : undefined;
  const until = from ? { from: from.toISOString(), secondsLeft: secondsUntil(from, step.now) } : {};
  return { ...says(lostScreen, { closed: why, ...until }), closed: ['rescue'] };
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

/** Whether the page has anything to say: else nobody is led there. A reset has none. */
export function lostLink({ administrators }: Pick<Deps, 'administrators'>, { base, step }: ProvingVisit) {
  return administrators || (isSignIn(step) && rescueByMail(step)) ? [link('lost', `${base}/factor/lost`)] : [];
}
