import type { Connection } from 'mongoose';
import { defined } from '../platform/defined.ts';
import type { RememberedDevice, RememberedDevices, StoredDevice } from '../sign-in/device/remembered-devices.ts';
import { checkedRows } from './checked-rows.ts';
import type { Database } from './connection.ts';
import { storedIn } from './schema.ts';

type DeviceRow = Omit<StoredDevice, 'id'> & { readonly _id: string };

const schema = storedIn<DeviceRow>('remembered_devices', {
  _id: String,
  accountId: String,
  securityVersion: Number,
  since: Date,
  lastUsedAt: Date,
  expiresAt: Date,
  hash: String,
  previousHash: String,
  previousUntil: Date,
  browser: String,
  address: String,
});

export function deviceRows(connection: Connection) {
  return checkedRows(connection, schema);
}

export function mongoRememberedDevices({ connection }: Database): RememberedDevices {
  const devices = deviceRows(connection);
  return {
    async keep({ id, ...device }) {
      await devices.insertOne({ _id: id, ...rowOf(device) });
    },

    async rotate({ id, accountId, securityVersion, hash, nextHash, previousUntil, sinceAfter, now, ...origin }) {
      const current = { _id: id, accountId, securityVersion, hash }; // guard: device-secret-once, device-own-account, device-of-this-version
      const row = await devices.findOneAndUpdate(
        { ...current, expiresAt: { $gt: now }, since: { $gt: sinceAfter } }, // guard: device-ends, device-since-judged
        { $set: { hash: nextHash, previousHash: hash, previousUntil, lastUsedAt: now, ...origin } },
        { returnDocument: 'after' },
      );
      return row ? toDevice(row) : undefined;
    },

    async find({ id, accountId }) {
      const row = await devices.findOne({ _id: id, accountId });
      return row ? { ...toDevice(row), ...secretsOf(row) } : undefined;
    },

    async end({ id, accountId }) {
      const { deletedCount } = await devices.deleteOne({ _id: id, accountId }); // guard: forgotten-device-own-account
      return deletedCount === 1;
    },

    async endAll(accountId) {
      const { deletedCount } = await devices.deleteMany({ accountId });
      return deletedCount;
    },

    async list({ id: accountId, securityVersion }, now) {
      const current = { accountId, securityVersion, expiresAt: { $gt: now } }; // guard: ended-device-not-listed, over-device-not-listed
      const rows = await devices.find(current, { sort: { lastUsedAt: -1 } });
      return rows.map(toDevice);
    },
  };
}

/** Field by field: callers hand over wider objects, which the types let pass. */
function rowOf(device: Omit<StoredDevice, 'id'>): Omit<DeviceRow, '_id'> {
  const { accountId, securityVersion, since, lastUsedAt, expiresAt, hash, browser, address } = device;
  return { accountId, securityVersion, since, lastUsedAt, expiresAt, hash, ...defined({ browser, address }) };
}

function toDevice({ _id: id, ...row }: DeviceRow): RememberedDevice {
  const { accountId, securityVersion, since, lastUsedAt, expiresAt, browser, address } = row;
  return { id, accountId, securityVersion, since, lastUsedAt, expiresAt, ...defined({ browser, address }) };
}

function secretsOf({ hash, previousHash, previousUntil }: DeviceRow) {
  return { hash, ...defined({ previousHash, previousUntil }) };
}
