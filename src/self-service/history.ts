import type { Account, AccountId } from '../accounts/account.ts';
import type { Places } from '../delivery/couriers.ts';
import { defined } from '../platform/defined.ts';
import type { Event, EventKind } from '../protection/events.ts';
import { lookedBackMilliseconds } from './applications.ts';
import { eventKinds, hiddenDetails, isTold } from './told-kinds.ts';

/** The port to the audit record of one account. */
export interface HistoryEvents {
  /** Those of these kinds, the newest first, at most so many; also what a sign-in told that is on its way to the record. */
  newest(asked: {
    readonly accountId: AccountId;
    readonly kinds: readonly EventKind[];
    readonly notDetails: readonly string[];
    readonly from: Date;
    readonly before: Date;
    readonly most: number;
  }): Promise<readonly Event[]>;
}

/** An event as its owner sees it: with a rough place, because a history is also read by whoever looks over a shoulder. */
export interface Told extends Pick<Event, 'at' | 'kind' | 'result' | 'detail' | 'browser'> {
  /** The name of the client, or its id where it is registered no more. */
  readonly app?: string;
  readonly place?: string;
  /** Somebody else did it: whoever administers the installation. */
  readonly byOther: boolean;
}

export interface History {
  readonly told: readonly Told[];
  /** Where the next page begins; absent where nothing older is told. */
  readonly older?: Date;
}

export interface OwnHistory {
  /** What happened in the last 90 days, before this time, the newest first. */
  list(account: Account, before?: Date): Promise<History>;
}

export const perPage = 50;

/** What happened to a person's own account (ASVS 6.3.7). */
export function ownHistory(deps: {
  readonly history: HistoryEvents;
  readonly places: Places;
  readonly clientOf: (clientId: string) => { readonly name: string } | undefined;
  readonly now: () => Date;
}): OwnHistory {
  const kinds = eventKinds.filter(isTold);

  async function told({ at, kind, result, detail, browser, clientId, address, actor }: Event): Promise<Told> {
    const app = clientId === undefined ? undefined : (deps.clientOf(clientId)?.name ?? clientId);
    const place = await deps.places.of(address); // guard: history-rough-place
    return { at, kind, result, byOther: actor !== undefined, ...defined({ detail, browser, app, place }) };
  }

  return {
    async list({ id: accountId }, before) {
      const now = deps.now();
      const from = new Date(now.getTime() - lookedBackMilliseconds); // guard: history-ninety-days
      const asked = { accountId, kinds, notDetails: hiddenDetails, from, before: before ?? later(now) };
      const { events, older } = paged(await deps.history.newest({ ...asked, most: perPage + 1 }));
      return { told: await Promise.all(events.map(told)), ...defined({ older }) };
    },
  };
}

/** A page ends between two moments, so that the next one begins with a time alone: what happened in one moment stays together. */
function paged(found: readonly Event[]): { readonly events: readonly Event[]; readonly older?: Date } {
  const first = found[perPage];
  if (!first) return { events: found };
  const whole = found.filter(({ at }) => at > first.at);
  return whole.length > 0 ? { events: whole, older: later(first.at) } : { events: found, older: first.at };
}

function later(time: Date): Date {
  return new Date(time.getTime() + 1);
}
