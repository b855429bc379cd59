import type { Consents, SessionRecord } from '../../../src/sign-in/sessions.ts';
import type { SessionStore } from '../session-store.ts';

/** Passes the same contract as storage/sessions. */
export function memorySessions(): SessionStore {
  const rows = new Map<string, SessionRecord>();
  return {
    async save(record) {
      const { id, accountId, sessionVersion, proofs, signedInAt, lastSeen, expiresAt, idleSeconds, browser, address } =
        record;
      rows.set(id, {
        ...structuredClone({ id, accountId, sessionVersion, proofs, signedInAt, lastSeen, expiresAt }),
        ...(idleSeconds === undefined ? {} : { idleSeconds }),
        ...(browser === undefined ? {} : { browser }),
        ...(address === undefined ? {} : { address }),
      });
    },
    async find(id, now) {
      const row = rows.get(id);
      return row && !isOver(row, now) ? structuredClone(row) : undefined;
    },
    async seen(id, now) {
      const row = rows.get(id);
      if (!row || isOver(row, now)) return undefined;
      if (row.lastSeen < now) rows.set(id, { ...row, lastSeen: now });
      return structuredClone(row);
    },
    async list(accountId, now) {
      const own = [...rows.values()].filter((row) => row.accountId === accountId && !isOver(row, now));
      return structuredClone(own.toSorted((a, b) => b.lastSeen.getTime() - a.lastSeen.getTime()));
    },
    async end(id) {
      rows.delete(id);
    },
    async endOf({ accountId, id }) {
      return rows.get(id)?.accountId === accountId && rows.delete(id);
    },
    async restamp({ id, accountId, sessionVersion }) {
      const row = rows.get(id);
      if (row?.accountId !== accountId || row.sessionVersion !== sessionVersion - 1) return;
      rows.set(id, { ...row, sessionVersion });
    },
    async endOlder({ accountId, sessionVersion }) {
      for (const row of rows.values())
        if (row.accountId === accountId && row.sessionVersion < sessionVersion) rows.delete(row.id);
    },
  };
}

function isOver({ expiresAt, idleSeconds, lastSeen }: SessionRecord, now: Date): boolean {
  const idle = idleSeconds !== undefined && now.getTime() - lastSeen.getTime() >= idleSeconds * 1000;
  return expiresAt <= now || idle;
}

/** Passes the same contract as storage/consents. */
export function memoryConsents(): Consents {
  const rows = new Map<string, readonly string[]>();
  const key = ({ accountId, clientId }: { readonly accountId: string; readonly clientId: string }) =>
    JSON.stringify([accountId, clientId]);
  return {
    async find(consent) {
      return [...(rows.get(key(consent)) ?? [])];
    },
    async allow(consent) {
      rows.set(key(consent), [...new Set([...(rows.get(key(consent)) ?? []), ...consent.scopes])]);
    },
  };
}
