import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import argon2 from 'argon2';
import { triedHere } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { watchedDatabase } from '../support/commands.ts';
import { register } from '../support/registration.ts';
import { startWorld } from '../support/world.ts';

const wrong = 'an albatross in the cellar';

/** A world whose every database command and every hash is counted. */
async function counted(t: TestContext) {
  const { database, during } = await watchedDatabase(t);
  const world = await startWorld(t, { database });
  const hash = t.mock.method(argon2, 'hash');
  const verify = t.mock.method(argon2, 'verify');
  const cost = async (act: () => Promise<unknown>) => {
    const before = hash.mock.callCount() + verify.mock.callCount();
    const commands = await during(act);
    const hashes = hash.mock.callCount() + verify.mock.callCount() - before;
    // What no account has is written where nobody reads: the same command, on rows of the same kind.
    return { hashes, commands: commands.map((command) => command.replace('decoys', 'accounts')) };
  };
  return { world, cost };
}

test('an unknown, a wrong, a waiting, a closed and a disabled sign-in cost the same hash and the same commands [check 10]', async (t) => {
  const { world, cost } = await counted(t);
  const rows = world.database.connection.collection<{ _id: string }>('accounts');
  const person = async (change: object) => {
    const { id, email } = await world.person();
    await rows.updateOne({ _id: id }, { $set: { roles: [], ...change } });
    return email;
  };
  const lockedUntil = new Date(Date.now() + 3_600_000);
  const cases = {
    unknown: 'nobody@example.com',
    malformed: 'no body@@',
    waiting: await person({ 'guesses.password': triedHere(world, { failures: 7, lockedUntil }) }),
    closed: await person({ 'guesses.password': triedHere(world, { failures: 100 }) }),
    'on a full day': await person({ 'guesses.password': { failures: 300, endsAt: lockedUntil, networks: [] } }),
    'told of': await person({ 'guesses.password': triedHere(world, { failures: 9 }) }),
    disabled: await person({ active: false }),
    'without a password': await person({ passwordHash: '' }),
  };
  const wrongPerson = await person({});
  const browser = await world.browser().authorize();
  const costOf = (identifier: string) => cost(() => browser.submit({ identifier, password: wrong }));
  const expected = await costOf(wrongPerson);
  assert.equal(expected.hashes, 1);
  for (const [name, identifier] of Object.entries(cases)) assert.deepEqual(await costOf(identifier), expected, name);
});

test('a browser that is known to an account costs the same for this account and for any other name [check 10]', async (t) => {
  const { world, cost } = await counted(t);
  const [ada, grace] = [await world.person(), await world.person()];
  const browser = await world.browser().signIn(ada);
  await browser.authorize({ prompt: 'login' });
  const costOf = (identifier: string) => cost(() => browser.submit({ identifier, password: wrong }));
  const expected = await costOf(ada.email);
  assert.deepEqual(await costOf(grace.email), expected);
  assert.deepEqual(await costOf('nobody@example.com'), expected);
});

test('a known and an unknown address cost the same to register, to ask for another code and to guess one [check 10]', async (t) => {
  const { world, cost } = await counted(t);
  await world.person({ email: 'known@example.com', username: 'known' });
  const costs = async (email: string) => {
    const browser = await world.browser().authorize();
    const forms: readonly ((browser: Browser) => Promise<unknown>)[] = [
      () => browser.press('register'),
      () => browser.submit({ email, username: 'known', password: wrong }),
      () => browser.submit({ code: '123456' }),
      () => browser.press('send'),
      async () => world.travel(61),
      () => browser.press('send'),
    ];
    const seen = [];
    for (const act of forms) seen.push(await cost(() => act(browser)));
    return seen;
  };
  const expected = await costs('known@example.com');
  assert.equal(expected[1]?.hashes, 1);
  assert.deepEqual(await costs('nobody@example.com'), expected);
  assert.equal(world.outbox.mails.length, 4);
});

type Sample = () => Promise<unknown>;

/** The quickest of each, taken in turns: whatever else the machine does only makes things slower. */
async function quickest(rounds: number, sample: (round: number) => Readonly<Record<string, Sample>>) {
  const best: Record<string, number> = {};
  for (let round = 0; round < rounds; round++) {
    for (const [kind, act] of Object.entries({ ...sample(round), hash: oneHash })) {
      const begun = performance.now();
      await act();
      best[kind] = Math.min(best[kind] ?? Number.POSITIVE_INFINITY, performance.now() - begun);
    }
  }
  return best;
}

/** A hash that one side saves shows every time; noise of the machine does not come five times over. */
async function assertAlike(measure: (series: number) => ReturnType<typeof quickest>): Promise<void> {
  const seen: string[] = [];
  for (let series = 0; series < 5; series++) {
    const { hash = 0, ...times } = await measure(series);
    const spread = Math.max(...Object.values(times)) - Math.min(...Object.values(times));
    if (spread < hash / 2) return;
    seen.push(JSON.stringify({ ...times, hash }));
  }
  assert.fail(`half a hash or more apart: ${seen}`);
}

const oneHash: Sample = () =>
  argon2.hash(wrong, { type: argon2.argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 });

test('unknown, wrong and waiting take the same time, to half a hash [check 10]', async (t) => {
  const world = await startWorld(t);
  const people = await Promise.all(Array.from({ length: 15 }, () => world.person()));
  const waiting = await world.person();
  const browser = await world.browser().authorize();
  const attempt = (identifier: string) => () => browser.submit({ identifier, password: wrong });
  for (let n = 0; n < 5; n++) await attempt(waiting.email)();
  await assertAlike((series) =>
    quickest(12, (round) => ({
      unknown: attempt(`nobody-${round}@example.com`),
      // Four tries each: the fifth would make this one wait, too.
      wrong: attempt(people[series * 3 + (round % 3)]?.email ?? ''),
      waiting: attempt(waiting.email),
    })),
  );
});

test('registering a known and an unknown address takes the same time, to half a hash [check 10]', async (t) => {
  const world = await startWorld(t);
  const known = await Promise.all(Array.from({ length: 50 }, () => world.person()));
  const begun = await Promise.all(known.flatMap(() => [world.browser().authorize(), world.browser().authorize()]));
  for (const browser of begun) await browser.press('register');
  const attempt = (n: number, email: string) => () => register(begun[n] ?? assert.fail(), { email });
  await assertAlike((series) =>
    quickest(10, (round) => {
      const n = series * 10 + round;
      return {
        known: attempt(2 * n, known[n]?.email ?? ''),
        unknown: attempt(2 * n + 1, `nobody-${n}@example.com`),
      };
    }),
  );
});
