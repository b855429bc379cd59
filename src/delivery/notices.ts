import type { Letters } from '../accounts/couriers.ts';
import type { Mailer } from '../accounts/mailer.ts';
import type { Notices } from '../protection/notices.ts';

export function mailedNotices(deps: {
  readonly mailer: Mailer;
  readonly letters: Letters;
  readonly report: (cause: unknown) => void;
}): Notices {
  return {
    async tell({ to, event, kind, actor, at, origin }) {
      try {
        const told = kind === undefined ? event : `${event}_${kind}`;
        const facts = { event: told, actor, when: at.toISOString(), browser: origin.browser, address: origin.address };
        await deps.mailer.send({ to, ...(await deps.letters.mail('notice', facts)) });
      } catch (cause) {
        deps.report(cause);
      }
    },
  };
}
