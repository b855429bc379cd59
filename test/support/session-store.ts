import type { ChangedSessions } from '../../src/protection/carry-out.ts';
import type { SessionRecord, Sessions } from '../../src/sign-in/sessions.ts';
import type { Database } from '../../src/storage/connection.ts';
import { mongoSessions } from '../../src/storage/sessions.ts';

/** Records begin where the library saves its session; here one is put in its place without the library's half. */
export type SessionStore = Sessions & ChangedSessions & { save(record: SessionRecord): Promise<void> };

export function sessionStore(db: Database): SessionStore {
  const rows = db.connection.collection<{ _id: string }>('oidc');
  return {
    ...mongoSessions(db),
    async save({ id, ...record }) {
      await rows.replaceOne({ _id: id }, { ...record, model: 'Session' }, { upsert: true });
    },
  };
}
