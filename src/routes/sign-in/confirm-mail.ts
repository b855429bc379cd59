import { z } from 'zod';
import { maskedEmail } from '../../accounts/identifier.ts';
import { codeFacts, codeShape } from '../../factors/code-facts.ts';
import { typedOnce } from '../../platform/fields.ts';
import { provesMailbox } from '../../sign-in/enrolment/confirm-mail.ts';
import type { SignInStep, Step } from '../../sign-in/outcome.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import { form, inSignIn, type Page, type Screen, type Shown, says } from '../forms/contract.ts';
import { deliveryNotice } from './factor.ts';
import { shownLock } from './lock.ts';
import { lockFacts, putOffFacts } from './screens.ts';
import type { Visit } from './visit.ts';

export const mailboxScreen = {
  view: 'sign-in/confirm-mail',
  stage: 'confirm-mail',
  facts: z.object({
    sentTo: z.string(),
    /** It is known already: whoever is here may not be its owner. */
    masked: z.boolean(),
    digits: z.int(),
    ...codeShape,
    ...lockFacts,
    ...putOffFacts,
  }),
} as const satisfies Screen;

export const mailedCode = z.object({ code: typedOnce() });

const nothing = z.object({});

export function confirmMailPage(
  deps: Pick<SignIn, 'confirmMail' | 'sendAnother' | 'correctRegistration'> & {
    readonly codeDigits: number;
    readonly now: () => Date;
  },
): Page<Visit> {
  const guard = inSignIn('confirm-mail');
  const path = 'confirm-mail';
  const plain = (name: string, act: (step: SignInStep) => ReturnType<SignIn['sendAnother']>) =>
    form({ name, path: `${path}/${name}`, guard, input: nothing, act: ({ step }: Visit) => act(step) });
  return {
    guard,
    screens: [mailboxScreen],
    forms: [
      form({
        name: 'confirm',
        path,
        guard,
        limit: 'factor',
        input: mailedCode,
        act: ({ step }: Visit, input) => deps.confirmMail(step, input),
      }),
      plain('send', deps.sendAnother),
      plain('correct', deps.correctRegistration),
    ],
    show: ({ step }) => shownMailCode(deps, step),
  };
}

/** Asks for the code that was mailed to prove a mailbox; one that is known already shows masked. */
export function shownMailCode(
  { codeDigits, now }: { readonly codeDigits: number; readonly now: () => Date },
  { attempt, account }: Pick<Step, 'attempt' | 'account'>,
): Shown {
  const running = attempt.deliveredCode;
  const code = running && provesMailbox(running) ? running : undefined;
  const masked = code?.purpose !== 'registration';
  // Where the demand came while the sign-in stood elsewhere (a role, a setting, a day), none was sent: a GET sends nothing.
  const destination = code?.destination ?? account?.email ?? '';
  const { unsent, ...sent } = codeFacts(code, now());
  const missing = masked && unsent === true;
  const sentTo = masked ? maskedEmail(destination) : destination;
  const lock = masked ? shownLock(account, now()) : undefined;
  const { facts: until, ...telling } = lock ?? { facts: {}, ...deliveryNotice(sent) };
  return {
    ...says(mailboxScreen, {
      sentTo,
      masked,
      digits: codeDigits,
      ...sent,
      ...(missing ? { unsent: true } : {}),
      ...until,
    }),
    closed: [...(masked ? ['correct'] : []), ...(missing || lock ? ['confirm'] : []), ...(lock ? ['send'] : [])],
    ...telling,
  };
}
