import type { Log } from '../platform/log.ts';
import { type Events, eventSubject } from '../protection/events.ts';

/** A client that has to be told that a session is over. */
export interface Logout {
  readonly id: string;
  readonly accountId: string;
  readonly clientId: string;
  /** What the client knows the session by: its own word for it, told to no other client. */
  readonly sid: string;
  /** How often it was tried, this time included. */
  readonly tries: number;
}

/** What became of one try. 'refused': the client does not take the token. The others are told again later. */
export type LogoutAnswer = 'done' | 'refused' | 'timeout' | 'connection' | 'address' | 'redirect' | 'status';

export type SendLogout = (address: string, token: string) => Promise<LogoutAnswer>;

/** The port to what waits to be told. */
export interface LogoutQueue {
  /** Takes the one that is due longest, of any client but these, and holds it until then: to one caller of any number of processes. */
  take(due: {
    readonly now: Date;
    readonly heldUntil: Date;
    readonly notOf: readonly string[];
  }): Promise<Logout | undefined>;
  /** Lets it be due again; nothing if somebody else has taken it since. */
  putBack(logout: Logout, dueAt: Date): Promise<void>;
  remove(logout: Logout): Promise<void>;
}

interface Deps {
  readonly queue: LogoutQueue;
  /** Undefined: this client wants to be told of nothing (any more). */
  readonly addressOf: (clientId: string) => string | undefined;
  readonly tokenFor: (logout: Logout) => Promise<string | undefined>;
  readonly send: SendLogout;
  readonly events: Pick<Events, 'appendOnce'>;
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>;
  readonly now: () => Date;
}

const [second, minute, hour] = [1000, 60_000, 3_600_000];

/** After the first try, the second, and so on; after the one that follows the last of these it is given up: some seven hours. */
const waits = [10 * second, 30 * second, 2 * minute, 10 * minute, 30 * minute, hour, 2 * hour, 3 * hour];

/** Longer than a try takes: what a process took and did not end, because it was killed, is due again then. */
const holdMilliseconds = 30 * second;

/** At once, in one process: of all clients, of one, and of one that did not answer when it was last told. So clients that stall leave room for others. */
const most = { all: 16, ofClient: 4, ofSilent: 1 };

/** Tells clients of sessions that are over, several at once. What is due is told by whichever process takes it first. */
export function tellingClients(deps: Deps) {
  const running = new Map<Promise<void>, string>();
  const silent = new Set<string>();
  let [asked, stopped] = [false, false];
  let beginning: Promise<void> | undefined;

  function begin(): Promise<void> {
    asked = true;
    beginning ??= takeAll();
    return beginning;
  }

  /** Whoever got free while the queue was asked has it asked once more. */
  async function takeAll(): Promise<void> {
    try {
      for (; asked && !stopped; await takeDue()) asked = false;
    } finally {
      beginning = undefined;
    }
  }

  async function takeDue(): Promise<void> {
    while (!stopped && running.size < most.all) {
      const now = deps.now();
      const heldUntil = new Date(now.getTime() + holdMilliseconds);
      const taken = await deps.queue.take({ now, heldUntil, notOf: busy() });
      if (!taken) return;
      const told: Promise<void> = tell(deps, taken, silent)
        .finally(() => running.delete(told))
        .then(begin)
        .catch((error) => deps.log.error({ err: error }, 'back-channel logout'));
      running.set(told, taken.clientId);
    }
  }

  function busy(): readonly string[] {
    const clients = [...running.values()];
    const mostOf = (id: string) => (silent.has(id) ? most.ofSilent : most.ofClient); // guard: logout-silent-share
    return [...new Set(clients)].filter((id) => clients.filter((one) => one === id).length >= mostOf(id)); // guard: logout-client-share
  }

  return {
    /** Begins with all that is due; what gets free goes on with what is due by then. */
    begin,

    /** Settles when nothing is due and nothing under way. */
    async tellDue(): Promise<void> {
      do {
        await begin();
        await Promise.all(running.keys());
      } while (running.size > 0);
    },

    /** Begins no other; settles when those under way are told. */
    async stop(): Promise<void> {
      stopped = true;
      await beginning?.catch(() => {});
      await Promise.all(running.keys());
    },
  };
}

async function tell(deps: Deps, logout: Logout, silent: Set<string>): Promise<void> {
  const { queue, log, now } = deps;
  const { clientId, tries } = logout;
  const address = deps.addressOf(clientId);
  const token = address === undefined ? undefined : await deps.tokenFor(logout);
  if (address === undefined || token === undefined) return queue.remove(logout);
  const answer = await deps.send(address, token);
  const final = answer === 'done' || answer === 'refused';
  if (final) silent.delete(clientId);
  else silent.add(clientId);
  const wait = waits[tries - 1];
  if (!final && wait !== undefined) {
    log.info({ clientId, tries, answer }, 'back-channel logout is told again later');
    return queue.putBack(logout, new Date(now().getTime() + wait));
  }
  if (answer !== 'done') await giveUp(deps, logout, answer);
  return queue.remove(logout);
}

async function giveUp({ events, log, now }: Deps, { id, accountId, clientId, tries }: Logout, answer: LogoutAnswer) {
  log.warn({ clientId, tries, answer }, 'back-channel logout failed: the client keeps its visitor signed in');
  const who = eventSubject({ accountId, clientId, origin: {} });
  const event = { at: now(), kind: 'back_channel_logout', result: 'failure', detail: answer, ...who } as const;
  await events.appendOnce(`${id}:back_channel_logout`, event);
}
