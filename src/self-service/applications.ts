import type { Account, AccountId } from '../accounts/account.ts';
import { timesRevoked } from '../accounts/revocation.ts';
import type { CarryOut } from '../protection/carry-out.ts';
import type { Changer } from './account-change.ts';

/** One thing that is known of a client and an account. */
export interface GivenApplication {
  readonly clientId: string;
  /** Of a consent: what was allowed. */
  readonly scopes?: readonly string[];
  readonly since: Date;
  readonly lastUsedAt?: Date;
  /** It holds or may ask for something; false: somebody only signed in to it. */
  readonly holds: boolean;
}

export interface GivenApplications {
  list(asked: {
    readonly accountId: AccountId;
    /** How far back sign-ins are looked at. */
    readonly since: Date;
    readonly now: Date;
  }): Promise<readonly GivenApplication[]>;
}

/** The port to what a person allowed a client; what is not there needs no taking away. */
export interface WithdrawnConsents {
  withdraw(consent: { readonly accountId: AccountId; readonly clientId: string }): Promise<void>;
}

/** The port to how often a client's access was taken away (accounts/revocation). */
export interface Revocations {
  /** Once more, where it was so many `times` when it was read; answers the active account as it is then, to exactly one caller. */
  raise(read: {
    readonly accountId: AccountId;
    readonly clientId: string;
    readonly times: number;
  }): Promise<Account | undefined>;
}

/** A client of the configuration, as far as people are told of it. */
export interface KnownClient {
  readonly name: string;
  readonly firstParty: boolean;
  readonly scopes: readonly string[];
}

export interface Application {
  readonly clientId: string;
  readonly name: string;
  /** It is let in without asking, so nothing stops it from coming back. */
  readonly firstParty: boolean;
  /** What it may be told. */
  readonly scopes: readonly string[];
  readonly since: Date;
  readonly lastUsedAt?: Date;
  readonly revocable: boolean;
}

export interface Applications {
  /** What this account allowed something or signed in to, the last used first. */
  list(account: Account): Promise<readonly Application[]>;
  /** Ends what it holds, and what was allowed. False: it has nothing, or another request came first. */
  revoke(who: Changer, clientId: string): Promise<boolean>;
}

/** As far back as the history goes. */
export const lookedBackMilliseconds = 90 * 86_400_000;

/** What clients hold in a person's name, and how that ends (ASVS 10.7.3). */
export function givenApplications(deps: {
  readonly applications: GivenApplications;
  readonly revocations: Revocations;
  readonly consents: WithdrawnConsents;
  /** Undefined: it is registered no more. */
  readonly clientOf: (clientId: string) => KnownClient | undefined;
  /** The account area itself. */
  readonly ownClientId: string;
  readonly carryOut: CarryOut;
  readonly now: () => Date;
}): Applications {
  async function list({ id: accountId }: Account): Promise<readonly Application[]> {
    const now = deps.now();
    const since = new Date(now.getTime() - lookedBackMilliseconds);
    const found = await deps.applications.list({ accountId, since, now });
    const byClient = Map.groupBy(
      found.filter(({ clientId }) => clientId !== deps.ownClientId),
      ({ clientId }) => clientId,
    );
    const all = [...byClient].map(([clientId, given]) => joined(clientId, given, deps.clientOf(clientId)));
    return all.sort((one, other) => lastOf(other) - lastOf(one));
  }

  return {
    list,

    /**
     * In this order: first nothing that was given before counts, whatever a request in flight saves; then the client has to ask
     * again; then what it holds is gone. One that was cut off is listed still, and is finished by the next try.
     */
    async revoke({ account, origin }, clientId) {
      const listed = (await list(account)).find((application) => application.clientId === clientId);
      if (!listed?.revocable) return false;
      const { id: accountId } = account;
      const times = timesRevoked(account, clientId);
      const raised = await deps.revocations.raise({ accountId, clientId, times });
      if (!raised) return false;
      await deps.consents.withdraw({ accountId, clientId });
      await deps.carryOut({ change: 'application_revoked', account: raised, origin, clientId });
      return true;
    },
  };
}

function joined(clientId: string, given: readonly GivenApplication[], client: KnownClient | undefined): Application {
  const allowed = given.flatMap(({ scopes = [] }) => scopes);
  const registered = client?.scopes ?? allowed;
  // One of our own is told what it is registered for; another no more than that, and no more than was allowed.
  const scopes = client?.firstParty ? registered : registered.filter((scope) => allowed.includes(scope));
  const uses = given.flatMap(({ lastUsedAt }) => (lastUsedAt ? [lastUsedAt.getTime()] : []));
  return {
    clientId,
    name: client?.name ?? clientId,
    firstParty: client?.firstParty === true,
    scopes,
    since: new Date(Math.min(...given.map(({ since }) => since.getTime()))),
    ...(uses.length > 0 ? { lastUsedAt: new Date(Math.max(...uses)) } : {}),
    revocable: given.some(({ holds }) => holds),
  };
}

function lastOf({ lastUsedAt, since }: Application): number {
  return (lastUsedAt ?? since).getTime();
}
