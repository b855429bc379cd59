import type { Consents, SessionRecord, Sessions } from '../../../src/sign-in/sessions.ts';

/** Passes the same contract as storage/sessions. */
export function memorySessions(): Sessions {
  const rows = new Map<string, SessionRecord>();
  return {
    async save(record) {
      const { id, accountId, sessionVersion, proofs, signedInAt, lastSeen, expiresAt, browser, address } = record;
      rows.set(id, {
        ...structuredClone({ id, accountId, sessionVersion, proofs, signedInAt, lastSeen, expiresAt }),
        ...(browser === undefined ? {} : { browser }),
        ...(address === undefined ? {} : { address }),
      });
    },
    async seen(id, now) {
      const row = rows.get(id);
      if (!row || row.expiresAt <= now) return undefined;
      if (row.lastSeen < now) rows.set(id, { ...row, lastSeen: now });
      return structuredClone(row);
    },
    async end(id) {
      rows.delete(id);
    },
  };
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
