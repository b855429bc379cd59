import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { totpData } from '../../src/factors/totp-data.ts';
import { defined } from '../../src/platform/defined.ts';
import { noGuesses, type Taken } from '../../src/protection/budgets.ts';
import { connect, isOutage } from '../../src/storage/connection.ts';
import { stores } from '../../src/wiring/stores.ts';
import { adaWithApp, minutes, together, totp } from '../support/account-stores.ts';
import { openDatabase } from '../support/database.ts';
import { openLine } from '../support/line.ts';
import { testDatabaseUri } from '../support/mongod.ts';
import { seeded } from '../support/seeded.ts';

const now = minutes(60);
const use = { accountId: 'ada', factorId: 'f1', now };

/** An account with an app, over three pools of connections as three processes have them. */
async function three(t: TestContext, uriOf = async (name: string) => testDatabaseUri(name)) {
  const database = await openDatabase(t);
  const ports = await together(3, async () => {
    const uri = new URL(await uriOf(database.connection.name));
    // As many as a busy machine opens within the time that a command may wait for one.
    uri.searchParams.set('maxPoolSize', '16');
    const joined = await connect({ uri: uri.href });
    t.after(() => joined.close());
    return stores(joined);
  });
  return { ...(await adaWithApp(database)), portsOf: (n: number) => ports[n % 3] ?? assert.fail() };
}

/** At once, however busy the machine is: whoever got no connection in time has sent nothing, and asks again. */
const burst = <T>(times: number, act: (n: number) => Promise<T>) => together(times, (n) => patiently(() => act(n)));

async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (fault) {
    if (!(fault instanceof Error && fault.name === 'MongoWaitQueueTimeoutError')) throw fault;
    return patiently(ask);
  }
}

test('of 200 wrong codes at once over three processes ten are judged, as where the guess is taken first [check 21]', async (t) => {
  const { portsOf, change, ada } = await three(t);
  const states = (all: readonly Taken[]) => all.map(({ state }) => state).toSorted();
  const first = await burst(200, (n) => portsOf(n).guesses.take('ada', now));
  const counted = (await ada()).guesses;
  await change({ guesses: noGuesses });
  const atOnce = await burst(200, (n) => portsOf(n).timeSteps.guess(use));
  assert.deepEqual(states(atOnce.map(({ taken }) => taken)), [
    ...Array(10).fill('taken'),
    ...Array(190).fill('waiting'),
  ]);
  assert.deepEqual(states(atOnce.map(({ taken }) => taken)), states(first));
  assert.deepEqual((await ada()).guesses, counted);
  assert.deepEqual(counted.secondFactor, { failures: 10, lockedUntil: minutes(75) });
});

test('of 200 right codes at once over three processes one is spent [check 20]', async (t) => {
  const { portsOf, ada } = await three(t);
  const all = await burst(200, (n) => portsOf(n).timeSteps.guess({ ...use, step: 101 }));
  assert.equal(all.filter(({ spent }) => spent).length, 1);
  assert.ok(all.filter(({ taken }) => taken.state === 'taken').length <= 11);
  assert.deepEqual((await ada()).factors, [{ ...totp({}, { lastStep: 101 }), lastUsedAt: now }]);
});

test('one right code at a random place among 100 at once succeeds in a tenth of the rounds, as where the guess is taken first [check 21]', async (t) => {
  const { portsOf, change } = await three(t);
  const rounds = 20;
  const place = seeded(20_300_101);
  const won = { atOnce: 0, takenFirst: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const right = place(100);
    await change({ factors: [totp()], guesses: noGuesses });
    const all = await burst(100, (n) => portsOf(n).timeSteps.guess({ ...use, ...(n === right ? { step: 101 } : {}) }));
    if (all[right]?.spent) won.atOnce += 1;
    assert.ok(all.every(({ spent, taken }) => !spent || taken.state === 'taken'));
    const judged = all.filter(({ taken }) => taken.state === 'taken').length;
    assert.ok(judged <= (all[right]?.spent ? 20 : 10), 'no more than the budget, anew after a spend');

    await change({ factors: [totp()], guesses: noGuesses });
    const takes = await burst(100, (n) => portsOf(n).guesses.take('ada', now));
    if (takes[right]?.state === 'taken') won.takenFirst += 1;
  }
  t.diagnostic(`of ${rounds} rounds: ${JSON.stringify(won)}`);
  // Four times the spread of a fair tenth.
  const most = rounds / 10 + 4 * Math.sqrt(rounds * 0.09);
  assert.ok(won.atOnce <= most && won.takenFirst <= most, JSON.stringify(won));
});

test('connections cut in the middle of a burst: whoever is told was counted, no more than the budget was, and one step is spent once [check 20] [check 21]', async (t) => {
  const lines: Awaited<ReturnType<typeof openLine>>[] = [];
  const { portsOf, change, ada } = await three(t, async (name) => {
    const line = await openLine(t, name);
    lines.push(line);
    return line.uri;
  });
  for (const step of [undefined, 101]) {
    await change({ factors: [totp()], guesses: noGuesses });
    let told = 0;
    const all = await Promise.allSettled(
      Array.from({ length: 200 }, async (_, n) => {
        const guess = await portsOf(n).timeSteps.guess({
          ...use,
          ...defined({ step: n % 4 === 0 ? step : undefined }),
        });
        told += 1;
        if (told === 4) await Promise.all(lines.map((line) => line.cut().then(line.mend)));
        return guess;
      }),
    );
    const failed = all.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    assert.deepEqual(
      failed.filter((reason) => !isOutage(reason)),
      [],
    );
    const came = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const { factors, guesses } = await ada();
    const isSpent = totpData(factors[0] ?? assert.fail()).lastStep === 101;
    const judged = came.filter(({ taken }) => taken.state === 'taken').length;
    t.diagnostic(`${judged} judged, ${failed.length} of 200 told of an outage${isSpent ? ', one spent' : ''}`);
    assert.ok(judged <= (isSpent ? 20 : 10));
    assert.ok(guesses.secondFactor.failures <= 10);
    if (!isSpent) assert.ok(guesses.secondFactor.failures >= judged);
    assert.ok(came.filter(({ spent }) => spent).length <= (isSpent ? 1 : 0));
  }
});
