import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { noGuesses, type StrangerGuesses } from '../../src/protection/budgets.ts';
import { type ToldOfGuesses, takeAsStranger } from '../../src/protection/stranger-guesses.ts';
import { mongoAccounts } from '../../src/storage/accounts.ts';
import { accountStores, browserId, minutes, network, start, together } from '../support/account-stores.ts';
import type { AccountRow } from '../support/attack.ts';
import { openDatabase, rowsOf } from '../support/database.ts';

const day = 24 * 60;
const month = 30 * day;

/** So many networks at which so many passwords were tried, `ago` minutes before the start. */
const tried = (networks: number, failures: number, ago = 0) =>
  Array.from({ length: networks }, (_, n) => ({ network: `n${n}`, failures, at: minutes(-ago) }));

function counted(values: readonly string[]): Readonly<Record<string, number>> {
  const groups = [...Map.groupBy(values, (value) => value)];
  return Object.fromEntries(groups.map(([value, all]) => [value, all.length]));
}

for (const [kind, openStore] of accountStores) {
  suite(`passwords tried by strangers (${kind})`, () => {
    const opened = async (t: Parameters<typeof openStore>[0], password?: StrangerGuesses, warnedAt?: ToldOfGuesses) => {
      const { accounts, ada, change } = await openStore(t, 'ada');
      const given: Partial<Account> = { ...(warnedAt ? { toldOfGuesses: warnedAt } : {}) };
      if (password) await change(ada.id, { guesses: { ...ada.guesses, password }, ...given });
      const take = async (from: string, now = start) =>
        (await accounts.takePasswordGuess({ identifier: 'ada', network: from, now })) ?? assert.fail('no account');
      const stored = async () => (await accounts.find(ada.id)) ?? assert.fail('no account');
      return { accounts, ada, change, take, stored };
    };

    test('of a hundred tries at once from three networks, twice, five of each are judged [check 13] [check 109]', async (t) => {
      const { take, stored } = await opened(t);
      const burst = (networks: readonly string[]) =>
        together(99, async (n) => {
          const from = networks[n % networks.length] ?? assert.fail();
          return `${from} ${(await take(from)).guess.state}`;
        });
      const states = [...(await burst(['one', 'two', 'three'])), ...(await burst(['one', 'two', 'three']))];
      assert.deepEqual(counted(states), {
        ...{ 'one taken': 5, 'two taken': 5, 'three taken': 5 },
        ...{ 'one waiting': 61, 'two waiting': 61, 'three waiting': 61 },
      });
      assert.equal((await stored()).guesses.password.failures, 15);
    });

    test('a network that reached its hundred is closed, and another is heard at once [check 13] [check 109]', async (t) => {
      const networks = [{ network, failures: 99, at: start }];
      const { take } = await opened(t, { failures: 99, endsAt: minutes(day), networks });
      assert.equal((await take(network)).guess.state, 'taken');
      assert.deepEqual((await take(network, minutes(2 * day))).guess, { state: 'closed' });
      assert.deepEqual((await take('elsewhere', minutes(2 * day))).guess, { state: 'taken', failures: 1 });
    });

    test('waiting a day or a week opens no closed network; after a month its address is somebody else’s [check 13] [check 109]', async (t) => {
      const networks = [{ network, failures: 100, at: start }];
      const { take, stored } = await opened(t, { failures: 100, endsAt: minutes(day), networks });
      for (const minute of [day, 7 * day, month - 1])
        assert.deepEqual((await take(network, minutes(minute))).guess, { state: 'closed' }, `${minute}`);
      await take('elsewhere', minutes(day));
      assert.equal((await stored()).guesses.password.networks.length, 2, 'kept where another one is counted');
      assert.deepEqual((await take(network, minutes(month))).guess, { state: 'taken', failures: 1 });
    });

    test('of 20 tries at once from as many networks on a day with one left one is judged, and the next day brings 300 more [check 13]', async (t) => {
      const { take, stored } = await opened(t, { failures: 299, endsAt: minutes(day), networks: [] });
      const takes = await together(20, (n) => take(`network-${n}`));
      assert.deepEqual(counted(takes.map(({ guess }) => guess.state)), { taken: 1, waiting: 19 });
      assert.deepEqual(counted(takes.map(({ dayFull }) => `${dayFull}`)), { true: 1, false: 19 });
      assert.deepEqual((await take('n', minutes(day - 1))).guess, { state: 'waiting', until: minutes(day) });
      assert.equal((await take('n', minutes(day))).guess.state, 'taken');
      const { failures, endsAt } = (await stored()).guesses.password;
      assert.deepEqual([failures, endsAt], [1, minutes(2 * day)]);
    });

    test('a full day leaves known browsers as they are [check 109]', async (t) => {
      const { accounts, ada } = await opened(t, { failures: 300, endsAt: minutes(day), networks: [] });
      const known = { id: browserId, accounts: [ada.id] };
      const takes = await together(20, () =>
        accounts.takePasswordGuess({ identifier: 'ada', network, known, now: start }),
      );
      assert.deepEqual(counted(takes.map((take) => take?.guess.state ?? 'no account')), { taken: 5, waiting: 15 });
    });

    test('a month of full days keeps of each night 90 networks, and those with most failures [check 111]', async (t) => {
      const many = [...tried(389, 1), { network, failures: 100, at: start }];
      const { take, stored } = await opened(t, { failures: 300, endsAt: minutes(day), networks: many });
      await take('late', minutes(day));
      const { networks } = (await stored()).guesses.password;
      assert.equal(networks.length, 91);
      assert.deepEqual(networks[0], { network, failures: 100, at: start });
      assert.deepEqual(networks.at(-1), { network: 'late', failures: 1, at: minutes(day) });
    });

    test('a night forgets no network that is used up, however many there are: only those that are not give way [check 109] [check 111]', async (t) => {
      const used = tried(120, 100).map((each) => ({ ...each, network: `used-${each.network}` }));
      const networks = [...tried(60, 99), ...used];
      const { take, stored } = await opened(t, { failures: 300, endsAt: minutes(day), networks });
      for (const { network: one } of used) {
        assert.deepEqual((await take(one, minutes(day))).guess, { state: 'closed' });
      }
      await take('late', minutes(day));
      const kept = (await stored()).guesses.password.networks;
      assert.deepEqual(
        kept.map((each) => each.network).toSorted(),
        ['late', ...used.map((each) => each.network)].toSorted(),
      );
      assert.deepEqual((await take('used-n119', minutes(day))).guess, { state: 'closed' });
    });

    test('what a sign-in with the password alone gives back, as a reset will, opens a full day and a closed network [check 22] [check 109]', async (t) => {
      const networks = [{ network, failures: 100, at: start }];
      const { accounts, ada, take } = await opened(t, { failures: 300, endsAt: minutes(day), networks });
      assert.equal((await take('elsewhere')).guess.state, 'waiting');
      await accounts.refillPassword(ada.id);
      assert.deepEqual((await take(network)).guess, { state: 'taken', failures: 1 });
    });

    test('of 50 tries at once the tenth failure of a network is told once, and not again for a day however often the guesses are given back', async (t) => {
      const at = (failures: number) => ({ failures, networks: [{ network, failures, at: start }] });
      const { accounts, ada, change, take } = await opened(t, { ...at(9), endsAt: minutes(day) });
      const takes = await together(50, () => take(network));
      assert.deepEqual(counted(takes.map(({ tell }) => tell.join())), { network: 1, '': 49 });
      await accounts.refillPassword(ada.id);
      await change(ada.id, { guesses: { ...noGuesses, password: { ...at(20), endsAt: minutes(day) } } });
      assert.deepEqual((await take(network, minutes(day - 20))).tell, []);
      assert.deepEqual(
        (await take(network, minutes(day))).tell,
        ['network'],
        'an attack that goes on is warnedAt each day',
      );
    });

    test('a full day is told once a day, beside the network that filled it', async (t) => {
      const full = (endsAt: Date) => ({ failures: 299, endsAt, networks: [{ network, failures: 20, at: start }] });
      const { change, take } = await opened(t, full(minutes(day)));
      assert.deepEqual((await take(network)).tell, ['network', 'day']);
      const again = async (now: Date) => {
        await change('ada-id', { guesses: { ...noGuesses, password: { ...full(minutes(3 * day)), networks: [] } } });
        return (await take('other', now)).tell;
      };
      assert.deepEqual(await again(minutes(day - 1)), []);
      assert.deepEqual(await again(minutes(day)), ['day']);
    });

    test('the store takes exactly what the rule says and leaves what it leaves, for every count and clock', async (t) => {
      const { change, take, stored, ada } = await opened(t);
      const budgets = [0, 4, 9, 10, 98, 99, 100, 101].flatMap((failures) =>
        [undefined, minutes(-1), start, minutes(1)].map((lockedUntil) => ({
          ...{ network, failures, at: minutes(-2) },
          ...(lockedUntil ? { lockedUntil } : {}),
        })),
      );
      const old = { network, failures: 100, at: minutes(-month) };
      const days = [{ failures: 0 }, ...[3, 299, 300].map((failures) => ({ failures, endsAt: minutes(5) }))];
      const over = { failures: 300, endsAt: start };
      const warnedAt: readonly ToldOfGuesses[] = [{}, { network: minutes(-day), day: minutes(1 - day) }];
      const used = tried(95, 100, 7).map((each) => ({ ...each, network: `used-${each.network}` }));
      const nights = [tried(100, 2, 7), [...tried(100, 2, 7), ...used]];
      for (const own of [undefined, old, ...budgets])
        for (const today of [...days, over])
          for (const [toldOfGuesses, others] of warnedAt.flatMap((told) =>
            nights.map((night) => [told, night] as const),
          )) {
            const before = { ...today, networks: own ? [...others, own] : others };
            await change(ada.id, { guesses: { ...ada.guesses, password: before }, toldOfGuesses });
            const ruled = takeAsStranger({ guesses: before, warnedAt: toldOfGuesses }, network, start);
            const { guess, dayFull, tell } = await take(network);
            const { after, ...expected } = ruled;
            assert.deepEqual({ guess, dayFull, tell }, expected);
            const { guesses, toldOfGuesses: noted } = await stored();
            assert.deepEqual([guesses.password, noted ?? {}], [after.guesses, after.warnedAt]);
          }
    });
  });
}

test('an account that was closed when all strangers shared one count is open, and nothing of that count stays [check 109]', async (t) => {
  const db = await openDatabase(t);
  const accounts = mongoAccounts(db);
  await accounts.create({ id: 'ada-id', email: 'ada@example.com', createdAt: start });
  const rows = db.connection.collection<{ _id: string }>('accounts');
  for (const failures of [5, 99, 100, 250]) {
    const password = { failures, lockedUntil: minutes(15) };
    await rows.updateOne({ _id: 'ada-id' }, { $set: { 'guesses.password': password }, $unset: { tries: 1 } });
    assert.deepEqual((await accounts.find('ada-id'))?.guesses.password, { failures: 0, networks: [] });
    const taken = await accounts.takePasswordGuess({ identifier: 'ada@example.com', network, now: start });
    assert.deepEqual(taken?.guess, { state: 'taken', failures: 1 });
    const row = (await rowsOf(db, 'accounts'))[0] as unknown as AccountRow;
    const left = { failures: 1, endsAt: minutes(day), networks: [{ failures: 1, network, at: start }] };
    assert.deepEqual(row.guesses.password, left);
  }
});
