import { deliveredCodeDigits } from '../../accounts/addresses.ts';
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
      const { deliveredCode } = step.attempt;
      const masked = deliveredCode?.purpose === 'first-factor';
      const shown = { view: 'sign-in/confirm-mail', stage: 'confirm-mail' };
      if (!deliveredCode)
        return { ...shown, facts: { masked, digits: deliveredCodeDigits, secondsToNextSend: 0, secondsToEnd: 0 } };
      const facts = {
        sentTo: masked ? maskedEmail(deliveredCode.destination) : deliveredCode.destination,
        masked,
        digits: deliveredCodeDigits,
        nextSendAt: deliveredCode.nextSendAt.toISOString(),
        codeEndsAt: deliveredCode.expiresAt.toISOString(),
        secondsToNextSend: secondsUntil(deliveredCode.nextSendAt, deps.now()),
        secondsToEnd: secondsUntil(deliveredCode.expiresAt, deps.now()),
      };
      return {
        ...shown,
        facts,
        ...(deliveredCode.undelivered ? { errors: [{ field: '', code: 'send_failed' }] } : {}),
        ...(deliveredCode.newer && !deliveredCode.undelivered ? { notice: { code: 'code_sent' } } : {}),
      };
    },
  };
}
