import { maskedEmail } from '../../accounts/identifier.ts';
import { codeFacts } from '../../factors/delivered-code.ts';
import type { Step } from '../../sign-in/outcome.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import { told } from './factor.ts';
import type { Shown, StagePage } from './stage-page.ts';

export function confirmMailPage(
  deps: Pick<SignIn, 'confirmMail' | 'sendAnother'> & { readonly codeDigits: number; readonly now: () => Date },
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
    ],
    show: ({ step }) => shownMailCode(deps, step),
  };
}

/** Asks for the code that was mailed to prove a mailbox; one that is known already shows masked. */
export function shownMailCode(
  { codeDigits, now }: { readonly codeDigits: number; readonly now: () => Date },
  { attempt: { deliveredCode } }: Pick<Step, 'attempt'>,
): Shown {
  const masked = deliveredCode?.purpose === 'first-factor';
  const { unsent, ...sent } = codeFacts(deliveredCode, now());
  const destination = deliveredCode?.destination ?? '';
  const sentTo = deliveredCode ? { sentTo: masked ? maskedEmail(destination) : destination } : {};
  const facts = { ...sentTo, masked, digits: codeDigits, ...sent, ...(masked && unsent ? { unsent } : {}) };
  return { view: 'sign-in/confirm-mail', stage: 'confirm-mail', facts, ...told(sent) };
}
