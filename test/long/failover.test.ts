import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { assertKept } from '../support/accepted.ts';
import { afterPassword, uidOf } from '../support/attack.ts';
import { openOwn } from '../support/own-mongod.ts';
import type { Person } from '../support/person.ts';
import { startReplicaSet } from '../support/replica-set.ts';
import { size } from '../support/size.ts';
import { type Accepted, signInSteadfastly } from '../support/steadfast.ts';
import { startWorld, type World } from '../support/world.ts';

const rounds = size(1, 5);
const people = size(12, 80);
const atOnce = 4;

test('the primary of three killed under sign-ins: all come to their end, no event and no session is lost, no code served twice [check 120]', async (t) => {
  const set = await startReplicaSet(t);
  const world = await startWorld(t, { database: await openOwn(t, set.uri) });
  for (let round = 1; round <= rounds; round += 1) {
    await t.test(`round ${round}`, async (t) => {
      const queue = await Promise.all(Array.from({ length: people }, () => world.person()));
      const load = steadyLoad(world, queue);
      await load.reached(people / 4);
      const fallen = await set.killPrimary();
      await load.reached((people * 3) / 4);
      await set.bringBack(fallen);
      const accepted = await load.all;
      tell(t, accepted);
      assert.equal(accepted.length, people);
      for (const one of accepted) await assertKept(world, one);
    });
  }
});

test('what a primary alone has seen is not accepted: it may die with it, and its code would serve twice [check 20, 120]', async (t) => {
  const set = await startReplicaSet(t);
  const world = await startWorld(t, { database: await openOwn(t, set.uri) });
  const ada = await world.person();
  const browser = await afterPassword(world, ada);
  const code = ada.codeNow();

  const thaw = await set.freezeOthers();
  await browser.submit({ code });
  assert.deepEqual([browser.status, browser.code], [503, undefined]);
  const fallen = await set.killPrimary();
  thaw();
  await set.bringBack(fallen);

  await browser.visit(`/interaction/${uidOf(browser)}`);
  await browser.submit({ code });
  assert.ok(browser.code, 'nothing of it is left');
  const other = await afterPassword(world, ada);
  await other.submit({ code });
  assert.deepEqual([other.status, other.code], [422, undefined]);
});

function steadyLoad(world: World, queue: Person[]) {
  const accepted: Accepted[] = [];
  const waiting: { readonly count: number; readonly go: () => void }[] = [];
  const work = async () => {
    for (let person = queue.pop(); person; person = queue.pop()) {
      accepted.push(await signInSteadfastly(world, person));
      for (const { go } of waiting.filter(({ count }) => count <= accepted.length)) go();
    }
  };
  const all = Promise.all(Array.from({ length: atOnce }, work)).then(() => accepted);
  return {
    all,
    /** When so many have come to their end, or the load has failed. */
    reached: (count: number) => Promise.race([all, new Promise<void>((go) => waiting.push({ count, go }))]),
  };
}

function tell(t: TestContext, accepted: readonly Accepted[]): void {
  const sum = (of: (one: Accepted) => number) => accepted.reduce((total, one) => total + of(one), 0);
  const outages = sum(({ outages }) => outages.length);
  t.diagnostic(`${accepted.length} sign-ins, ${outages} answers of 503, ${sum(({ restarts }) => restarts)} begun anew`);
}
