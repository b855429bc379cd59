import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterPassword, editAccount, uidOf } from '../support/attack.ts';
import { codeOf } from '../support/person.ts';
import { startWorld } from '../support/world.ts';

test('a login_hint of somebody else lets the person choose: the session’s account, or another one’s whole sign-in [check 78, 80]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const [ada, bob] = [await world.person({ username: 'ada' }), await world.person()];
  const browser = await world.browser().signIn(ada);
  for (const own of [ada.email, 'ADA', ada.email.toUpperCase(), 'no such@@hint']) {
    await browser.authorize({ login_hint: own });
    assert.equal((await browser.redeem()).claims()?.sub, ada.id, own);
  }

  await browser.authorize({ login_hint: bob.email });
  assert.deepEqual([browser.stage, browser.page.account], ['signed-in-as', ada.email]);
  await browser.press('continue');
  assert.equal((await browser.redeem()).claims()?.sub, ada.id);

  await browser.authorize({ login_hint: bob.email });
  await browser.press('other');
  assert.equal(browser.stage, 'sign-in');
  await browser.submit({ identifier: bob.email, password: bob.password });
  assert.deepEqual([browser.stage, browser.page.account], ['totp', bob.email]);
  await browser.submit({ code: ada.codeNow(1) });
  assert.deepEqual([browser.status, browser.stage], [422, 'totp'], 'the other one’s code');
  await browser.submit({ code: bob.codeNow() });
  assert.equal((await browser.redeem()).claims()?.sub, bob.id);
});

test('prompt=select_account asks every time; going on takes the session and nothing more [check 71, 80]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const browser = await world.browser().authorize({ prompt: 'select_account' });
  assert.equal(browser.stage, 'sign-in', 'nobody to choose');
  await browser.submit({ identifier: ada.email, password: ada.password });
  assert.equal(browser.stage, 'totp');
  await browser.submit({ code: ada.codeNow() });
  const first = (await browser.redeem()).claims();

  for (const _ of [1, 2]) {
    await browser.authorize({ prompt: 'select_account' });
    assert.equal(browser.stage, 'signed-in-as');
    await browser.press('continue');
    const claims = (await browser.redeem()).claims();
    assert.deepEqual([claims?.sub, claims?.auth_time], [first?.sub, first?.auth_time]);
    world.travel(5);
  }
  await browser.authorize({ prompt: 'select_account login' });
  await browser.press('continue');
  assert.equal(browser.stage, 'sign-in', 'the other prompt is still to be answered');
  await browser.authorize({ prompt: 'select_account consent' }, world.party('third'));
  await browser.press('continue');
  assert.equal(browser.stage, 'consent');
});

test('a choice is no proof: without a session its forms lead nowhere [check 77, 84]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await world.browser().authorize({ prompt: 'select_account', login_hint: ada.email });
  const uid = uidOf(browser);
  for (const path of ['continue', 'other']) {
    await browser.post(`/interaction/${uid}/${path}`, {});
    assert.deepEqual([browser.code, browser.stage], [undefined, 'sign-in'], path);
  }
  await afterPassword(world, ada, { browser, options: { prompt: 'select_account' } });
  for (const path of ['continue', 'other']) {
    await browser.post(`/interaction/${uidOf(browser)}/${path}`, {});
    assert.deepEqual([browser.code, browser.stage], [undefined, 'totp'], path);
  }
});

test('after "use another account" the session’s own factor and consent are worth nothing [check 78]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const [ada, bob] = [await world.person(), await world.person()];
  const browser = await world.browser().signIn(ada);
  await browser.authorize({ prompt: 'select_account' }, world.party('third'));
  await browser.press('other');
  const uid = uidOf(browser);
  assert.equal(browser.page.account, undefined);
  for (const path of ['consent', 'continue', 'factor', 'enrol']) {
    await browser.post(`/interaction/${uid}/${path}`, path === 'consent' ? { decision: 'allow' } : {});
    assert.deepEqual([browser.code, browser.stage], [undefined, 'sign-in'], path);
  }
  await browser.submit({ identifier: bob.email, password: bob.password });
  await browser.post(`/interaction/${uid}/restart`, {});
  assert.equal(browser.stage, 'sign-in', 'a restart does not go back to the session either');
  await browser.visit(`/auth/${uid}`);
  assert.equal(browser.code, undefined);
});

test('prompt=create leads to the form, and a new person in a used browser gets an own session [check 78]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const browser = await world.browser().signIn(ada);
  await browser.authorize({ prompt: 'create' });
  assert.equal(browser.stage, 'register');
  await browser.submit({ email: 'new@example.com', password: 'a walrus in the attic' });
  assert.deepEqual([browser.stage, browser.page.account], ['confirm-mail', 'new@example.com']);
  await browser.submit({ code: world.codeMailedTo('new@example.com') });
  await browser.submit({ code: codeOf(String(browser.page.facts.secret)) });
  const claims = (await browser.redeem()).claims();
  assert.notEqual(claims?.sub, ada.id);
  const silent = await browser.tab().authorize({ prompt: 'none' });
  assert.equal((await silent.redeem()).claims()?.sub, claims?.sub);
});

test('"Not you?" on the consent page of a session asks for a whole sign-in; the session allows nothing any more [check 77, 78]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const [ada, bob] = [await world.person(), await world.person()];
  for (const prompt of [undefined, 'consent', 'select_account consent']) {
    const browser = await world.browser().signIn(ada);
    await browser.authorize(prompt ? { prompt } : {}, world.party('third'));
    if (browser.stage === 'signed-in-as') await browser.press('continue');
    assert.deepEqual([browser.stage, browser.page.account], ['consent', ada.email]);

    await browser.press('restart');
    assert.deepEqual([browser.stage, browser.page.account], ['sign-in', undefined], prompt);
    await browser.post(`/interaction/${uidOf(browser)}/consent`, { decision: 'allow' });
    assert.deepEqual([browser.code, browser.stage], [undefined, 'sign-in']);

    await browser.submit({ identifier: bob.email, password: bob.password });
    await browser.submit({ code: bob.codeNow() });
    assert.deepEqual([browser.stage, browser.page.account], ['consent', bob.email]);
    await browser.submit({ decision: 'allow' });
    assert.equal((await browser.redeem()).claims()?.sub, bob.id);
    await browser.authorize({ prompt: 'none' }, world.party('app'));
    assert.equal((await browser.redeem()).claims()?.sub, bob.id, 'the browser is signed in as bob alone');
    await world.database.connection.collection('consents').deleteMany({ accountId: bob.id });
    world.travel(60);
  }
});

test('where the session ends while its owner is asked for consent, a whole sign-in is asked for, and then consent [check 78]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const browser = await world.browser().signIn(ada);
  await browser.authorize({}, world.party('third'));
  assert.equal(browser.stage, 'consent');
  await editAccount(world, ada.id, { $inc: { sessionVersion: 1 } });
  const again = browser.tab();
  await again.visit(browser.url);
  assert.deepEqual([again.stage, again.page.account], ['sign-in', undefined]);
  await browser.submit({ decision: 'allow' });
  assert.deepEqual([browser.code, browser.stage, browser.page.account], [undefined, 'sign-in', undefined]);
  assert.equal(browser.url.pathname, again.url.pathname, 'in the same interaction');
  world.travel(60);
  await browser.submit({ identifier: ada.email, password: ada.password });
  await browser.submit({ code: ada.codeNow() });
  assert.deepEqual([browser.stage, browser.page.account], ['consent', ada.email]);
  await browser.submit({ decision: 'allow' });
  assert.equal((await browser.redeem()).claims()?.sub, ada.id);
});
