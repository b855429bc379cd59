import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountChanges } from '../../src/self-service/account-change.ts';
import { useCases } from '../support/use-cases.ts';

const client = { clientId: 'own', name: 'Twofold' };

/** Ada has an authenticator app, and changes what she has in one session and another. */
async function changing() {
  const world = await useCases();
  const { attempts, events, factors, clock, codes } = world;
  const changes = accountChanges({
    ...{ attempts, events, factors, client, deliveredCodes: codes, now: () => clock.now },
    report: (cause) => assert.fail(String(cause)),
  });
  const at = { createdAt: clock.now, lastUsedAt: clock.now };
  await world.ada({ factors: [{ id: 'f1', kind: 'totp', name: '', ...at }] });
  const changer = async (session = 'session') => {
    return { account: await world.stored(), session: { id: session }, origin: {} };
  };
  const enrolment = (factorId = 'new') => {
    return { factorId, kind: 'totp', expiresAt: new Date(clock.now.getTime() + 10 * 60_000) };
  };
  return { ...world, changes, changer, enrolment };
}

test('one change runs in a session, and no other session knows of it [check 33]', async () => {
  const { changes, changer, enrolment, wait } = await changing();
  const ada = await changer();
  assert.equal(await changes.find(ada), undefined);
  await changes.begin(ada, { enrolment: enrolment('one') });
  assert.equal(await changes.find(await changer('another')), undefined);
  await changes.begin(ada, { enrolment: enrolment('double click') });
  assert.equal((await changes.find(ada))?.attempt.enrolment?.factorId, 'one', 'a double click begins once');
  wait(5);
  await changes.begin(ada, { enrolment: enrolment('two') });
  const step = await changes.find(ada);
  assert.equal(step?.attempt.enrolment?.factorId, 'two', 'a second start replaces the first');
  assert.deepEqual([step?.attempt.purpose, step?.attempt.clientId], ['change', 'own']);
});

test('of starts at once one is the change, and one that is over gives way to the next [check 34]', async () => {
  const { changes, changer, enrolment, wait } = await changing();
  const ada = await changer();
  const names = ['one', 'two', 'three'];
  const begun = await Promise.all(names.map((name) => changes.begin(ada, { enrolment: enrolment(name) })));
  assert.equal(begun.filter((outcome) => 'reached' in outcome).length, 1);
  wait(60 * 60);
  assert.equal(await changes.find(ada), undefined);
  await changes.begin(ada, { enrolment: enrolment('later') });
  assert.equal((await changes.find(ada))?.attempt.enrolment?.factorId, 'later');
});

test('however often it is renewed a change ends half an hour after it was begun [check 34]', async () => {
  const { changes, changer, enrolment, wait, cases } = await changing();
  const ada = await changer();
  await changes.begin(ada, { enrolment: enrolment() });
  for (let minutes = 0; minutes < 27; minutes += 9) {
    const step = (await changes.find(ada)) ?? assert.fail(`over after ${minutes} minutes`);
    await cases.renewEnrolment(step);
    wait(9 * 60);
  }
  assert.ok(await changes.find(ada));
  wait(3 * 60);
  assert.equal(await changes.find(ada), undefined);
});

test('a change ends when its account changes, is another one, or it was given up [check 33, 86]', async () => {
  const { changes, changer, enrolment, accounts } = await changing();
  const ada = await changer();
  await changes.begin(ada, { enrolment: enrolment() });
  assert.equal(await changes.find({ ...ada, account: { ...ada.account, id: 'eve' } }), undefined);
  await accounts.change('ada', { sessionVersion: 1 });
  assert.equal(await changes.find(await changer()), undefined);
  await accounts.change('ada', { sessionVersion: 0 });
  assert.ok(await changes.find(ada));
  await changes.cancel(ada);
  assert.equal(await changes.find(ada), undefined);
  await changes.begin(ada, { enrolment: enrolment() });
  assert.ok(await changes.find(ada));
});

test('a change that is over holds nothing of what was pending [check 34]', async () => {
  const { changes, changer, enrolment, cases, accounts, attempts, clock } = await changing();
  const ada = await changer();
  await changes.begin(ada, { recovery: { salt: 'salt', sealedCodes: 'sealed' } });
  await accounts.change('ada', { recovery: { salt: 'salt', hashes: [], createdAt: clock.now } });
  const step = (await changes.find(await changer())) ?? assert.fail();
  await cases.saveCodes(step, { saved: 'yes', set: 'salt' });
  const row = await attempts.find(step.attempt.id, clock.now);
  assert.deepEqual([row?.accountId, row?.shown, row?.recovery, row?.proofs], [undefined, undefined, undefined, []]);
  assert.ok(row?.finishedAt);
  assert.equal(await changes.find(ada), undefined);
  await changes.begin(ada, { enrolment: enrolment() });
  assert.ok(await changes.find(ada));
});
