import type { Account, Accounts } from '../../accounts/account.ts';
import { canonicalIdentifier, foldedRecipient } from '../../accounts/identifier.ts';
import type { LinkMail } from '../../delivery/link-mail.ts';
import type { MailedLinks } from '../../delivery/links.ts';
import { defined } from '../../platform/defined.ts';
import type { Origin } from '../../platform/origin.ts';
import { type Events, eventSubject } from '../../protection/events.ts';
import type { SendBudget } from '../../protection/send-budget.ts';
import { invalid, type Outcome } from '../outcome.ts';
import { nobody } from './nobody.ts';

export interface ResetAsked {
  /** As it was typed. */
  readonly identifier?: string;
  readonly clientId: string;
  /** For the mail. */
  readonly clientName: string;
  readonly origin: Origin;
  /** The mark of the browser that asks. */
  readonly browser: string;
}

/** "Forgot your password?": changes nothing but which link works. */
export function askingReset(deps: {
  readonly accounts: Pick<Accounts, 'findByIdentifier'>;
  readonly links: Pick<MailedLinks, 'make'>;
  readonly sendBudget: SendBudget;
  readonly linkMail: LinkMail;
  readonly events: Events;
  readonly now: () => Date;
}) {
  /** One answer, one time and the same commands, whoever has the name and whatever may be sent (ASVS 6.3.8). Undefined: it was asked for. */
  return async function askReset(asked: ResetAsked): Promise<Outcome | undefined> {
    if (!asked.identifier?.trim()) return invalid('identifier', 'missing');
    const identifier = canonicalIdentifier(asked.identifier) ?? nobody;
    const named = await deps.accounts.findByIdentifier(identifier);
    const to = (await mayBeSent(asked, named?.email ?? identifier)) ? active(named) : undefined; // guard: reset-link-within-budget
    const link = await makeLink(asked, { to, address: named?.email ?? identifier });
    await record(asked, named);
    // Nobody waits for the mail: that an account is there must not be told by the time it takes.
    const { origin, clientName: client } = asked;
    if (to) void deps.linkMail({ to: to.email, purpose: 'reset', origin, client, ...link }); // guard: reset-mail-unawaited
    return undefined;
  };

  /** Every spelling and every name of a mailbox share its budget for what strangers set off. */
  async function mayBeSent({ origin, browser }: ResetAsked, address: string): Promise<boolean> {
    const send = { courier: 'mail', recipient: foldedRecipient(address), by: browser } as const;
    const { allowed } = await deps.sendBudget.take({ ...send, ...defined({ address: origin.address }) }, deps.now());
    return allowed;
  }

  /** Where nobody is sent it, nobody's link is made: the owner's own stays good. */
  function makeLink({ clientId }: ResetAsked, { to, address }: { to: Account | undefined; address: string }) {
    const { sessionVersion } = to ?? {};
    const whose = { accountId: to?.id, address, ...defined({ sessionVersion }) };
    return deps.links.make({ purpose: 'reset', clientId, ...whose });
  }

  function record({ clientId, origin }: ResetAsked, named: Account | undefined): Promise<void> {
    const who = eventSubject({ accountId: named?.id, clientId, origin });
    return deps.events.append({ at: deps.now(), kind: 'reset_asked', result: 'success', ...who });
  }
}

function active(account: Account | undefined): Account | undefined {
  return account?.active ? account : undefined; // guard: disabled-sent-no-reset
}
