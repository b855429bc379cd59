import { maskedEmail } from '../../accounts/identifier.ts';
import { codeFacts } from '../../factors/delivered-code.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import { told } from './factor.ts';
import type { StagePage } from './stage-page.ts';

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
    show: ({ step }) => {
      const { deliveredCode } = step.attempt;
      const masked = deliveredCode?.purpose === 'first-factor';
      const { unsent, ...sent } = codeFacts(deliveredCode, deps.now());
      const destination = deliveredCode?.destination ?? '';
      const sentTo = deliveredCode ? { sentTo: masked ? maskedEmail(destination) : destination } : {};
      const facts = { ...sentTo, masked, digits: deps.codeDigits, ...sent, ...(masked && unsent ? { unsent } : {}) };
      return { view: 'sign-in/confirm-mail', stage: 'confirm-mail', facts, ...told(sent) };
    },
  };
}
