import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Schema } from 'mongoose';
import { checkedRows } from '../../src/storage/checked-rows.ts';
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
  const things = checkedRows(db.connection, schema);
  const asks = [
    () => things.findOne({ _id: 'a', ...unheard }),
    () => things.find({ _id: 'a', ...unheard }),
    () => things.find({ $and: [{ _id: 'a' }, { $or: [unheard] }] }),
    () => things.deleteMany({ _id: 'a', ...unheard }),
    () => things.updateEach([{ filter: { _id: 'a', ...unheard }, update: { $set: { known: 'x' } } }]),
    () => things.updateEach([{ filter: { _id: 'a' }, update: { $set: unheard } }]),
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

test('a field that no part of a row has is refused in a filter and in a write, and nothing is written [check 14]', async (t) => {
  const db = await openDatabase(t);
  const things = checkedRows(db.connection, schema);
  const [leaky, held]: [never, object] = [
    { id: 'one', ...unheard } as never,
    { $elemMatch: { id: 'one', ...unheard } },
  ];
  const asks = [
    () => things.findOne({ 'parts.unheard': 'x' }),
    () => things.findOne({ parts: held }),
    () => things.findOne({ parts: { $not: held } }),
    () => things.findOne({ $nor: [{ parts: held }] }),
    () => things.findOne({ parts: { $elemMatch: { $or: [unheard] } } }),
    () => things.updateOne({ _id: 'a' }, { $set: { parts: [{ id: 'one' }, leaky] } }, { upsert: true }),
    () => things.updateOne({ _id: 'a' }, { $set: { 'parts.0.unheard': 'x' } }, { upsert: true }),
    () => things.updateOne({ _id: 'a', 'parts.id': 'one' }, { $set: { 'parts.$.unheard': 'x' } }),
    () => things.updateOne({ _id: 'a' }, { $push: { parts: leaky } }, { upsert: true }),
    () => things.updateOne({ _id: 'a' }, { $push: { parts: { $each: [leaky] } } }, { upsert: true }),
    () => things.updateOne({ _id: 'a' }, { $setOnInsert: { parts: [leaky] } }, { upsert: true }),
    () => things.replaceOne({ _id: 'a' }, { parts: [leaky] }, { upsert: true }),
    () => things.insertOne({ _id: 'a', parts: [leaky] }),
  ];
  for (const ask of asks)
    await assert.rejects(async () => ask(), /"(parts\..*)?unheard" is not in schema/, String(ask));
  assert.deepEqual(await rowsOf(db, 'things'), []);
});

test('what every object has by birth is no field of a row [check 14]', async (t) => {
  const things = checkedRows((await openDatabase(t)).connection, schema);
  for (const path of ['constructor', 'parts.toString'])
    await assert.rejects(async () => things.findOne({ [path]: 'x' }), /is not in schema/);
});

test('what a schema stores as given is not looked into', async (t) => {
  const loose = storedIn<{ _id: string; open?: object; byId?: object }>('loose', {
    _id: String,
    open: Schema.Types.Mixed,
    byId: { type: Map, of: part({ count: Number }) },
  });
  const rows = checkedRows((await openDatabase(t)).connection, loose);
  await rows.insertOne({ _id: 'a', open: { whatever: { deep: 1 } }, byId: { one: { count: 1 } } });
  await rows.updateOne({ _id: 'a', 'open.whatever.deep': 1 }, { $inc: { 'byId.one.count': 1 } });
  const found = await rows.findOne({ 'byId.one.count': 2 });
  assert.deepEqual(found, { _id: 'a', open: { whatever: { deep: 1 } }, byId: { one: { count: 2 } } });
});

test('a filter without a value reaches no row [check 15]', async (t) => {
  const db = await openDatabase(t);
  const things = checkedRows(db.connection, schema);
  await things.insertOne({ _id: 'a' });
  for (const filter of [{}, { known: undefined }, { known: null }, { parts: { $elemMatch: { id: undefined } } }]) {
    const asks = [
      () => things.findOne(filter),
      () => things.find(filter),
      () => things.deleteMany(filter),
      () => things.updateEach([{ filter, update: { $set: { known: 'x' } } }]),
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
  const things = checkedRows((await openDatabase(t)).connection, schema);
  await things.insertOne({ _id: 'a', parts: [{ id: 'one' }] });
  await things.updateOne({ _id: 'a', 'parts.id': 'one' }, { $set: { 'parts.$.id': 'two' } });
  const found = await things.findOne({ $or: [{ known: 'x' }, { 'parts.id': 'two' }] });
  assert.deepEqual(found, { _id: 'a', parts: [{ id: 'two' }] });
});

test('several are found in their order, changed each by its own update and removed at once', async (t) => {
  const db = await openDatabase(t);
  const things = checkedRows(db.connection, schema);
  await things.insertMany([{ _id: 'b' }, { _id: 'a' }, { _id: 'c', known: 'c' }]);
  const among = { _id: { $in: ['a', 'b', 'c'] } };
  assert.deepEqual(await things.find(among, { sort: { _id: 1 }, limit: 2 }), [{ _id: 'a' }, { _id: 'b' }]);
  await things.updateEach(
    ['a', 'b'].map((_id) => ({ filter: { _id, known: { $exists: false } }, update: { $set: { known: _id } } })),
  );
  await things.updateEach([{ filter: { _id: 'c', known: { $exists: false } }, update: { $set: { known: 'x' } } }]);
  const expected = ['a', 'b', 'c'].map((_id) => ({ _id, known: _id }));
  assert.deepEqual(await things.find(among, { sort: { _id: 1 } }), expected);
  await things.deleteMany({ known: { $in: ['a', 'b'] } });
  assert.deepEqual(await rowsOf(db, 'things'), [{ _id: 'c', known: 'c' }]);
});
