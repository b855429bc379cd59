import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import type { PutOffs } from '../../src/sign-in/enrolment/put-off.ts';
import { mongoAccounts } from '../../src/storage/accounts.ts';
import { mongoPutOffs } from '../../src/storage/put-offs.ts';
import { start, together, totp } from '../support/account-stores.ts';
import { openDatabase } from '../support/database.ts';
import { memoryAccounts } from '../support/fakes/accounts.ts';

interface Store {
  readonly putOffs: PutOffs;
  skips(): Promise<number | undefined>;
  change(change: Partial<Account>): Promise<void>;
}

const ada = { id: 'ada', email: 'ada@example.com', createdAt: start };

const stores: readonly (readonly [string, (t: TestContext) => Promise<Store>])[] = [
  [
    'MongoDB',
    async (t) => {
      const db = await openDatabase(t);
      const accounts = mongoAccounts(db);
      await accounts.create(ada);
      return {
        putOffs: mongoPutOffs(db),
        skips: async () => (await accounts.find('ada'))?.enrolmentSkips,
        async change(change) {
          const rows = db.connection.collection<{ _id: string }>('accounts');
          await rows.updateOne({ _id: 'ada' }, { $set: change });
        },
      };
    },
  ],
  [
    'memory',
    async () => {
      const accounts = memoryAccounts();
      await accounts.create(ada);
      return {
        putOffs: accounts.putOffs,
        skips: async () => (await accounts.find('ada'))?.enrolmentSkips,
        change: (change) => accounts.change('ada', change),
      };
    },
  ],
];

for (const [kind, open] of stores) {
  suite(`what is put off (${kind})`, () => {
    test('of 20 sign-ins at once that saw the same count one goes on', async (t) => {
      const { putOffs, skips } = await open(t);
      for (const before of [0, 1]) {
        const gone = await together(20, (n) =>
          putOffs.count({ accountId: 'ada', attemptId: `${before}-${n}`, before }),
        );
        assert.equal(gone.filter(Boolean).length, 1);
        assert.equal(await skips(), before + 1);
      }
    });

    test('20 presses in one sign-in are counted once and all true, whatever they saw', async (t) => {
      const { putOffs, skips } = await open(t);
      const gone = await together(20, (n) => putOffs.count({ accountId: 'ada', attemptId: 'a', before: n % 2 }));
      assert.ok(gone.includes(true));
      assert.equal(await putOffs.count({ accountId: 'ada', attemptId: 'a', before: 1 }), true);
      assert.equal(await skips(), 1);
    });

    test('an account that is disabled, has a factor or does not exist puts nothing off', async (t) => {
      const { putOffs, skips, change } = await open(t);
      const count = (accountId: string) => putOffs.count({ accountId, attemptId: 'a', before: 0 });
      await change({ active: false });
      assert.equal(await count('ada'), false);
      await change({ active: true, factors: [totp()] });
      assert.equal(await count('ada'), false);
      assert.equal(await count('eve'), false);
      assert.equal(await skips(), undefined);
    });
  });
}
