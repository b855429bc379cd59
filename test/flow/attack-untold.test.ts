import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountRow, afterPassword, captured, eventsOf, uidOf } from '../support/attack.ts';
import type { Person } from '../support/person.ts';
import { holdNextReader } from '../support/race.ts';
import { mailsTo } from '../support/registration.ts';
import { startWorld, type World } from '../support/world.ts';

/** A wrong code whose sign-in is begun anew by another request while it is judged. */
async function wrongCodeMovedOn(
  t: Parameters<typeof holdNextReader>[0],
  world: World,
  person: Person,
): Promise<number> {
  const thief = await afterPassword(world, person);
  const at = `/interaction/${uidOf(thief)}`;
  const taking = holdNextReader(t, world.database, { collection: 'accounts', method: 'findOneAndUpdate' });
  const guessing = thief.tab().fetch(captured(thief, `${at}/factor`, { code: person.wrongCode() }));
  await taking.arrived;
  await thief.tab().fetch(captured(thief, `${at}/restart`, {}));
  taking.letGo();
  return (await guessing).status;
}

test('a thief who begins anew while a wrong code is judged has answered wrongly: it is an event, and the owner hears of the third [check 24]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  for (let n = 0; n < 4; n += 1) assert.equal(await wrongCodeMovedOn(t, world, ada), 303);
  assert.equal((await accountRow(world, ada.id)).guesses.secondFactor.failures, 4, 'all were judged');
  assert.equal((await eventsOf(world, { kind: 'factor', accountId: ada.id, result: 'failure' })).length, 4);
  assert.equal(mailsTo(world, ada.email), 1);
});

test('it locks the account as any other, and the lock is an event', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  for (let n = 0; n < 10; n += 1) {
    // Right passwords whose sign-in does not end wait too.
    world.travel(901);
    await wrongCodeMovedOn(t, world, ada);
  }
  const [lock, ...more] = await eventsOf(world, { kind: 'lock', accountId: ada.id });
  assert.deepEqual([lock?.detail, more], ['second_factor', []]);
});

test('it counts against its address', async (t) => {
  const addressLimits = { ...(await startWorld(t)).config.addressLimits, wrongCodes: 2 };
  const world = await startWorld(t, { settings: { addressLimits } });
  world.travel(0);
  const ada = await world.person();
  for (let n = 0; n < 2; n += 1) await wrongCodeMovedOn(t, world, ada);
  const browser = await afterPassword(world, ada);
  await browser.submit({ code: ada.wrongCode() });
  assert.equal(browser.status, 429);
});
