import { maskedEmail } from '../../accounts/identifier.ts';
import { codeFacts } from '../../factors/delivered-code.ts';
import { provesMailbox } from '../../sign-in/confirm-mail.ts';
import type { Step } from '../../sign-in/outcome.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import { told } from './factor.ts';
import { shownLock } from './lock.ts';
import type { Shown, StagePage } from './stage-page.ts';

export function confirmMailPage(
  deps: Pick<SignIn, 'confirmMail' | 'sendAnother' | 'correctRegistration'> & {
    readonly codeDigits: number;
    readonly now: () => Date;
  },
): StagePage {
  return {
    stages: ['confirm-mail'],
    kept: [],
    posts: [
      {
        name: 'confirm',
        path: 'confirm-mail',
        limit: 'factor',
        fields: () => ['code'],
        act: ({ step }, form) => deps.confirmMail(step, form),
      },
      { name: 'send', path: 'confirm-mail/send', fields: () => [], act: ({ step }) => deps.sendAnother(step) },
      {
        name: 'correct',
        path: 'confirm-mail/correct',
        fields: () => [],
        act: ({ step }) => deps.correctRegistration(step),
      },
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
  const { facts: until, ...telling } = lock ?? { facts: {}, ...told(sent) };
  return {
    view: 'sign-in/confirm-mail',
    stage: 'confirm-mail',
    facts: { sentTo, masked, digits: codeDigits, ...sent, ...(missing ? { unsent } : {}), ...until },
    closed: [...(masked ? ['correct'] : []), ...(missing || lock ? ['confirm'] : []), ...(lock ? ['send'] : [])],
    ...telling,
  };
}
