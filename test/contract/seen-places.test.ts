import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stores } from '../../src/wiring/stores.ts';
import { minutes, start, together } from '../support/account-stores.ts';
import { openDatabase } from '../support/database.ts';

test('a place is kept once, also of twenty at once, and whoever kept it is told what there was', async (t) => {
  const { accounts, seenPlaces } = stores(await openDatabase(t));
  await accounts.create({ id: 'ada', email: 'ada@example.com', passwordHash: 'hash', createdAt: start });
  const answers = await together(20, () => seenPlaces.add({ accountId: 'ada', key: 'one', at: start }));
  assert.deepEqual(
    answers.filter((answer) => answer !== undefined),
    [[]],
  );
  const before = await seenPlaces.add({ accountId: 'ada', key: 'two', at: minutes(1) });
  assert.deepEqual(before, [{ key: 'one', at: start }]);
  const kept = (await accounts.find('ada'))?.seenPlaces;
  assert.deepEqual(kept, [
    { key: 'one', at: start },
    { key: 'two', at: minutes(1) },
  ]);
});

test('the last twenty are kept', async (t) => {
  const { accounts, seenPlaces } = stores(await openDatabase(t));
  await accounts.create({ id: 'ada', email: 'ada@example.com', passwordHash: 'hash', createdAt: start });
  for (let n = 1; n <= 22; n += 1) await seenPlaces.add({ accountId: 'ada', key: `place ${n}`, at: minutes(n) });
  const kept = (await accounts.find('ada'))?.seenPlaces ?? [];
  assert.deepEqual([kept.length, kept[0]?.key, kept.at(-1)?.key], [20, 'place 3', 'place 22']);
});

test('an account that is gone keeps nothing', async (t) => {
  const { seenPlaces } = stores(await openDatabase(t));
  assert.equal(await seenPlaces.add({ accountId: 'eve', key: 'one', at: start }), undefined);
});
