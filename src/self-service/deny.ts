import type { Account, AccountId } from '../accounts/account.ts';
import type { Link, MailedLinks, ShownLink } from '../delivery/links.ts';
import { hashId } from '../platform/hash.ts';
import type { Origin } from '../platform/origin.ts';
import type { CarryOut } from '../protection/carry-out.ts';

/** The port to the counters that "This was not me" raises. */
export interface Denials {
  /** Once for each link, however often it is asked for; answers the account as it is then. Undefined: it is gone. */
  raise(denial: { readonly accountId: AccountId; readonly link: string }): Promise<Account | undefined>;
}

export type Deny = ReturnType<typeof denying>;

/**
 * "This was not me": whoever reads the account's mail ends everything that stands in its name, and gets nothing by it. False:
 * another browser has pressed the button.
 */
export function denying(deps: {
  readonly denials: Denials;
  readonly links: Pick<MailedLinks, 'take'>;
  readonly carryOut: CarryOut;
}) {
  return async function deny(shown: ShownLink, link: Link, origin: Origin): Promise<boolean> {
    // Before the link is spent: a process that dies in between leaves a link whose button does the rest.
    const account = await deps.denials.raise({ accountId: link.accountId, link: hashId(shown.token) });
    const taken = await deps.links.take(shown);
    if (!account || !taken) return false;
    if (taken.first) await deps.carryOut({ change: 'not_me', account, origin, alsoTo: [link.address] }); // guard: denied-once
    return true;
  };
}
