import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowsOf } from '../support/database.ts';
import { eventsOf } from '../support/events.ts';
import { codeOf, wrongCodeOf } from '../support/person.ts';
import { redeemRaw } from '../support/token-endpoint.ts';
import { startWorld, type World } from '../support/world.ts';

async function told(world: World) {
  const events = await rowsOf(world.database, 'events');
  for (const { at, address, browser, requestId } of events) {
    assert.ok(at instanceof Date && Math.abs(at.getTime() - Date.now()) < 120_000);
    assert.equal(address, '127.0.0.1');
    assert.equal(browser, 'node');
    assert.ok(
      world.logged.some((line) => line.includes(`"requestId":"${requestId}"`)),
      'the log has the same request',
    );
  }
  return events.map(({ kind, result, detail, accountId, clientId }) => ({ kind, result, detail, accountId, clientId }));
}

test('a sign-in and what failed before it: one event each, with account, client, address and request [check 112]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await world.browser().authorize();
  await browser.submit({ identifier: 'nobody@example.com', password: 'a wrong one altogether' });
  await browser.submit({ identifier: ada.email, password: 'a wrong one altogether' });
  await browser.submit({ identifier: ada.email, password: ada.password });
  await browser.submit({ code: ada.wrongCode() });
  await browser.submit({ code: ada.codeNow() });
  await browser.visit('/session/end');
  await browser.submit({ xsrf: String(browser.page.facts.xsrf), logout: 'yes' });
  const who = { accountId: ada.id, clientId: 'app' };
  const wrong = { kind: 'password', result: 'failure' };
  assert.deepEqual(await told(world), [
    { ...wrong, detail: 'unknown', accountId: undefined, clientId: 'app' },
    { ...wrong, detail: 'wrong', ...who },
    { kind: 'factor', result: 'failure', detail: 'wrong', ...who },
    { kind: 'sign_in', result: 'success', detail: '2fa', ...who },
    { kind: 'sign_out', result: 'success', detail: undefined, accountId: ada.id, clientId: undefined },
  ]);
});

test('the wrong password that begins a wait is told as a lock too, in the same command [check 10, 112]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await world.browser().authorize();
  for (let tries = 0; tries < 6; tries += 1)
    await browser.submit({ identifier: ada.email, password: 'a wrong one altogether' });
  const kinds = (await told(world)).map(({ kind, detail }) => `${kind} ${detail}`);
  assert.deepEqual(kinds.slice(4), ['password wrong', 'lock password', 'password waiting']);
});

test('a registration, its enrolment and its consent are told, each once [check 112]', async (t) => {
  const world = await startWorld(t);
  const browser = await world.browser().authorize({}, world.party('third'));
  await browser.press('register');
  await browser.submit({ email: 'ada@example.com', password: 'a walrus in the attic' });
  const right = world.codeMailedTo('ada@example.com');
  await browser.submit({ code: right === '000000' ? '111111' : '000000' });
  await browser.submit({ code: right });
  const secret = String(browser.page.facts.secret);
  await browser.submit({ code: wrongCodeOf(secret), name: 'Phone' });
  await browser.submit({ code: codeOf(secret), name: 'Phone' });
  await browser.submit({ decision: 'allow' });
  await browser.redeem();
  const [account] = await rowsOf(world.database, 'accounts');
  const who = { accountId: account?._id, clientId: 'third' };
  const ok = { result: 'success', ...who };
  assert.deepEqual(await told(world), [
    { kind: 'mail_code', result: 'failure', detail: 'registration', accountId: undefined, clientId: 'third' },
    { kind: 'registration', detail: undefined, ...ok },
    { kind: 'enrolment', detail: 'totp', ...ok, result: 'failure' },
    { kind: 'factor_added', detail: 'totp', ...ok },
    { kind: 'enrolment', detail: 'recovery', ...ok },
    { kind: 'consent', detail: undefined, ...ok },
    { kind: 'sign_in', detail: '2fa', ...ok },
  ]);
});

test('a code replayed at the token endpoint is told with the account it was for [check 112]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await world.browser().signIn(ada);
  await redeemRaw(browser);
  await redeemRaw(browser);
  assert.equal((await eventsOf(world, 'code_reuse')).length, 1);
  const kinds = (await told(world)).filter(({ kind }) => kind === 'code_reuse');
  assert.deepEqual(kinds, [
    { kind: 'code_reuse', result: 'failure', detail: 'code', accountId: ada.id, clientId: 'app' },
  ]);
});

test("another person's sign-in in the same browser tells the first one's sign-out [check 112]", async (t) => {
  const world = await startWorld(t);
  const [ada, bob] = [await world.person(), await world.person()];
  const browser = await world.browser().signIn(ada);
  await browser.signIn(bob, { prompt: 'login' });
  assert.ok(browser.code);
  const outs = (await told(world)).filter(({ kind }) => kind === 'sign_out');
  assert.equal(outs.length, 1);
  assert.equal(outs[0]?.accountId, ada.id);
});
