import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterPassword, captured, editAccount, nothing, spoils, uidOf } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { rowsOf, signedInRows } from '../support/database.ts';
import type { Person } from '../support/person.ts';
import { startWorld, type World } from '../support/world.ts';

const raised = { $inc: { sessionVersion: 1 } };
const disabled = { $set: { active: false } };

/** Everything is proved and the library told; only the last redirect is not followed yet. */
async function parked(world: World, person: Person, browser = world.browser()): Promise<Browser> {
  await afterPassword(world, person, { browser, options: { prompt: 'login' } });
  const uid = uidOf(browser);
  await browser.fetch(captured(browser, `/interaction/${uid}/factor`, { code: person.codeNow() }));
  const told = await browser.fetch({ method: 'GET', url: new URL(`/interaction/${uid}`, world.issuer), headers: {} });
  assert.equal(told.status, 200);
  return browser;
}

for (const [name, change] of Object.entries({ 'its sessions were ended': raised, 'it was disabled': disabled })) {
  test(`an attempt parked before its last redirect is worth nothing once ${name} [check 86]`, async (t) => {
    const world = await startWorld(t);
    const ada = await world.person();
    const browser = await parked(world, ada);
    await editAccount(world, ada.id, change);
    await browser.visit(`/auth/${uidOf(browser)}`);
    assert.deepEqual([browser.code, browser.stage], [undefined, 'sign-in']);
    await browser.visit(`/interaction/${uidOf(browser)}`);
    assert.equal(browser.stage, 'sign-in');
    await browser.visit(`/auth/${uidOf(browser)}`);
    assert.equal(browser.code, undefined, 'nor does the next round take the old result along');
    const silent = await browser.tab().authorize({ prompt: 'none' });
    assert.equal(silent.callback?.get('error'), 'login_required');
    assert.deepEqual(await spoils(world), nothing);
  });

  test(`proofs that wait for a consent are worth nothing once ${name} [check 86]`, async (t) => {
    const world = await startWorld(t);
    const ada = await world.person();
    const browser = await afterPassword(world, ada, { party: world.party('third') });
    await browser.submit({ code: ada.codeNow() });
    assert.equal(browser.stage, 'consent');
    await editAccount(world, ada.id, change);
    await browser.submit({ decision: 'allow' });
    assert.deepEqual([browser.code, browser.stage], [undefined, 'sign-in']);
    assert.deepEqual(await rowsOf(world.database, 'consents'), []);
    assert.deepEqual(await spoils(world), nothing);
  });

  test(`a proved password is worth nothing once ${name} [check 86]`, async (t) => {
    const world = await startWorld(t);
    const ada = await world.person();
    const browser = await afterPassword(world, ada);
    const code = captured(browser, `/interaction/${uidOf(browser)}/factor`, { code: ada.codeNow() });
    await editAccount(world, ada.id, change);
    await browser.send(code);
    assert.deepEqual([browser.code, browser.stage], [undefined, 'sign-in']);
    assert.deepEqual(await spoils(world), nothing);
  });

  test(`a session is worth nothing once ${name}: no code, no consent in its name [check 86]`, async (t) => {
    const world = await startWorld(t);
    const ada = await world.person();
    const browser = await world.browser().signIn(ada);
    const before = await spoils(world);
    const consent = await browser.tab().authorize({ prompt: 'consent' }, world.party('third'));
    assert.equal(consent.stage, 'consent', 'the session alone is enough for that');
    const choice = await browser.tab().authorize({ prompt: 'select_account' });
    assert.equal(choice.stage, 'signed-in-as');

    await editAccount(world, ada.id, change);
    const silent = await browser.tab().authorize({ prompt: 'none' });
    assert.equal(silent.callback?.get('error'), 'login_required');
    await consent.submit({ decision: 'allow' });
    assert.equal(consent.code, undefined);
    assert.deepEqual(await rowsOf(world.database, 'consents'), [], 'a dead session allows nothing');
    await choice.press('continue');
    assert.equal(choice.code, undefined);
    assert.equal((await browser.tab().authorize()).stage, 'sign-in');
    assert.deepEqual({ ...(await spoils(world)), sessions: before.sessions }, before);
  });
}

test('an attempt that was complete when the library could not be told, and whose account changed since, is over [check 86]', async (t) => {
  const world = await startWorld(t);
  for (const change of [raised, disabled]) {
    const ada = await world.person();
    const browser = await afterPassword(world, ada);
    const attempts = world.database.connection.collection('attempts');
    await attempts.updateOne({ accountId: ada.id }, { $set: { finishedAt: new Date() } });
    await editAccount(world, ada.id, change);
    await browser.reload();
    assert.deepEqual([browser.status, browser.page.facts.code], [410, 'sign_in_ended']);
  }
  assert.deepEqual(await spoils(world), nothing);
});

test('a code of an account that was disabled meanwhile is not redeemed [check 86]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await world.browser().signIn(ada);
  await editAccount(world, ada.id, disabled);
  await assert.rejects(browser.redeem(), { error: 'invalid_grant' });
});

test('a silent request in flight while the session changes hands never revives the old one [check 86]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const [ada, bob] = [await world.person(), await world.person()];
  const browser = await world.browser().signIn(ada);
  const stolen = await browser.cookies();
  await afterPassword(world, bob, { browser, options: { prompt: 'login' } });
  const inFlight = Array.from({ length: 10 }, () => browser.tab().authorize({ prompt: 'none' }));
  const bobs = browser.submit({ code: bob.codeNow() });
  await Promise.all([...inFlight, bobs]);
  assert.ok(browser.code);
  assert.equal((await browser.redeem()).claims()?.sub, bob.id);

  const thief = world.browser();
  for (const cookie of stolen) await thief.jar.setCookie(`${cookie}; Path=/`, world.issuer);
  await thief.authorize({ prompt: 'none' });
  assert.equal(thief.callback?.get('error'), 'login_required');
  const records = await signedInRows(world.database);
  assert.deepEqual(
    records.map((row) => row.accountId),
    [bob.id],
  );
});

test('two people parked in one browser: nobody gets a code for the other [check 78]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const [ada, bob] = [await world.person(), await world.person()];
  const browser = world.browser();
  const adas = await parked(world, ada, browser.tab());
  const bobs = await parked(world, bob, browser.tab());
  await bobs.visit(`/auth/${uidOf(bobs)}`);
  assert.equal((await bobs.redeem()).claims()?.sub, bob.id);
  await adas.visit(`/auth/${uidOf(adas)}`);
  assert.equal(adas.code, undefined, 'the library asks first whether Bob shall be signed out');
  const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(adas.text) ?? [];
  await adas.post('/session/end/confirm', { xsrf, logout: 'yes' });
  assert.equal((await adas.redeem()).claims()?.sub, ada.id);
  const records = await rowsOf(world.database, 'Session');
  assert.deepEqual(
    records.map((row) => row.accountId),
    [ada.id],
    'and then he is',
  );
});
