import { type MailedLinks, mailedLinks } from '../delivery/links.ts';
import { changePasswordPath } from '../routes/account/password.ts';
import { notMePage } from '../routes/link/not-me.ts';
import type { LinkDeps } from '../routes/link/open.ts';
import { denying } from '../self-service/deny.ts';
import { mongoLinks } from '../storage/links.ts';
import type { Base } from './base.ts';
import { resetLinkPages } from './reset.ts';
import type { Rooms } from './rooms.ts';

/** Links in mails: made, found and spent. */
export function linksOf({ config: { issuer }, database, now }: Pick<Base, 'config' | 'database' | 'now'>): MailedLinks {
  return mailedLinks({ links: mongoLinks(database), issuer, now });
}

/** What their pages are made of. */
export function linkPages(rooms: Rooms): LinkDeps {
  const { base, core, cookies, limits, links } = rooms;
  const { renderer, now } = base;
  const deny = denying({ ...core, links });
  const pages = { ...resetLinkPages(rooms), not_me: [notMePage({ deny, newPassword: changePasswordPath })] };
  return { ...cookies, ...limits, renderer, links, accounts: core.accounts, pages, now };
}
