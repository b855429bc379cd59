import { randomId } from '../platform/random.ts';
import { isDeniable, type Notice, type Notices } from '../protection/notices.ts';
import type { Letters, Places } from './couriers.ts';
import type { MailedLinks } from './links.ts';
import type { Mailer } from './mailer.ts';

export function mailedNotices(deps: {
  readonly mailer: Mailer;
  readonly letters: Letters;
  readonly places: Places;
  /** Where people sign in. */
  readonly site: string;
  readonly links: Pick<MailedLinks, 'make'>;
  readonly report: (cause: unknown) => void;
}): Notices {
  return {
    async tell(notice) {
      const { to, event, kind, count, actor, at, origin } = notice;
      try {
        const template = kind === undefined ? event : `${event}_${kind}`;
        const place = await deps.places.of(origin.address); // guard: notice-rough-place
        const where = { when: at.toISOString(), browser: origin.browser, place };
        const url = isDeniable(notice) ? await linkOf(notice) : undefined;
        const facts = { event: template, n: count, actor, site: deps.site, url, ...where };
        await deps.mailer.send({ to, ...(await deps.letters.mail('notice', facts)) });
      } catch (cause) {
        deps.report(cause);
      } // guard: notice-failure-undoes-nothing
    },
  };

  /**
   * Each notice has a link of its own, so that a later one takes none away. It is not bound to the account's sessionVersion:
   * whoever took an account over could end the owner's way back by signing everybody else out. Without a database the notice
   * goes out all the same.
   */
  async function linkOf({ to: address, accountId }: Notice): Promise<string | undefined> {
    try {
      return (await deps.links.make({ purpose: 'not_me', accountId, address, subject: randomId() })).url; // guard: notice-own-link
    } catch (cause) {
      deps.report(cause);
      return undefined; // guard: linkless-notice-sent
    }
  }
}
