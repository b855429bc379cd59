import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { OpenVerifications } from '../../src/delivery/open-verifications.ts';
import { mongoVerifications } from '../../src/storage/verifications.ts';
import { minutes, start, together } from '../support/account-stores.ts';
import { openDatabase, rowsOf } from '../support/database.ts';
import { memoryVerifications } from '../support/fakes/verifications.ts';

const number = '+447400123456';
const other = '+447400123457';
const life = { expiresAt: minutes(10), now: start };

const stores: readonly (readonly [string, (t: TestContext) => Promise<OpenVerifications>])[] = [
  ['MongoDB', async (t) => mongoVerifications(await openDatabase(t))],
  ['memory', async () => memoryVerifications()],
];

const counted = (answers: readonly boolean[]) => answers.filter((won) => won).length;

for (const [kind, openStore] of stores) {
  suite(`open verifications (${kind})`, () => {
    test('a number has one open verification, and others have their own', async (t) => {
      const store = await openStore(t);
      assert.equal(await store.find(number, start), undefined);
      assert.equal(await store.replace({ number, reference: 'VE1', ...life }), true);
      assert.equal(await store.replace({ number: other, reference: 'VE2', ...life }), true);
      assert.deepEqual([await store.find(number, start), await store.find(other, start)], ['VE1', 'VE2']);
      assert.deepEqual([await store.holds('VE1', start), await store.holds('VE3', start)], [true, false]);
    });

    test('a newer one takes the place of the one that was seen, and of no other [check 28]', async (t) => {
      const store = await openStore(t);
      await store.replace({ number, reference: 'VE1', ...life });
      assert.equal(await store.replace({ number, reference: 'VE2', ...life }), false);
      assert.equal(await store.replace({ number, earlier: 'VE0', reference: 'VE2', ...life }), false);
      assert.equal(await store.find(number, start), 'VE1');
      assert.equal(await store.replace({ number, earlier: 'VE1', reference: 'VE2', ...life }), true);
      assert.deepEqual([await store.holds('VE1', start), await store.holds('VE2', start)], [false, true]);
    });

    test('of 20 newer ones at once one takes the place [check 28]', async (t) => {
      const store = await openStore(t);
      const first = await together(20, (index) => store.replace({ number, reference: `VE${index}`, ...life }));
      assert.equal(counted(first), 1);
      const earlier = (await store.find(number, start)) ?? assert.fail();
      const next = await together(20, (index) => store.replace({ number, earlier, reference: `VF${index}`, ...life }));
      assert.equal(counted(next), 1);
    });

    test('it is spent once, of 20 at once too [check 29]', async (t) => {
      const store = await openStore(t);
      await store.replace({ number, reference: 'VE1', ...life });
      assert.equal(counted(await together(20, () => store.spend('VE1', start))), 1);
      assert.equal(await store.holds('VE1', start), false);
      assert.equal(await store.replace({ number, earlier: 'VE1', reference: 'VE2', ...life }), true);
    });

    test('past its end it is open no more, whether it is swept or not [check 26]', async (t) => {
      const store = await openStore(t);
      await store.replace({ number, reference: 'VE1', ...life });
      const end = minutes(10);
      assert.equal(await store.find(number, end), undefined);
      assert.equal(await store.holds('VE1', end), false);
      assert.equal(await store.spend('VE1', end), false);
      assert.equal(await store.replace({ number, reference: 'VE2', expiresAt: minutes(20), now: end }), true);
    });
  });
}

test('the rows hold no number in clear', async (t) => {
  const db = await openDatabase(t);
  await mongoVerifications(db).replace({ number, reference: 'VE1', ...life });
  const rows = await rowsOf(db, 'verifications');
  assert.equal(rows.length, 1);
  assert.equal(JSON.stringify(rows).includes('7400123456'), false);
});
