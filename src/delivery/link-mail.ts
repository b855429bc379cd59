import { defined } from '../platform/defined.ts';
import type { Origin } from '../platform/origin.ts';
import type { Letters, Places } from './couriers.ts';
import type { LinkPurpose } from './links.ts';
import type { Mailer } from './mailer.ts';

export interface MailedLink {
  /** Canonical. */
  readonly to: string;
  readonly purpose: LinkPurpose;
  readonly url: string;
  readonly expiresAt: Date;
  readonly origin: Origin;
  /** The name of the client that it was asked for at. */
  readonly client?: string;
  /** Who had it sent, where nobody asked for it on a page. */
  readonly actor?: string;
}

/** False: it could not be handed over, which was reported. */
export type LinkMail = (link: MailedLink) => Promise<boolean>;

/** The mail of a link: what it is for, how long it works, where it was asked for and what comes next. */
export function linkMail(deps: {
  readonly mailer: Mailer;
  readonly letters: Letters;
  readonly places: Places;
  /** Where people sign in. */
  readonly site: string;
  readonly report: (cause: unknown) => void;
  readonly now: () => Date;
}): LinkMail {
  return async ({ to, purpose, url, expiresAt, origin, client, actor }) => {
    try {
      const hours = Math.round((expiresAt.getTime() - deps.now().getTime()) / 3_600_000);
      const place = await deps.places.of(origin.address); // guard: link-mail-rough-place
      const when = deps.now().toISOString();
      const facts = {
        url,
        site: deps.site,
        n: hours,
        when,
        browser: origin.browser,
        place,
        ...defined({ client, actor }),
      };
      await deps.mailer.send({ to, ...(await deps.letters.mail(`${purpose}-link`, facts)) });
      return true;
    } catch (cause) {
      // guard: link-mail-failure-untold
      deps.report(cause);
      return false;
    }
  };
}
