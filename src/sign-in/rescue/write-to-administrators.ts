import type { Administrators } from '../../delivery/administrators.ts';
import { defined } from '../../platform/defined.ts';
import type { Counters } from '../../protection/counters.ts';
import { type Events, eventSubject } from '../../protection/events.ts';
import { type Slots, takeSlot } from '../../protection/slots.ts';
import type { SignInStep } from '../outcome.ts';

const hour = 3_600_000;

/** Of one account, and of all: whoever registers many accounts must not fill the administrators' mailbox through them. */
const ofAccount = (id: string): Slots => ({ key: `help:${id}`, limit: 3, milliseconds: hour }); // guard: help-three-an-hour
const ofAll = { limit: 60, milliseconds: hour };

export function writingToAdministrators(deps: {
  readonly administrators: Administrators;
  readonly counters: Counters;
  readonly events: Events;
  readonly now: () => Date;
}) {
  /** Past a limit nothing is sent, and nothing is told of that. */
  return async function writeToAdministrators({ account, attempt, origin }: SignInStep): Promise<void> {
    if (!account) return;
    const at = deps.now();
    if (!(await takeSlot(deps.counters, ofAccount(account.id), at))) return; // guard: help-limit-sends-nothing
    if (!(await deps.counters.take('help', ofAll, at)).within) return; // guard: help-limited-in-all
    const { id: accountId, email: address, username } = account;
    const { clientId } = attempt;
    const event = { at, kind: 'help_asked', result: 'success' } as const;
    await deps.events.append({ ...event, ...eventSubject({ accountId, clientId, origin }) });
    await deps.administrators.write({ address, at, origin, ...defined({ username }) });
  };
}
