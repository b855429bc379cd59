import type { Notices } from '../protection/notices.ts';
import type { Letters, Places } from './couriers.ts';
import type { Mailer } from './mailer.ts';

export function mailedNotices(deps: {
  readonly mailer: Mailer;
  readonly letters: Letters;
  readonly places: Places;
  /** Where people sign in. */
  readonly site: string;
  readonly report: (cause: unknown) => void;
}): Notices {
  return {
    async tell({ to, event, kind, count, actor, at, origin }) {
      try {
        const template = kind === undefined ? event : `${event}_${kind}`;
        const place = await deps.places.of(origin.address); // guard: notice-rough-place
        const where = { when: at.toISOString(), browser: origin.browser, place };
        const facts = { event: template, n: count, actor, site: deps.site, ...where };
        await deps.mailer.send({ to, ...(await deps.letters.mail('notice', facts)) });
      } catch (cause) {
        deps.report(cause);
      } // guard: notice-failure-undoes-nothing
    },
  };
}
