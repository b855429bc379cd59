import { mailCodeDigits } from '../../accounts/addresses.ts';
import { maskedEmail } from '../../accounts/identifier.ts';
import { secondsUntil } from '../../sign-in/outcome.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import type { StagePage } from './stage-page.ts';

export function confirmMailPage(
  deps: Pick<SignIn, 'confirmMail' | 'sendAnother'> & { readonly now: () => Date },
): StagePage {
  return {
    stages: ['confirm-mail'],
    kept: [],
    posts: [
      {
        name: 'confirm',
        path: 'confirm-mail',
        fields: () => ['code'],
        act: ({ step }, form) => deps.confirmMail(step, form),
      },
      { name: 'send', path: 'confirm-mail/send', fields: () => [], act: ({ step }) => deps.sendAnother(step) },
    ],
    show: ({ step }) => {
      const { mailCode } = step.attempt;
      const masked = mailCode?.purpose === 'first-factor';
      const shown = { view: 'sign-in/confirm-mail', stage: 'confirm-mail' };
      if (!mailCode)
        return { ...shown, facts: { masked, digits: mailCodeDigits, secondsToNextSend: 0, secondsToEnd: 0 } };
      const facts = {
        sentTo: masked ? maskedEmail(mailCode.destination) : mailCode.destination,
        masked,
        digits: mailCodeDigits,
        nextSendAt: mailCode.nextSendAt.toISOString(),
        codeEndsAt: mailCode.expiresAt.toISOString(),
        secondsToNextSend: secondsUntil(mailCode.nextSendAt, deps.now()),
        secondsToEnd: secondsUntil(mailCode.expiresAt, deps.now()),
      };
      return {
        ...shown,
        facts,
        ...(mailCode.undelivered ? { errors: [{ field: '', code: 'send_failed' }] } : {}),
        ...(mailCode.newer && !mailCode.undelivered ? { notice: { code: 'code_sent' } } : {}),
      };
    },
  };
}
