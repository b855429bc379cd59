import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountRow, afterPassword, captured, editAccount, eventsOf, uidOf } from '../support/attack.ts';
import { holdNextReader } from '../support/race.ts';
import { otherCode, register } from '../support/registration.ts';
import { startWorld } from '../support/world.ts';

const addressLimits = {
  ...{ failureSeconds: 600, wrongPasswords: 50, wrongCodes: 1, wrongClientSecrets: 50 },
  ...{ registrationsPerHour: 60, takenUsernamesPerHour: 30, authorizationsPerMinute: 300 },
};

test('a guess at the code for a new phone is an event and charged to its address, though what was proved before ended while it was judged [check 24]', async (t) => {
  const world = await startWorld(t, { settings: { addressLimits } });
  const [email, phone] = ['ada@example.com', '+447400123456'];
  world.travel(0);
  const browser = await register(world.browser(), { email });
  await browser.submit({ code: world.codeMailedTo(email) });
  await browser.submit({ kind: 'sms' });
  await browser.submit({ phone });
  const [registered] = await eventsOf(world, { kind: 'registration' });
  const accountId = String(registered?.accountId);

  const taking = holdNextReader(t, world.database, { collection: 'accounts', method: 'findOneAndUpdate' });
  const wrong = { code: otherCode(world.codeTextedTo(phone), 1), name: '' };
  const guessing = browser.tab().fetch(captured(browser, `/interaction/${uidOf(browser)}/enrol`, wrong));
  await taking.arrived;
  await editAccount(world, accountId, { $inc: { sessionVersion: 1 } });
  taking.letGo();
  await guessing;

  assert.equal((await accountRow(world, accountId)).guesses.secondFactor.failures, 1, 'it was judged');
  const events = await eventsOf(world, { kind: 'enrolment', result: 'failure', accountId });
  assert.deepEqual(
    events.map(({ detail }) => detail),
    ['sms'],
  );
  const bob = await world.person();
  const next = await afterPassword(world, bob);
  await next.submit({ code: bob.wrongCode() });
  assert.equal(next.status, 429);
});
