import assert from 'node:assert/strict';
import { test } from 'node:test';
import { everyForm, nothing, spoils, uidOf } from '../support/attack.ts';
import { rowsOf } from '../support/database.ts';
import { atWay, formOf } from '../support/mail-ways.ts';
import { foundIn, nothingHeard } from '../support/overhearing.ts';
import { mailsTo, tabs } from '../support/registration.ts';
import { dump } from '../support/stages.ts';
import { startWorld } from '../support/world.ts';

test('the code is in no answer, address, header, cookie, log line or row, before it is entered and after [check 30]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ ways: ['email'] });
  const seen: string[] = [];
  const browser = world.browser();
  const fetching = browser.fetch.bind(browser);
  browser.fetch = async (sent) => {
    const response = await fetching(sent);
    seen.push(response.url, JSON.stringify([...response.headers]), await response.clone().text());
    return response;
  };
  await atWay(world, ada, 'email', browser);
  const code = world.codeMailedTo(ada.email);
  seen.push(await dump(world));
  await browser.submit({ code });
  assert.ok(browser.code);
  seen.push(await dump(world), ...world.logged, ...(await browser.cookies()));
  const heard = { ...nothingHeard(), digits: new Set([code]) };
  assert.deepEqual(foundIn(seen.join('\n'), heard), []);
  assert.deepEqual(foundIn(world.lastMailTo(ada.email), heard), [code], 'the search would find it');
});

test('an address or number that is sent along changes nothing: the code goes to what the account holds [check 31]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ ways: ['email', 'totp'] });
  const evil = 'eve@evil.example';
  const browser = await atWay(world, ada);
  const [send, base] = [formOf(browser, 'send'), browser.url.pathname];
  for (const field of ['email', 'phone', 'destination', 'to', 'sentTo', 'email[]']) {
    world.travel(61);
    const [first, second] = tabs(browser, 2);
    await first?.post(send, { [field]: evil });
    assert.equal(first?.status, 400, `${field} is no field of the form`);
    await second?.post(`${base}/factor/way`, { way: 'email', [field]: evil });
    assert.equal(second?.status, 400);
    await first?.post(`${send}?${new URLSearchParams({ [field]: evil })}`, {});
  }
  assert.deepEqual(
    world.outbox.mails.filter(({ to }) => to !== ada.email),
    [],
  );
});

test('nothing is sent without the right password: no sign-in, a wrong password, no cookie, after "Not you?" [check 32]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ ways: ['email', 'sms'] });
  const sends = ['factor/send', 'factor/way', 'enrol/send', 'enrol/destination', 'confirm-mail/send'];
  const count = () => world.outbox.mails.length + world.outbox.texts.length;

  const nobody = await world.browser().authorize();
  await nobody.submit({ identifier: ada.email, password: 'not the password at all' });
  const forgery = nobody.page.forgery ?? '';
  for (const path of sends) {
    await nobody.post(`/interaction/${uidOf(nobody)}/${path}`, {});
    assert.equal(nobody.stage, 'sign-in', path);
    await world.browser().post(`/interaction/unknown/${path}`, {});
    await world.browser().post(`/interaction/${uidOf(nobody)}/${path}`, { forgery });
  }
  assert.equal(count(), 0);

  const browser = await atWay(world, ada);
  const [stranger] = [world.browser()];
  world.travel(61);
  await stranger.post(formOf(browser, 'send'), { forgery: browser.page.forgery ?? '' });
  assert.equal(stranger.status, 403);
  await browser.press('restart');
  for (const path of sends) await browser.post(`/interaction/${uidOf(browser)}/${path}`, {});
  assert.deepEqual([browser.stage, count()], ['sign-in', 1]);
});

test('no GET and no HEAD sends a code, at whatever address [check 32] [check 89]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ ways: ['email', 'totp'] });
  const browser = await atWay(world, ada);
  const base = browser.url.pathname;
  world.travel(61);
  for (const path of ['', '/factor', '/factor/send', '/factor/way', '/factor/ways', '/confirm-mail/send'])
    for (const method of ['GET', 'HEAD'])
      await browser.fetch({ method, url: new URL(`${base}${path}`, world.issuer), headers: {} });
  assert.equal(mailsTo(world, ada.email), 1);
});

test('two clicks on Sign in send one mail, and its code works [check 83]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ ways: ['email'] });
  const browser = await world.browser().authorize();
  const form = formOf(browser, 'sign-in');
  const fields = { identifier: ada.email, password: ada.password };
  await Promise.all(tabs(browser, 20).map((tab) => tab.post(form, fields)));
  assert.equal(mailsTo(world, ada.email), 1);
  await browser.reload();
  await browser.submit({ code: world.codeMailedTo(ada.email) });
  assert.ok(browser.code);
});

test('after the password alone, a page for setting up, sending elsewhere or skipping answers with the code form [check 33] [check 36]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ ways: ['email'] });
  const browser = await atWay(world, ada);
  const before = (await rowsOf(world.database, 'accounts'))[0]?.factors;
  const setUp = {
    'enrol/destination': { email: 'eve@evil.example', phone: '+447400123456' },
    'enrol/way': { kind: 'totp' },
    'enrol/send': {},
  };
  for (const [path, fields] of Object.entries({ ...everyForm, ...setUp })) {
    if (['sign-in', 'factor'].includes(path)) continue;
    const [tab] = tabs(browser, 1);
    await tab?.post(`/interaction/${uidOf(browser)}/${path}`, fields);
    assert.equal(tab?.code, undefined, path);
    assert.equal(tab?.stage, 'email', path);
  }
  assert.deepEqual((await rowsOf(world.database, 'accounts'))[0]?.factors, before);
  assert.equal(world.outbox.mails.filter(({ to }) => to !== ada.email).length, 0);
  assert.deepEqual(await spoils(world), nothing);
});
