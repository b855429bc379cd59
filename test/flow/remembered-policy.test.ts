import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passFor } from '../support/administration.ts';
import { rowsOf } from '../support/database.ts';
import { chooseWay } from '../support/mail-ways.ts';
import { deviceCookiesOf, later, remembered, withPassword } from '../support/remembered.ts';
import { startWorld, type World } from '../support/world.ts';

const always = { rememberDevice: { days: 0, exceptRoles: [] } };
const formOf = (page: { readonly actions: readonly { readonly name: string; readonly fields: readonly string[] }[] }) =>
  page.actions.find(({ name }) => name === 'factor')?.fields;

async function giveRoles(world: World, id: string, roles: readonly string[]): Promise<void> {
  const accounts = world.database.connection.collection<{ _id: string; roles: readonly string[] }>('accounts');
  await accounts.updateOne({ _id: id }, { $set: { roles } });
}

test('where it is offered, the page and its JSON twin say for how many days; the field is the form’s own', async (t) => {
  const world = await startWorld(t, { settings: { rememberDevice: { days: 14, exceptRoles: [] } } });
  const ada = await world.person({ ways: ['totp', 'email'] });
  const browser = await withPassword(world.browser(), ada);
  assert.equal(browser.page.facts.rememberDays, 14);
  assert.deepEqual(formOf(browser.page), ['way', 'code', 'remember']);
  browser.headers.accept = 'text/html';
  await browser.reload();
  assert.match(browser.text, /Do not ask for a code on this device for 14 days/);
  const [box = ''] = /<input[^>]*name="remember"[^>]*>/.exec(browser.text) ?? [];
  assert.ok(box && !box.includes('checked'), 'nobody ticked it');
});

test('a wrong code leaves the box as its owner ticked it', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await withPassword(world.browser(), ada);
  const at = browser.page.actions.find(({ name }) => name === 'factor')?.href ?? '';
  await browser.post(at, { code: ada.wrongCode(), remember: 'yes' }, { accept: 'text/html' });
  assert.match(browser.text, /<input[^>]*name="remember"[^>]*checked/);
});

test('where the policy does not offer it, the page says nothing about it, and the field is none of its form', async (t) => {
  const world = await startWorld(t, { settings: always });
  const ada = await world.person();
  const browser = await withPassword(world.browser(), ada);
  assert.equal(browser.page.facts.rememberDays, undefined);
  assert.deepEqual(formOf(browser.page), ['way', 'code']);
  const at = browser.page.actions.find(({ name }) => name === 'factor')?.href ?? '';
  const { status } = await browser.post(at, { code: ada.codeNow(), remember: 'yes' });
  assert.equal(status, 400);
  assert.deepEqual(await rowsOf(world.database, 'remembered_devices'), []);
  await browser.authorize();
  browser.headers.accept = 'text/html';
  await browser.reload();
  assert.doesNotMatch(browser.text, /on this device/);
});

test('a recovery code and a pass stand in for a factor, and their pages have no box [check 44]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ recovery: 2 });
  const codes = { recovery: ada.recoveryCodes[0] ?? '', pass: await passFor(world, ada) };
  for (const [way, code] of Object.entries(codes)) {
    const browser = await withPassword(world.browser(), ada);
    await chooseWay(browser, way);
    assert.deepEqual(formOf(browser.page), ['way', 'code'], way);
    const at = browser.page.actions.find(({ name }) => name === 'factor')?.href ?? '';
    await browser.post(at, { code, remember: 'yes' });
    assert.equal(browser.status, 400, way);
    assert.deepEqual(await deviceCookiesOf(browser), []);
  }
});

test('a mailed code remembers as well, and is no stronger by it', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ ways: ['email'] });
  const browser = await withPassword(world.browser(), ada);
  await browser.submit({ code: world.codeMailedTo(ada.email), remember: 'yes' });
  const mails = world.outbox.mails.length;
  const again = await withPassword(await later(world, browser), ada);
  assert.equal((await again.redeem()).claims()?.acr, 'urn:twofold:1fa');
  assert.equal(world.outbox.mails.length, mails, 'no code is sent');
});

test('once the policy asks everybody, or by a role, a remembered device is worth nothing', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await remembered(world.browser(), ada);
  const strict = await startWorld(t, { database: world.database, settings: { ...always, issuer: world.issuer } });
  assert.equal((await withPassword(await later(strict, browser), ada)).stage, 'totp');
  const byRole = { rememberDevice: { days: 30, exceptRoles: ['admin'] }, issuer: world.issuer };
  const partly = await startWorld(t, { database: world.database, settings: byRole });
  const kept = await withPassword(await later(partly, browser), ada);
  assert.ok(kept.code);
  await giveRoles(world, ada.id, ['admin']);
  const raised = await withPassword(await later(partly, kept), ada);
  assert.equal(raised.stage, 'totp');
  assert.equal(raised.page.facts.rememberDays, undefined);
  await kept.authorize({ prompt: 'none' });
  assert.equal(kept.callback?.get('error'), 'login_required', 'nor is the session that began by it');
  await kept.visit('/account');
  assert.equal(kept.stage, 'sign-in');
});

test('whoever switched two-step sign-in off is asked for no factor, and no device is looked for', async (t) => {
  const world = await startWorld(t, { settings: { secondFactor: 'when-enrolled' } });
  const ada = await world.person();
  const browser = await remembered(world.browser(), ada);
  const before = await rowsOf(world.database, 'remembered_devices');
  const accounts = world.database.connection.collection<{ _id: string }>('accounts');
  await accounts.updateOne({ _id: ada.id }, { $set: { twoStepOff: true } });
  const again = await withPassword(await later(world, browser), ada);
  const claims = (await again.redeem()).claims();
  assert.deepEqual([claims?.acr, claims?.remembered_since], ['urn:twofold:1fa', undefined]);
  assert.deepEqual(await rowsOf(world.database, 'remembered_devices'), before);
});
