import type { RememberedDevices, StoredDevice } from '../../../src/sign-in/device/remembered-devices.ts';

/** Passes the same contract as storage/remembered-devices. */
export function memoryDevices(): RememberedDevices {
  const rows = new Map<string, StoredDevice>();
  const own = ({ id, accountId }: Pick<StoredDevice, 'id' | 'accountId'>) => {
    const row = rows.get(id);
    return row?.accountId === accountId ? row : undefined;
  };
  return {
    async keep({ id, accountId, securityVersion, since, lastUsedAt, expiresAt, hash, ...origin }) {
      rows.set(id, structuredClone({ id, accountId, securityVersion, since, lastUsedAt, expiresAt, hash, ...origin }));
    },
    async rotate({ id, accountId, securityVersion, hash, nextHash, previousUntil, sinceAfter, now, ...origin }) {
      const row = own({ id, accountId });
      if (row?.hash !== hash || row.securityVersion !== securityVersion) return undefined;
      if (row.expiresAt <= now || row.since <= sinceAfter) return undefined;
      rows.set(id, { ...row, hash: nextHash, previousHash: hash, previousUntil, lastUsedAt: now, ...origin });
      return plain(rows.get(id) ?? row);
    },
    async find(device) {
      return structuredClone(own(device));
    },
    async end(device) {
      return own(device) !== undefined && rows.delete(device.id);
    },
    async endAll(accountId) {
      const all = [...rows.values()].filter((row) => row.accountId === accountId);
      for (const { id } of all) rows.delete(id);
      return all.length;
    },
    async list({ id, securityVersion }, now) {
      const all = [...rows.values()].filter((row) => row.accountId === id && row.securityVersion === securityVersion);
      const current = all.filter(({ expiresAt }) => expiresAt > now);
      return current.toSorted((a, b) => b.lastUsedAt.getTime() - a.lastUsedAt.getTime()).map(plain);
    },
  };
}

function plain({ hash: _hash, previousHash: _before, previousUntil: _until, ...device }: StoredDevice) {
  return structuredClone(device);
}
