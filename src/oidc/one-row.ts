import Provider from 'oidc-provider';
import { randomId } from '../platform/random.ts';
import type { KeptSession, SessionRecord } from '../sign-in/sessions.ts';

interface LibrarySession {
  kept?: KeptSession;
  id: string;
  uid: string;
  touched?: boolean;
  save(seconds: number): Promise<unknown>;
}

const byRequest = new WeakMap<object, LibrarySession>();

/**
 * A session is one row with its record, and its id rotates by the one update that saves it: the library would end the old
 * row and copy it into a new one, which revives what was ended meanwhile.
 */
export function keepOneRow({ Session }: Provider): void {
  Object.defineProperty(Session, 'IN_PAYLOAD', { value: [...Session.IN_PAYLOAD, 'kept'] });
  const { save } = Session.prototype as unknown as LibrarySession;
  const own: ThisType<LibrarySession> = {
    resetIdentifier() {
      this.id = randomId(32); // guard: session-id-rotates
      this.touched = true;
    },
    save(seconds: number) {
      this.kept ??= {};
      return save.call(this, seconds);
    },
  };
  Object.assign(Session.prototype, own);
  const { findByUid } = Session as unknown as { findByUid(uid: string): Promise<LibrarySession | undefined> };
  const noted = async (uid: string) => {
    const found = await findByUid.call(Session, uid);
    const ctx = Provider.ctx;
    if (found && ctx) byRequest.set(ctx, found);
    return found;
  };
  Object.assign(Session, { findByUid: noted });
}

export function keptOf(session: object): KeptSession | undefined {
  return (session as LibrarySession).kept;
}

/** The record begins when the library saves this session. */
export function beginKept(session: object, record: SessionRecord): void {
  const own = session as LibrarySession;
  own.kept = { ...own.kept, record, begun: true };
}

/** What the library has read already of this session in this request; undefined: it has not read it. */
export function readByUid(ctx: object, uid: string): KeptSession | undefined {
  const session = byRequest.get(ctx);
  return session?.uid === uid ? session.kept : undefined;
}
