import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { mailedLinks, type StoredLinks } from '../../src/delivery/links.ts';
import { mongoLinks } from '../../src/storage/links.ts';
import { minutes, start, together } from '../support/account-stores.ts';
import { openDatabase, rowsOf } from '../support/database.ts';
import { memoryLinks } from '../support/fakes/links.ts';

const issuer = 'https://login.example.com';
const reset = { purpose: 'reset', accountId: 'ada', address: 'ada@example.com' } as const;

const stores: readonly (readonly [string, (t: TestContext) => Promise<StoredLinks>])[] = [
  ['MongoDB', async (t) => mongoLinks(await openDatabase(t))],
  ['memory', async () => memoryLinks()],
];

const tokenOf = (url: string) => url.split('/').at(-1) ?? '';

for (const [kind, openStore] of stores) {
  suite(`mailed links (${kind})`, () => {
    async function opened(t: TestContext) {
      const clock = { now: start };
      const links = mailedLinks({ links: await openStore(t), issuer, now: () => clock.now });
      const shown = (url: string, holder = 'browser') => ({ purpose: 'reset', token: tokenOf(url), holder }) as const;
      return { clock, links, shown };
    }

    test('a link is found by its token, for its purpose alone, and says whose it is [check 87]', async (t) => {
      const { links, shown } = await opened(t);
      const { url, expiresAt } = await links.make({ ...reset, sessionVersion: 3, clientId: 'app' });
      assert.match(url, /^https:\/\/login\.example\.com\/link\/reset\/[\w-]{43}$/);
      assert.deepEqual(expiresAt, minutes(60));
      assert.deepEqual(await links.find(shown(url)), {
        ...{ purpose: 'reset', accountId: 'ada', address: 'ada@example.com', sessionVersion: 3, clientId: 'app' },
        ...{ expiresAt: minutes(60), taken: false },
      });
      assert.equal(await links.find({ ...shown(url), purpose: 'invite' }), undefined);
      assert.equal(await links.find({ ...shown(url), token: 'x'.repeat(43) }), undefined);
    });

    test('a newer link of the same account and purpose ends the older one, and no other [check 87]', async (t) => {
      const { links, shown } = await opened(t);
      const older = await links.make(reset);
      const others = await links.make({ ...reset, accountId: 'bob' });
      const invite = await links.make({ ...reset, purpose: 'invite' });
      const newer = await links.make(reset);
      assert.equal(await links.find(shown(older.url)), undefined);
      assert.equal(await links.take(shown(older.url)), undefined);
      assert.equal((await links.find(shown(newer.url)))?.accountId, 'ada');
      assert.equal((await links.find(shown(others.url)))?.accountId, 'bob');
      assert.equal((await links.find({ ...shown(invite.url), purpose: 'invite' }))?.purpose, 'invite');
    });

    test('links about different things stand beside each other', async (t) => {
      const { links, shown } = await opened(t);
      const one = await links.make({ ...reset, purpose: 'not_me', subject: 'event-1' });
      const two = await links.make({ ...reset, purpose: 'not_me', subject: 'event-2' });
      for (const { url } of [one, two]) assert.ok(await links.find({ ...shown(url), purpose: 'not_me' }));
    });

    test('it works for an hour and not a moment longer [check 87]', async (t) => {
      const { clock, links, shown } = await opened(t);
      const { url } = await links.make(reset);
      clock.now = new Date(minutes(60).getTime() - 1);
      assert.ok(await links.find(shown(url)));
      clock.now = minutes(60);
      assert.equal(await links.find(shown(url)), undefined);
      assert.equal(await links.take(shown(url)), undefined);
    });

    test('of 20 browsers that take one link at once one has it, and it alone has it from then on [check 87]', async (t) => {
      const { links, shown } = await opened(t);
      const { url } = await links.make(reset);
      const taken = await together(20, (n) => links.take(shown(url, `browser-${n}`)));
      const winners = taken.flatMap((one, n) => (one ? [n] : []));
      assert.equal(winners.length, 1);
      const found = await together(20, (n) => links.find(shown(url, `browser-${n}`)));
      assert.deepEqual(
        found.flatMap((one, n) => (one ? [n] : [])),
        winners,
      );
    });

    test('of 20 presses of one browser at once each leads on, and one is the first', async (t) => {
      const { links, shown } = await opened(t);
      const { url } = await links.make(reset);
      const taken = await together(20, () => links.take(shown(url)));
      assert.deepEqual(
        [taken.filter((one) => one !== undefined).length, taken.filter((one) => one?.first).length],
        [20, 1],
      );
      assert.equal((await links.find(shown(url)))?.taken, true);
    });

    test('what is made where there is no account leads nowhere', async (t) => {
      const { links, shown } = await opened(t);
      const { url } = await links.make({ ...reset, accountId: undefined });
      assert.equal(await links.find(shown(url)), undefined);
      assert.equal(await links.take(shown(url)), undefined);
    });
  });
}

test('the database holds the hash of a token alone, and 5000 names that nobody has fill at most 4096 rows [check 101]', async (t) => {
  const db = await openDatabase(t);
  const links = mailedLinks({ links: mongoLinks(db), issuer, now: () => start });
  const { url } = await links.make(reset);
  const [row] = await rowsOf(db, 'links');
  assert.ok(!JSON.stringify(row).includes(tokenOf(url)));
  const memory = memoryLinks();
  const many = mailedLinks({ links: memory, issuer, now: () => start });
  await together(5000, (n) => many.make({ ...reset, accountId: undefined, address: `nobody-${n}@example.com` }));
  assert.ok(memory.rows.size <= 4096, String(memory.rows.size));
});
