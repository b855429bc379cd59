import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountRow, afterPassword, eventsOf, spoils, uidOf } from '../support/attack.ts';
import { rowsOf, signedInRows } from '../support/database.ts';
import { startWorld } from '../support/world.ts';

test('whoever proved a factor and then names somebody else is asked for the other one’s factor [check 78]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const [ada, bob] = [await world.person(), await world.person()];
  const browser = await afterPassword(world, ada, { party: world.party('third') });
  const uid = uidOf(browser);
  await browser.submit({ code: ada.codeNow() });
  assert.equal(browser.stage, 'consent', 'all of Ada is proved');
  await browser.post(`/interaction/${uid}/sign-in`, { identifier: bob.email, password: bob.password });
  assert.deepEqual([browser.stage, browser.page.account], ['consent', ada.email], 'out of its order it is not judged');

  await browser.press('restart');
  const [attempt] = await rowsOf(world.database, 'attempts');
  assert.deepEqual([attempt?.proofs, attempt?.accountId, attempt?.shown], [[], undefined, undefined]);
  await browser.submit({ identifier: bob.email, password: bob.password });
  assert.deepEqual([browser.stage, browser.page.account], ['totp', bob.email]);
  await browser.submit({ code: ada.codeNow(1) });
  assert.deepEqual([browser.status, browser.stage], [422, 'totp'], 'the other one’s code');
  await browser.submit({ code: bob.codeNow() });
  await browser.submit({ decision: 'allow' });
  assert.equal((await browser.redeem()).claims()?.sub, bob.id);
});

test('a spent challenge of one person is no head start for another [check 78]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const [ada, bob] = [await world.person(), await world.person()];
  const browser = await afterPassword(world, ada);
  for (let tries = 0; tries < 5; tries += 1) await browser.submit({ code: ada.wrongCode() });
  assert.equal(browser.stage, 'sign-in');
  await browser.submit({ identifier: bob.email, password: 'not the walrus at all' });
  assert.equal(browser.stage, 'sign-in');
  await browser.submit({ identifier: bob.email, password: bob.password });
  assert.deepEqual([browser.stage, browser.page.account, browser.page.facts.triesLeft], ['totp', bob.email, 5]);
  const [attempt] = await rowsOf(world.database, 'attempts');
  assert.equal(attempt?.accountId, bob.id);
});

test('a registration begun over a proved password leaves nothing of it [check 78]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const browser = await afterPassword(world, ada);
  for (let tries = 0; tries < 5; tries += 1) await browser.submit({ code: ada.wrongCode() });
  await browser.press('register');
  await browser.submit({ email: 'eve@example.com', password: 'a walrus in the attic' });
  assert.equal(browser.stage, 'confirm-mail');
  const [attempt] = await rowsOf(world.database, 'attempts');
  assert.deepEqual([attempt?.proofs, attempt?.accountId], [[], undefined]);
  await browser.submit({ code: world.codeMailedTo('eve@example.com') });
  assert.deepEqual([browser.stage, browser.page.account], ['enrol-totp', 'eve@example.com']);
});

test('another person who signs in in the same browser gets own tokens; the first one’s session is over [check 78]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const [ada, bob] = [await world.person(), await world.person()];
  const browser = await world.browser().signIn(ada);
  const stolen = await browser.cookies();

  await afterPassword(world, bob, { browser, options: { prompt: 'login' } });
  assert.equal(browser.stage, 'totp');
  const halfway = await browser.tab().authorize({ prompt: 'none' });
  assert.equal((await halfway.redeem()).claims()?.sub, ada.id, 'until then it is Ada’s');
  await browser.submit({ code: bob.codeNow() });
  const claims = (await browser.redeem()).claims();
  assert.deepEqual([claims?.sub, claims?.acr, claims?.amr], [bob.id, 'urn:twofold:2fa', ['pwd', 'otp', 'mfa']]);

  const kept = world.browser();
  for (const cookie of stolen) await kept.jar.setCookie(`${cookie}; Path=/`, world.issuer);
  assert.equal((await kept.authorize({ prompt: 'none' })).callback?.get('error'), 'login_required');
  assert.equal((await kept.authorize()).stage, 'sign-in');
  const records = await signedInRows(world.database);
  assert.deepEqual(
    records.map((row) => row.accountId),
    [bob.id],
  );
  assert.equal((await eventsOf(world, { kind: 'sign_out', accountId: ada.id })).length, 1);
  const silent = await browser.tab().authorize({ prompt: 'none' });
  assert.equal((await silent.redeem()).claims()?.sub, bob.id);
});

test('the same person signing in anew keeps one session, with the time of the new sign-in [check 71]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const browser = await world.browser().signIn(ada);
  const first = (await browser.redeem()).claims();
  const cookies = await browser.cookies();
  for (const round of [1, 2]) {
    world.travel(round * 60);
    await browser.authorize({ prompt: 'login' });
    assert.equal(browser.stage, 'sign-in', 'prompt=login asks every time');
    await browser.submit({ identifier: ada.email, password: ada.password });
    assert.equal(browser.stage, 'totp', 'for everything');
    await browser.submit({ code: ada.codeNow() });
    const claims = (await browser.redeem()).claims();
    assert.equal(claims?.auth_time, Math.floor(Date.now() / 1000));
    assert.notEqual(claims?.auth_time, first?.auth_time);
  }
  assert.equal((await rowsOf(world.database, 'Session')).length, 1);
  const old = world.browser();
  for (const cookie of cookies) await old.jar.setCookie(`${cookie}; Path=/`, world.issuer);
  assert.equal(
    (await old.authorize({ prompt: 'none' })).callback?.get('error'),
    'login_required',
    'its id was changed',
  );
});

test('"Not you?" forgets who was named, and whoever comes next is asked for everything [check 80]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await afterPassword(world, ada);
  assert.equal(browser.page.account, ada.email);
  await browser.press('restart');
  assert.deepEqual([browser.stage, browser.page.account], ['sign-in', undefined]);
  assert.ok(!browser.text.includes(ada.email));
  await browser.post(`${browser.url.pathname}/factor`, { code: ada.codeNow() });
  assert.equal(browser.stage, 'sign-in');
  assert.equal((await accountRow(world, ada.id)).factors[0]?.lastStep, 0, 'the code was not even looked at');
  await browser.submit({ identifier: ada.email, password: ada.password });
  assert.equal(browser.stage, 'totp');
  await browser.submit({ code: ada.codeNow() });
  assert.ok(browser.code);
  assert.equal((await spoils(world)).sessions, 1);
});

test('cancel goes back to the client as access_denied with iss and state, at every stage [check 67, 80]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  for (const stage of ['sign-in', 'totp', 'consent']) {
    const ada = await world.person();
    const browser = await world.browser().authorize({}, world.party('third'));
    if (stage !== 'sign-in') await browser.submit({ identifier: ada.email, password: ada.password });
    if (stage === 'consent') await browser.submit({ code: ada.codeNow() });
    assert.equal(browser.stage, stage);
    const uid = uidOf(browser);
    await browser.press('cancel');
    const { callback, journey } = browser;
    assert.deepEqual(
      [callback?.get('error'), callback?.get('iss'), callback?.get('state'), callback?.get('code')],
      ['access_denied', world.issuer, journey?.state, null],
    );
    const back = browser.tab();
    await back.visit(`/interaction/${uid}`);
    assert.equal(back.stage, 'problem', 'a cancelled sign-in is over');
  }
  assert.equal((await spoils(world)).sessions, 0);
});
