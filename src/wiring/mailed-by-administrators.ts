import type { MailLink } from '../accounts/administration.ts';
import type { LinkMail } from '../delivery/link-mail.ts';
import type { MailedLinks } from '../delivery/links.ts';
import { type Events, eventSubject } from '../protection/events.ts';

/** A link for a new password, or for the first one, that nobody asked for on a page: it goes to the account's address and is shown nowhere. */
export function mailingLinks(deps: {
  readonly links: Pick<MailedLinks, 'make'>;
  readonly linkMail: LinkMail;
  readonly events: Events;
  readonly now: () => Date;
}): MailLink {
  return async ({ account: { id: accountId, email, passwordHash, sessionVersion }, actor, origin }) => {
    const purpose = passwordHash === undefined ? 'invite' : 'reset';
    const link = await deps.links.make({ purpose, accountId, address: email, sessionVersion });
    const who = eventSubject({ accountId, actor, origin });
    await deps.events.append({ at: deps.now(), kind: 'reset_asked', result: 'success', detail: purpose, ...who });
    return deps.linkMail({ to: email, purpose, origin, actor, ...link });
  };
}
