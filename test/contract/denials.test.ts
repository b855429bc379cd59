import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { stores } from '../../src/wiring/stores.ts';
import { start, together } from '../support/account-stores.ts';
import { openDatabase } from '../support/database.ts';

async function withAda(t: TestContext) {
  const { accounts, denials } = stores(await openDatabase(t));
  const add = (id: string) =>
    accounts.create({ id, email: `${id}@example.com`, passwordHash: 'hash', createdAt: start });
  await add('ada');
  await add('bob');
  const versions = async (id: string) => {
    const account = await accounts.find(id);
    return [account?.sessionVersion, account?.securityVersion];
  };
  return { denials, versions };
}

test('"This was not me" ends sessions and remembered devices of its own account alone', async (t) => {
  const { denials, versions } = await withAda(t);
  const account = await denials.raise({ accountId: 'ada', link: 'one' });
  assert.deepEqual([account?.id, account?.sessionVersion, account?.securityVersion], ['ada', 1, 1]);
  assert.deepEqual(await versions('bob'), [0, 0]);
});

test('twenty presses of one link raise the counters once, and each is told how the account is then', async (t) => {
  const { denials, versions } = await withAda(t);
  const answers = await together(20, () => denials.raise({ accountId: 'ada', link: 'one' }));
  assert.deepEqual(await versions('ada'), [1, 1]);
  assert.deepEqual(
    answers.map((account) => account?.sessionVersion),
    Array(20).fill(1),
  );
});

test('the link of another notice ends what began since', async (t) => {
  const { denials, versions } = await withAda(t);
  await denials.raise({ accountId: 'ada', link: 'one' });
  await denials.raise({ accountId: 'ada', link: 'two' });
  assert.deepEqual(await versions('ada'), [2, 2]);
});

test('there is nothing to raise where the account is gone', async (t) => {
  const { denials } = await withAda(t);
  assert.equal(await denials.raise({ accountId: 'eve', link: 'one' }), undefined);
});
