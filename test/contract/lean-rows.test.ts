import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leanRows } from '../../src/storage/lean-rows.ts';
import { part, storedIn } from '../../src/storage/schema.ts';
import { openDatabase, rowsOf } from '../support/database.ts';

interface Thing {
  readonly _id: string;
  readonly known?: string;
  readonly parts?: readonly { readonly id: string }[];
}

const schema = storedIn<Thing>('things', { _id: String, known: String, parts: [part({ id: String })] });
const unheard: object = { unheard: 'x' };

test('a field that no row has is refused in a filter and in a write, and nothing is written [check 14]', async (t) => {
  const db = await openDatabase(t);
  const things = leanRows(db.connection, schema);
  const asks = [
    () => things.findOne({ _id: 'a', ...unheard }),
    () => things.deleteOne({ _id: 'a', ...unheard }),
    () => things.updateOne({ _id: 'a' }, { $set: unheard }, { upsert: true }),
    () => things.updateOne({ _id: 'a' }, { $set: { 'unheard.known': 1 } }, { upsert: true }),
    () => things.updateMany({ _id: 'a' }, { $unset: unheard }),
    () => things.findOneAndUpdate({ _id: 'a' }, { $inc: { unheard: 1 } }, { upsert: true, returnDocument: 'after' }),
    () => things.replaceOne({ _id: 'a' }, unheard, { upsert: true }),
    () => things.insertOne({ _id: 'a', ...unheard }),
    () => things.insertMany([{ _id: 'b' }, { _id: 'a', ...unheard }]),
  ];
  for (const ask of asks) await assert.rejects(async () => ask(), /"unheard.*not in schema/, String(ask));
  assert.deepEqual(await rowsOf(db, 'things'), []);
});

test('a filter without a value reaches no row [check 15]', async (t) => {
  const db = await openDatabase(t);
  const things = leanRows(db.connection, schema);
  await things.insertOne({ _id: 'a' });
  for (const filter of [{}, { known: undefined }, { known: null }, { parts: { $elemMatch: { id: undefined } } }]) {
    const asks = [
      () => things.findOne(filter),
      () => things.findOneAndUpdate(filter, { $set: { known: 'x' } }, { returnDocument: 'after' }),
      () => things.updateOne(filter, { $set: { known: 'x' } }),
      () => things.updateMany(filter, { $set: { known: 'x' } }),
      () => things.replaceOne(filter, { known: 'x' }),
      () => things.deleteOne(filter),
    ];
    for (const ask of asks) await assert.rejects(async () => ask(), TypeError, String(ask));
  }
  assert.deepEqual(await rowsOf(db, 'things'), [{ _id: 'a' }]);
});

test('parts of a row are found and changed by their paths', async (t) => {
  const things = leanRows((await openDatabase(t)).connection, schema);
  await things.insertOne({ _id: 'a', parts: [{ id: 'one' }] });
  await things.updateOne({ _id: 'a', 'parts.id': 'one' }, { $set: { 'parts.$.id': 'two' } });
  const found = await things.findOne({ $or: [{ known: 'x' }, { 'parts.id': 'two' }] });
  assert.deepEqual(found, { _id: 'a', parts: [{ id: 'two' }] });
});
