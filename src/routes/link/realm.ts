import type { Context } from 'koa';
import type { Account, Accounts } from '../../accounts/account.ts';
import { stillProved } from '../../accounts/still-proved.ts';
import type { Link, LinkPurpose, MailedLinks, ShownLink } from '../../delivery/links.ts';
import type { openedLinks } from '../../http/cookies/opened-link.ts';
import { originOf } from '../../http/origin.ts';
import { defined } from '../../platform/defined.ts';
import type { Origin } from '../../platform/origin.ts';
import { Problem } from '../../platform/problem.ts';
import { post } from '../forms/contract.ts';
import { seeOther } from '../forms/dispatch.ts';
import type { Realm } from '../forms/realm.ts';

/** One request of a browser that opened a mailed link which leads on. */
export interface LinkVisit {
  readonly shown: ShownLink;
  readonly link: Link;
  readonly account: Account;
  readonly origin: Origin;
}

export interface LinkRealmDeps {
  readonly openedLinks: ReturnType<typeof openedLinks>;
  readonly links: Pick<MailedLinks, 'find'>;
  readonly accounts: Pick<Accounts, 'find'>;
}

/** The clean address of a purpose, and what is below it: no token stands in any of them. */
export function linkPath(purpose: LinkPurpose, path = ''): string {
  return path === '' ? `/link/${purpose}` : `/link/${purpose}/${path}`;
}

/** Unknown, spent, old and ended links are told alike. */
export function linkEnded(): Problem {
  return new Problem('link_ended', 410);
}

/** The link that this browser opened last, as it shows it. */
export function shownIn(
  { openedLinks }: Pick<LinkRealmDeps, 'openedLinks'>,
  ctx: Context,
  purpose: LinkPurpose,
): ShownLink {
  const opened = openedLinks.read(ctx, purpose);
  if (!opened) throw linkEnded(); // guard: link-needs-own-cookie
  return { purpose, ...opened };
}

/** Forms are bound to the browser that opened the link, and to nothing that stands in its mail. */
export function formsOf({ shown: { purpose, holder } }: Pick<LinkVisit, 'shown'>): string {
  return `link:${purpose}:${holder}`; // guard: link-form-own-browser
}

/** Pages of one purpose: for whoever opened a link that is neither over nor another browser's. Opening it, and any GET, changes nothing. */
export function linkRealm(purpose: LinkPurpose, deps: LinkRealmDeps): Realm<LinkVisit> {
  const address = (path: string) => linkPath(purpose, path);
  return {
    address,
    pageOf: (_ctx, page) => address(page?.path ?? ''),

    async admit(ctx) {
      const shown = shownIn(deps, ctx, purpose);
      const link = await deps.links.find(shown);
      const account = link && (await deps.accounts.find(link.accountId));
      if (!link || !account) throw linkEnded(); // guard: link-leads-on
      const { accountId, sessionVersion = account.sessionVersion } = link;
      if (!stillProved(account, { accountId, sessionVersion })) throw linkEnded(); // guard: link-of-account-as-mailed
      return { shown, link, account, origin: originOf(ctx) };
    },

    proved: async () => true,
    formsOf,
    addressOf: ({ origin }) => origin.address,
    goOn: async (ctx, _visit, answer) => seeOther(ctx, (answer.outcome === 'done' && answer.to) || address('')),

    /** Of the account nothing that the link's mail did not tell. */
    dress(_ctx, visit, { page, shown, errors = shown.errors }) {
      const posts = page.forms.map((form) => post(form, visit, form.name, address(form.path)));
      const actions = [...posts, ...(shown.links ?? [])].filter(({ name }) => !shown.closed?.includes(name));
      return {
        facts: {},
        values: {},
        actions,
        account: shown.account ?? visit.link.address,
        ...defined({ notice: shown.notice, errors }),
      };
    },
  };
}
