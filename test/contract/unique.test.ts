import assert from 'node:assert/strict';
import { test } from 'node:test';
import { takenField } from '../../src/storage/connection.ts';
import { openDatabase } from '../support/database.ts';

const alike: readonly { readonly collection: string; readonly row: Readonly<Record<string, string>> }[] = [
  { collection: 'accounts', row: { email: 'ada@example.com' } },
  { collection: 'accounts', row: { username: 'ada' } },
  { collection: 'consents', row: { accountId: 'ada-id', clientId: 'demo' } },
];
for (const { collection, row } of alike) {
  const [field = ''] = Object.keys(row);
  test(`a second row of ${collection} with the same ${Object.keys(row).join(' and ')} is refused by the server, whatever raced`, async (t) => {
    const db = await openDatabase(t);
    const rows = db.connection.collection<{ readonly _id: string }>(collection);
    // Each e-mail and username of its own, but for what is asked about.
    const other = { email: 'first@example.com', username: 'first', ...row };
    await rows.insertOne({ _id: 'first', ...other });
    const second = {
      _id: 'second',
      ...other,
      ...(field === 'email' ? { username: 'second' } : { email: 'second@example.com' }),
    };
    await assert.rejects(
      async () => rows.insertOne(second),
      (error) => takenField(error) === field,
    );
  });
}
