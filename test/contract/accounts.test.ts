import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { accountStores, browserId, minutes, network, start, together } from '../support/account-stores.ts';

/** What five tries of strangers at the start leave behind. */
const fiveFromHome = {
  failures: 5,
  endsAt: minutes(24 * 60),
  networks: [{ network, failures: 5, lockedUntil: minutes(1), at: start }],
};

for (const [kind, openStore] of accountStores) {
  suite(`accounts (${kind})`, () => {
    test('an account comes back exactly as it was made, absent fields absent', async (t) => {
      const { accounts } = await openStore(t);
      await accounts.create({ id: 'a1', email: 'ada@example.com', createdAt: start });
      const ada = {
        id: 'a1',
        email: 'ada@example.com',
        roles: [],
        active: true,
        sessionVersion: 0,
        securityVersion: 0,
        factors: [],
        guesses: { password: { failures: 0, networks: [] }, secondFactor: { failures: 0 }, browsers: {} },
        createdAt: start,
      };
      assert.deepEqual(await accounts.find('a1'), ada);
      assert.deepEqual(await accounts.findByEmail('ada@example.com'), ada);
      assert.equal(await accounts.find('a2'), undefined);
      assert.equal(await accounts.findByEmail('eve@example.com'), undefined);
    });

    test('of 20 accounts made at once for one e-mail or one username exactly one is made', async (t) => {
      const { accounts } = await openStore(t);
      const byEmail = await together(20, (n) =>
        accounts.create({ id: `a${n}`, email: 'ada@example.com', username: `ada${n}`, createdAt: start }),
      );
      assert.deepEqual(count(byEmail), { created: 1, email_taken: 19 });
      const byName = await together(20, (n) =>
        accounts.create({ id: `b${n}`, email: `b${n}@example.com`, username: 'grace', createdAt: start }),
      );
      assert.deepEqual(count(byName), { created: 1, username_taken: 19 });
    });

    test('of names that look alike one is had, also when they come at once; a sign-in compares no looks', async (t) => {
      const { accounts } = await openStore(t);
      const names = ['paypal', 'раураl', 'paypa1', 'pаypаl'];
      const made = await together(4, (n) =>
        accounts.create({ id: `a${n}`, email: `a${n}@example.com`, username: names[n] ?? '', createdAt: start }),
      );
      assert.deepEqual(count(made), { created: 1, username_taken: 3 });
      const other = names.find((_, n) => made[n] !== 'created') ?? '';
      assert.equal(await accounts.takePasswordGuess({ identifier: other, network, now: start }), undefined);
      const own = { id: 'b', email: 'b@example.com', username: 'grace', createdAt: start };
      assert.equal(await accounts.create(own), 'created');
    });

    test('an account that is made twice is told from a taken address: the same id is the same account', async (t) => {
      const { accounts } = await openStore(t);
      const ada = { id: 'a', email: 'ada@example.com', username: 'ada', createdAt: start };
      assert.equal(await accounts.create(ada), 'created');
      assert.equal(await accounts.create({ ...ada, username: 'other' }), 'exists');
      assert.equal(await accounts.create({ ...ada, id: 'b' }), 'email_taken');
    });

    test('accounts without a username do not collide', async (t) => {
      const { accounts } = await openStore(t);
      assert.equal(await accounts.create({ id: 'a', email: 'a@example.com', createdAt: start }), 'created');
      assert.equal(await accounts.create({ id: 'b', email: 'b@example.com', createdAt: start }), 'created');
    });

    test('a hash is replaced only while it is the one that was verified [check 7]', async (t) => {
      const { accounts } = await openStore(t);
      await accounts.create({ id: 'a', email: 'a@example.com', passwordHash: 'old', createdAt: start });
      await accounts.rehash({ id: 'a', from: 'other', to: 'stolen' });
      assert.equal((await accounts.find('a'))?.passwordHash, 'old');
      await accounts.rehash({ id: 'a', from: 'old', to: 'new' });
      assert.equal((await accounts.find('a'))?.passwordHash, 'new');
    });

    test('of 50 passwords tried at once five are judged, under e-mail and username alike [check 12] [check 13]', async (t) => {
      const { accounts, ada } = await openStore(t, 'ada');
      const takes = await together(50, (n) =>
        accounts.takePasswordGuess({ network, identifier: n % 2 === 0 ? ada.email : 'ada', now: start }),
      );
      assert.deepEqual(count(takes.map((take) => take?.guess.state)), { taken: 5, waiting: 45 });
      const { guesses } = (await accounts.find(ada.id)) ?? assert.fail();
      assert.deepEqual(guesses.password, fiveFromHome);
    });

    test('50 tries at once from a known browser have five of their own [check 13] [check 109]', async (t) => {
      const { accounts, ada } = await openStore(t, 'ada');
      await together(50, () => accounts.takePasswordGuess({ network, identifier: ada.email, now: start }));
      const known = { id: browserId, accounts: ['somebody', ada.id] };
      const takes = await together(50, () =>
        accounts.takePasswordGuess({ network, identifier: ada.email, known, now: start }),
      );
      assert.deepEqual(count(takes.map((take) => take?.guess.state)), { taken: 5, waiting: 45 });
      const { guesses } = (await accounts.find(ada.id)) ?? assert.fail();
      assert.deepEqual(guesses.password, fiveFromHome);
      assert.deepEqual(guesses.browsers, { [browserId]: { failures: 5, lockedUntil: minutes(1) } });
    });

    test('a browser that is known to another account, or by a malformed id, is a stranger', async (t) => {
      const { accounts, ada } = await openStore(t, 'ada');
      const strangers = [
        { id: browserId, accounts: ['somebody'] },
        { id: browserId, accounts: [] },
        { id: 'x.$[].password', accounts: [ada.id] },
        { id: 'short', accounts: [ada.id] },
      ];
      for (const known of strangers)
        await accounts.takePasswordGuess({ network, identifier: ada.email, known, now: start });
      const { guesses } = (await accounts.find(ada.id)) ?? assert.fail();
      assert.deepEqual(
        [guesses.password.failures, guesses.password.networks.map(({ failures }) => failures), guesses.browsers],
        [4, [4], {}],
      );
    });

    test('the wait doubles with each further failure up to fifteen minutes, and tries during it are not counted [check 13]', async (t) => {
      const { accounts, ada } = await openStore(t, 'ada');
      const take = async (now: Date) =>
        (await accounts.takePasswordGuess({ network, identifier: ada.email, now }))?.guess;
      let now = start;
      const waits: number[] = [];
      for (let failure = 1; failure <= 12; failure++) {
        const guess = await take(now);
        assert.equal(guess?.state, 'taken');
        const until = guess?.state === 'taken' ? guess.lockedUntil : undefined;
        waits.push(until ? (until.getTime() - now.getTime()) / 60_000 : 0);
        if (!until) continue;
        assert.deepEqual(await take(new Date(until.getTime() - 1)), { state: 'waiting', until });
        now = until;
      }
      assert.deepEqual(waits, [0, 0, 0, 0, 1, 2, 4, 8, 15, 15, 15, 15]);
    });

    test('an unknown name takes nothing', async (t) => {
      const { accounts } = await openStore(t, 'ada');
      assert.equal(await accounts.takePasswordGuess({ network, identifier: 'eve@example.com', now: start }), undefined);
      assert.equal(await accounts.takePasswordGuess({ network, identifier: 'eve', now: start }), undefined);
    });

    test('a sign-in by the password alone gives the guesses at it back, to an active account only, and none at a second factor [check 22]', async (t) => {
      const { accounts, ada, change } = await openStore(t, 'ada');
      const known = { id: browserId, accounts: [ada.id] };
      await accounts.takePasswordGuess({ network, identifier: 'ada', now: start });
      await accounts.takePasswordGuess({ network, identifier: 'ada', known, now: start });
      await change(ada.id, { active: false });
      await accounts.refillPassword(ada.id);
      const before = await accounts.find(ada.id);
      assert.equal(before?.guesses.password.failures, 1);
      const secondFactor = { failures: 3 };
      await change(ada.id, { active: true, guesses: { ...before.guesses, secondFactor } });
      await accounts.refillPassword(ada.id);
      assert.deepEqual((await accounts.find(ada.id))?.guesses, { ...ada.guesses, secondFactor });
    });
  });
}

function count(values: readonly (string | undefined)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[String(value)] = (counts[String(value)] ?? 0) + 1;
  return counts;
}
