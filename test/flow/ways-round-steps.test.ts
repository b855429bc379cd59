import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountRow, afterPassword, everyForm, nothing, spoils, uidOf } from '../support/attack.ts';
import { startWorld } from '../support/world.ts';

test('before anything is proved a direct POST to any later step leads back to the password [check 77]', async (t) => {
  const world = await startWorld(t);
  const browser = await world.browser().authorize();
  const uid = uidOf(browser);
  const later = Object.entries(everyForm).filter(([path]) => !['sign-in', 'register'].includes(path));
  for (const [path, fields] of later) {
    await browser.post(`/interaction/${uid}/${path}`, fields);
    assert.deepEqual([browser.status, browser.stage], [200, 'sign-in'], path);
  }
  assert.deepEqual(await spoils(world), nothing);
});

test('after the password alone a direct POST to any other step leads back to the factor [check 77, 80]', async (t) => {
  const world = await startWorld(t);
  for (const clientId of ['app', 'third']) {
    const ada = await world.person();
    const browser = await afterPassword(world, ada, { party: world.party(clientId) });
    const uid = uidOf(browser);
    const others = Object.entries(everyForm).filter(([path]) => path !== 'factor');
    for (const [path, fields] of others) {
      await browser.post(`/interaction/${uid}/${path}`, fields);
      assert.deepEqual([browser.status, browser.stage], [200, 'totp'], path);
    }
    const row = await accountRow(world, ada.id);
    assert.equal(row.guesses.secondFactor.failures, 0, 'a form out of order takes no guess');
    assert.equal(row.factors.length, 1);
  }
  assert.deepEqual(await spoils(world), nothing);
});

test('a forced enrolment is reached again whatever form is posted instead [check 33, 36]', async (t) => {
  const world = await startWorld(t);
  const bob = await world.person({ totp: false });
  const browser = await afterPassword(world, bob);
  const uid = uidOf(browser);
  for (const path of ['enrol', 'enrol/renew', 'factor', 'consent', 'continue', 'other', 'username', 'register']) {
    await browser.post(`/interaction/${uid}/${path}`, everyForm[path] ?? {});
    assert.deepEqual([browser.status, browser.stage], [200, 'confirm-mail'], path);
  }
  await browser.submit({ code: world.codeMailedTo(bob.email) });
  for (const path of ['factor', 'consent', 'continue', 'other', 'username', 'sign-in', 'confirm-mail']) {
    await browser.post(`/interaction/${uid}/${path}`, everyForm[path] ?? {});
    assert.deepEqual([browser.status, browser.stage], [200, 'enrol-totp'], path);
  }
  assert.equal((await accountRow(world, bob.id)).factors.length, 0);
  assert.deepEqual(await spoils(world), nothing);
});

test('with a consent still open the factor counts for nothing else, and no other step is open [check 77]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await afterPassword(world, ada, { party: world.party('third') });
  const uid = uidOf(browser);
  await browser.submit({ code: ada.codeNow() });
  assert.equal(browser.stage, 'consent');
  for (const [path, fields] of Object.entries(everyForm).filter(([path]) => path !== 'consent')) {
    await browser.post(`/interaction/${uid}/${path}`, fields);
    assert.deepEqual([browser.status, browser.stage], [200, 'consent'], path);
  }
  await browser.visit(`/auth/${uid}`);
  assert.equal(browser.code, undefined);
  assert.deepEqual(await spoils(world), nothing);
});

test('switches that a program invents are refused by name and change nothing [check 84]', async (t) => {
  const world = await startWorld(t);
  const inventions = { otp_required: 'false', amr: 'otp', acr: 'phr', accountId: 'ada', method: 'none', skip: '1' };
  for (const [name, value] of Object.entries(inventions)) {
    const ada = await world.person();
    const browser = await world.browser().authorize();
    const uid = uidOf(browser);
    const forgery = browser.page.forgery ?? '';
    const password = { identifier: ada.email, password: ada.password };
    await browser.post(`/interaction/${uid}/sign-in`, { forgery, ...password, [name]: value });
    assert.deepEqual([browser.status, browser.page.facts.field], [400, name]);
    await browser.visit(`/interaction/${uid}?${name}=${value}`);
    assert.equal(browser.stage, 'sign-in', 'nothing was judged');
    await browser.submit(password);
    await browser.post(`/interaction/${uid}/factor`, { code: '000000', [name]: value });
    assert.deepEqual([browser.status, browser.page.facts.field], [400, name]);
    await browser.visit(`/interaction/${uid}?${name}=${value}`);
    assert.equal(browser.stage, 'totp');
    assert.equal((await accountRow(world, ada.id)).guesses.secondFactor.failures, 0);
  }
  assert.deepEqual(await spoils(world), nothing);
});

test('an authorization request that asks for less still needs the factor [check 80, 84]', async (t) => {
  const world = await startWorld(t);
  const lowering = [
    { acr_values: 'urn:twofold:1fa' },
    { claims: JSON.stringify({ id_token: { acr: { essential: true, value: 'urn:twofold:1fa' } } }) },
    { otp_required: 'false', amr: 'otp', skip: 'factor' },
    { ui_locales: 'de', display: 'popup' },
    { prompt: 'login' },
    { prompt: 'consent' },
    { prompt: 'select_account' },
  ];
  for (const options of lowering) {
    const ada = await world.person();
    const browser = await afterPassword(world, ada, { options: options as Record<string, string> });
    assert.equal(browser.stage, 'totp', JSON.stringify(options));
    await browser.visit(`/auth/${uidOf(browser)}`);
    assert.equal(browser.code, undefined);
  }
  assert.deepEqual(await spoils(world), nothing);
});
