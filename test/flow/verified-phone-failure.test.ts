import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountRow, eventsOf, nothing, spoils } from '../support/attack.ts';
import { withoutLots } from '../support/compared.ts';
import { atWay, chooseWay } from '../support/mail-ways.ts';
import { startTextingWorld } from '../support/texting-world.ts';

const refusals = [
  [{ error: 60203 }, 'sms_rate_limited', 'has had too many'],
  [{ error: 60410 }, 'sms_country_blocked', 'is blocked'],
  [{ error: 20003 }, 'sms_credentials', 'is asked for with wrong credentials'],
  [{ error: 20500 }, 'sms_http_5xx', 'finds Twilio broken'],
  ['drop', 'sms_connection', 'finds Twilio gone'],
] as const;

for (const [instead, detail, what] of refusals) {
  test(`a phone that ${what} (${detail}): the person is told and goes another way, nothing is asked twice [check 113] [check 120]`, async (t) => {
    const { world, twilio } = await startTextingWorld(t, 'twilio-verify');
    const ada = await world.person({ ways: ['sms', 'totp'] });
    twilio.instead(instead);
    const browser = await atWay(world, ada, 'sms');
    assert.deepEqual(browser.errors, ['send_failed']);
    await browser.reload();
    assert.equal(twilio.asked.length, 1);
    const events = await eventsOf(world, { kind: 'delivery', accountId: ada.id });
    assert.deepEqual(
      events.map((event) => [event.result, event.detail]),
      [['failure', detail]],
    );
    assert.ok(!world.logged.some((line) => line.includes(ada.phone)), 'the log names no number');
    await browser.submit({ code: '123456' });
    assert.deepEqual([browser.errors, twilio.asked.length], [['code_rejected'], 1], 'there is nothing to ask about');
    await chooseWay(browser, 'totp');
    await browser.submit({ code: ada.codeNow() });
    assert.ok(browser.code);
  });
}

test('a phone that could not be sent a code gets one a minute later, by the button', async (t) => {
  const { world, twilio, texted } = await startTextingWorld(t, 'twilio-verify');
  const ada = await world.person({ ways: ['sms', 'totp'] });
  twilio.instead({ error: 60203 });
  const browser = await atWay(world, ada, 'sms');
  await browser.press('send');
  assert.deepEqual([browser.errors, twilio.texts.length], [['send_wait'], 0]);
  world.travel(61);
  await browser.press('send');
  assert.deepEqual([browser.errors, twilio.texts.length], [[], 1]);
  await browser.submit({ code: texted() });
  assert.ok(browser.code);
});

test('while Twilio does not judge nobody is let in: 503, the guess stays taken, and the same code works afterwards [check 120]', async (t) => {
  const { world, twilio, texted } = await startTextingWorld(t, 'twilio-verify');
  const ada = await world.person({ ways: ['sms', 'totp'] });
  const browser = await atWay(world, ada, 'sms');
  const { page, url } = browser;
  for (const [n, instead] of (['drop', { error: 20503 }, { error: 20429 }] as const).entries()) {
    twilio.instead(instead);
    browser.page = page;
    await browser.submit({ code: texted() });
    assert.equal(browser.status, 503);
    assert.equal(browser.response?.headers.get('retry-after'), '5');
    const text = withoutLots(browser.text, browser.response?.headers.get('x-request-id'));
    assert.doesNotMatch(text, /twilio|ECONN|VE[0-9a-f]{8}|at \w+ \(/i);
    assert.equal((await accountRow(world, ada.id)).guesses.secondFactor.failures, n + 1);
  }
  assert.deepEqual(await spoils(world), nothing);
  assert.equal(twilio.texts.length, 1, 'nothing is sent again by itself');
  await browser.visit(url);
  assert.deepEqual([browser.stage, browser.page.facts.triesLeft], ['sms', 2]);
  await browser.submit({ code: texted() });
  assert.ok(browser.code);
});

test('no outage gives guesses: the fifth answer that Twilio does not judge leads back to the password [check 29] [check 120]', async (t) => {
  const { world, twilio, texted } = await startTextingWorld(t, 'twilio-verify');
  const ada = await world.person({ ways: ['sms', 'totp'] });
  const browser = await atWay(world, ada, 'sms');
  const { page, url } = browser;
  for (let n = 0; n < 5; n += 1) {
    twilio.instead('drop');
    browser.page = page;
    await browser.submit({ code: texted() });
  }
  assert.equal(browser.status, 503);
  const asked = twilio.asked.length;
  browser.page = page;
  await browser.submit({ code: texted() });
  assert.deepEqual([browser.stage, browser.code, twilio.asked.length], ['sign-in', undefined, asked]);
  await browser.visit(url);
  assert.equal(browser.stage, 'sign-in');
  assert.deepEqual(await spoils(world), nothing);
});

test('while setting a phone up, an outage binds nothing and costs a try; the same code works afterwards [check 34] [check 120]', async (t) => {
  const { world, twilio, texted } = await startTextingWorld(t, 'twilio-verify');
  const ada = await world.person({ totp: false });
  const browser = await world.browser().authorize();
  await browser.submit({ identifier: ada.email, password: ada.password });
  await browser.submit({ code: world.codeMailedTo(ada.email) });
  await browser.submit({ kind: 'sms' });
  await browser.submit({ phone: '+44 7400 123456' });
  const { page, url } = browser;
  twilio.instead({ error: 20500 });
  await browser.submit({ code: texted(), name: '' });
  assert.equal(browser.status, 503);
  assert.deepEqual((await accountRow(world, ada.id)).factors, []);
  browser.page = page;
  await browser.visit(url);
  await browser.submit({ code: texted(), name: '' });
  assert.ok(browser.code);
  assert.equal((await accountRow(world, ada.id)).factors.length, 1);
});
