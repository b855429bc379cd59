import { z } from 'zod';
import { browserName } from '../../http/browser-name.ts';
import { defined } from '../../platform/defined.ts';
import type { Elsewhere } from '../../self-service/sessions-elsewhere.ts';
import { secondsUntil } from '../../sign-in/outcome.ts';
import type { SessionRecord } from '../../sign-in/sessions.ts';
import { done, form, fresh } from '../forms/contract.ts';
import { type AccountVisit, postTo, type Section } from './page.ts';

const input = z.object({});

const facts = z.object({
  /** This one first. */
  sessions: z.array(
    z.object({
      id: z.string(),
      current: z.boolean(),
      browser: z.string().exactOptional(),
      system: z.string().exactOptional(),
      address: z.string().exactOptional(),
      signedInAt: z.iso.datetime(),
      lastSeenAt: z.iso.datetime(),
      secondsUnseen: z.int(),
    }),
  ),
});

/** Where the account is signed in, and the ways to end that. */
export function sessionsSection({
  elsewhere,
  signOut,
  now,
}: {
  readonly elsewhere: Elsewhere;
  /** Address of the page that asks whether to sign out here. */
  readonly signOut: string;
  readonly now: () => Date;
}): Section<typeof facts> {
  const endOne = form({
    name: 'end-session',
    path: 'sessions/:id/end',
    guard: fresh('end_session'),
    input,
    async act({ account, params: { id = '' }, origin }: AccountVisit) {
      return done((await elsewhere.end(account, id, origin)) ? 'session_ended' : 'session_gone');
    },
  });
  const endOthers = form({
    name: 'end-others',
    path: 'sessions/end-others',
    guard: fresh('end_others'),
    input,
    async act(visit: AccountVisit) {
      return done((await elsewhere.endOthers(visit)) ? 'sessions_ended' : 'account_moved');
    },
  });
  return {
    facts,
    forms: [endOne, endOthers],
    async show({ account, session }) {
      const all = await elsewhere.list(account);
      const others = all.filter(({ id }) => id !== session.id);
      const own = all.filter(({ id }) => id === session.id);
      return {
        facts: { sessions: [...own, ...others].map((each) => shown(each, session, now())) },
        actions: [
          ...others.map(({ id }) => postTo(endOne, `end-session ${id}`, { id })),
          ...(others.length > 0 ? [postTo(endOthers, 'end-others')] : []),
          { name: 'sign-out', method: 'GET', href: signOut, fields: [] },
        ],
      };
    },
  };
}

function shown({ id, signedInAt, lastSeen, browser, address }: SessionRecord, session: SessionRecord, now: Date) {
  return {
    id,
    current: id === session.id,
    ...browserName(browser),
    ...defined({ address }),
    signedInAt: signedInAt.toISOString(),
    lastSeenAt: lastSeen.toISOString(),
    secondsUnseen: secondsUntil(now, lastSeen),
  };
}
