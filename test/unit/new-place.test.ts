import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Account, SeenPlace } from '../../src/accounts/account.ts';
import type { Notice } from '../../src/protection/notices.ts';
import { noticingPlaces } from '../../src/sign-in/new-place.ts';
import type { SignInStep } from '../../src/sign-in/outcome.ts';

const now = new Date('2030-01-02T12:00:00Z');
const hour = 60 * 60_000;
const ago = (hours: number) => new Date(now.getTime() - hours * hour);
const origin = { address: '192.0.2.7', browser: 'Firefox' };
const account = { id: 'ada', email: 'ada@example.com', createdAt: ago(1000) } as Account;

/** What is asked and told when somebody has finished a sign-in here. */
async function finished(
  given: { readonly account?: Partial<Account>; readonly before?: readonly SeenPlace[]; readonly knows?: string } = {},
) {
  const asked: object[] = [];
  const notices: Notice[] = [];
  const before = 'before' in given ? given.before : [{ key: 'elsewhere', at: ago(100) }];
  const notice = noticingPlaces({
    seenPlaces: {
      async add(seen) {
        asked.push(seen);
        return before;
      },
    },
    placeKey: ({ address, browser }) => `${browser} at ${address}`,
    notices: { tell: async (told) => void notices.push(told) },
    now: () => now,
  });
  const knownBrowser = () => (given.knows ? { id: 'browser', accounts: [given.knows] } : undefined);
  await notice({ origin, knownBrowser } as SignInStep, { ...account, ...given.account });
  return { asked, notices };
}

test('the owner hears of a browser and place that were not seen before', async () => {
  const { asked, notices } = await finished();
  assert.deepEqual(asked, [{ accountId: 'ada', key: 'Firefox at 192.0.2.7', at: now }]);
  assert.deepEqual(notices, [{ to: 'ada@example.com', accountId: 'ada', event: 'new_place', at: now, origin }]);
});

test('a browser that is known to the account asks the database nothing and is not told; one known to others is', async () => {
  assert.deepEqual(await finished({ knows: 'ada' }), { asked: [], notices: [] });
  assert.equal((await finished({ knows: 'bob' })).notices.length, 1);
});

test('a place that the account has asks the database nothing and is not told', async () => {
  const seenPlaces = [{ key: 'Firefox at 192.0.2.7', at: ago(500) }];
  assert.deepEqual(await finished({ account: { seenPlaces } }), { asked: [], notices: [] });
});

test('whoever was slower than another request with the same place tells nothing', async () => {
  assert.deepEqual((await finished({ before: undefined } as never)).notices, []);
});

test('the first sign-in is not told within a day of the making of the account, and is after that', async () => {
  assert.deepEqual((await finished({ before: [], account: { createdAt: ago(23.9) } })).notices, []);
  assert.equal((await finished({ before: [], account: { createdAt: ago(24) } })).notices.length, 1);
  const second = [{ key: 'elsewhere', at: ago(1) }];
  assert.equal((await finished({ before: second, account: { createdAt: ago(2) } })).notices.length, 1);
});

test('five new places in a day are told, not more', async () => {
  const places = (count: number, hours: number) =>
    Array.from({ length: count }, (_, n) => ({ key: `${n}`, at: ago(hours) }));
  assert.equal((await finished({ before: places(4, 1) })).notices.length, 1);
  assert.deepEqual((await finished({ before: places(5, 23.9) })).notices, []);
  assert.equal((await finished({ before: places(19, 24) })).notices.length, 1);
});
