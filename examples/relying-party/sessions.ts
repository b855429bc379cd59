import { randomBytes } from 'node:crypto';
import type { Context } from 'koa';
import type { Person, Secrets } from './provider.ts';

/** What this application remembers of one browser. `pending` by state, so that two tabs can sign in side by side. */
export interface BrowserSession {
  readonly pending: Map<string, Secrets>;
  readonly person?: Person;
}

interface Stored extends BrowserSession {
  readonly endsAt: number;
}

const lifetimeMs = 3_600_000;
const mostPending = 10;
const mostSessions = 10_000;

/** Sessions in memory, found by a random cookie. A real application keeps them where a restart does not lose them. */
export function browserSessions({ secure }: { readonly secure: boolean }) {
  const sessions = new Map<string, Stored>();
  // Cookies know no ports: on localhost the name has to differ from those of the neighbours.
  const name = secure ? '__Host-twofold_demo' : 'twofold_demo';
  const cookie = { httpOnly: true, sameSite: 'lax', secure, path: '/', overwrite: true } as const;

  function find(ctx: Context): BrowserSession | undefined {
    const stored = sessions.get(ctx.cookies.get(name) ?? '');
    return stored !== undefined && stored.endsAt > Date.now() ? stored : undefined;
  }

  function create(ctx: Context, person?: Person): BrowserSession {
    const id = randomBytes(32).toString('base64url');
    const session = { pending: new Map(), endsAt: Date.now() + lifetimeMs, ...(person && { person }) };
    sessions.set(id, session);
    dropOldest(sessions, mostSessions);
    ctx.cookies.set(name, id, cookie);
    return session;
  }

  function end(ctx: Context): void {
    sessions.delete(ctx.cookies.get(name) ?? '');
    ctx.cookies.set(name, null, cookie);
  }

  return {
    find,
    end,
    /** Wherever they are signed in: without the browser, which sees it at its next visit. */
    endOf(over: (person: Person) => boolean): void {
      for (const [id, { person }] of sessions) if (person && over(person)) sessions.delete(id);
    },
    /** The session of this browser, begun when there is none. */
    open(ctx: Context): BrowserSession {
      const session = find(ctx) ?? create(ctx);
      dropOldest(session.pending, mostPending - 1);
      return session;
    },
    /** A new id for every sign-in: an id that somebody planted before is worth nothing after it (session fixation). */
    renew(ctx: Context, person: Person): void {
      const pending = find(ctx)?.pending ?? [];
      end(ctx);
      const session = create(ctx, person);
      for (const [state, secrets] of pending) session.pending.set(state, secrets);
    },
  };
}

/** A Map keeps its keys in the order in which they came. */
function dropOldest(map: Map<string, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}
