import { browserName } from '../../http/browser-name.ts';
import { defined } from '../../platform/defined.ts';
import { secondsUntil } from '../../sign-in/outcome.ts';
import type { SessionRecord } from '../../sign-in/sessions.ts';
import type { Elsewhere } from '../../sign-in/signed-in-elsewhere.ts';
import { type AccountPost, done, postTo, type Section } from './page.ts';

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
}): Section {
  const endOne: AccountPost = {
    name: 'end-session',
    path: 'sessions/:id/end',
    proof: { change: 'end_session' },
    fields: [],
    async act({ account, params: { id = '' }, origin }) {
      return done((await elsewhere.end(account, id, origin)) ? 'session_ended' : 'session_gone');
    },
  };
  const endOthers: AccountPost = {
    name: 'end-others',
    path: 'sessions/end-others',
    proof: { change: 'end_others' },
    fields: [],
    async act(visit) {
      return done((await elsewhere.endOthers(visit)) ? 'sessions_ended' : 'account_moved');
    },
  };
  return {
    posts: [endOne, endOthers],
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
