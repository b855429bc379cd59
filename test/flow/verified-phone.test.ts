import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountRow, captured, eventsOf, nothing, spoils } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { rowsOf } from '../support/database.ts';
import { atWay, formOf } from '../support/mail-ways.ts';
import { otherCode, register } from '../support/registration.ts';
import { startTextingWorld, type TextingWorld } from '../support/texting-world.ts';

const phone = '+447400123456';

/** At the page that asks for a code which Twilio made and sent. */
async function atPhone({ world }: TextingWorld, more: readonly 'totp'[] = []) {
  const ada = await world.person({ ways: ['sms', ...more] });
  return { ada, browser: await atWay(world, ada, 'sms') };
}

async function failuresOf({ world }: TextingWorld, id: string): Promise<number> {
  return (await accountRow(world, id)).guesses.secondFactor.failures;
}

function assertRejected(browser: Browser, triesLeft: number): void {
  assert.deepEqual([browser.status, browser.errors], [422, ['code_rejected']], browser.text.slice(0, 300));
  assert.equal(browser.page.facts.triesLeft, triesLeft);
}

test('a phone is set up, and signs in, by codes that Twilio makes and judges [check 28] [check 31]', async (t) => {
  const { world, twilio, texted, checks } = await startTextingWorld(t, 'twilio-verify');
  const browser = await register(world.browser(), { email: 'ada@example.com' });
  await browser.submit({ code: world.codeMailedTo('ada@example.com') });
  await browser.submit({ kind: 'sms' });
  await browser.submit({ phone: '+44 7400 123456' });
  assert.deepEqual(twilio.asked.at(-1)?.form, { To: phone, Channel: 'sms' });
  await browser.submit({ code: otherCode(texted()), name: '' });
  assert.deepEqual([browser.status, browser.errors], [422, ['code_rejected']]);
  assert.deepEqual((await rowsOf(world.database, 'accounts'))[0]?.factors, [], 'nothing counts before its proof');
  await browser.submit({ code: texted(), name: '' });
  assert.equal((await browser.redeem()).claims()?.acr, 'urn:twofold:2fa-sms');
  assert.equal(checks(), 2);

  world.travel(61);
  const later = await world.browser().authorize();
  await later.submit({ identifier: 'ada@example.com', password: 'a walrus in the attic' });
  assert.deepEqual([later.stage, later.page.facts.sentTo, twilio.texts.length], ['sms', '56', 2]);
  await later.reload();
  assert.equal(twilio.texts.length, 2, 'to look at the page sends nothing');
  await later.submit({ code: texted() });
  const claims = (await later.redeem()).claims();
  assert.deepEqual([claims?.acr, claims?.amr], ['urn:twofold:2fa-sms', ['pwd', 'sms', 'mfa']]);
  assert.deepEqual(world.outbox.texts, [], 'no text of ours');
  const codes = twilio.texts.map(({ body }) => body.slice(-6));
  const kept = JSON.stringify(await rowsOf(world.database, 'attempts')) + world.logged.join('');
  for (const code of codes) assert.doesNotMatch(kept, new RegExp(`(?<![0-9])${code}(?![0-9])`));
});

test('a code that Twilio calls wrong costs a guess; an odd one is not even asked about [check 18] [check 29]', async (t) => {
  const there = await startTextingWorld(t, 'twilio-verify');
  const { ada, browser } = await atPhone(there);
  for (const odd of ['', '12345', '1234567', 'abcdef']) {
    await browser.submit({ code: odd });
    assert.deepEqual(browser.errors, ['code_shape'], odd);
  }
  assert.equal(there.checks(), 0);
  for (const left of [4, 3]) {
    await browser.submit({ code: otherCode(there.texted(), left) });
    assertRejected(browser, left);
  }
  assert.equal(await failuresOf(there, ada.id), 2);
  await browser.submit({ code: there.texted() });
  assert.ok(browser.code);
  assert.equal(await failuresOf(there, ada.id), 0);
});

test('a code that was used is none again, in its own sign-in or in another [check 28]', async (t) => {
  const there = await startTextingWorld(t, 'twilio-verify');
  const { world, twilio, texted } = there;
  const { ada, browser } = await atPhone(there);
  const used = texted();
  const again = captured(browser, formOf(browser, 'factor'), { code: used });
  await browser.submit({ code: used });
  assert.ok(browser.code);
  const got = await spoils(world);
  const asked = twilio.asked.length;
  await (await browser.fetch(again)).text();
  assert.deepEqual([await spoils(world), twilio.asked.length], [got, asked]);

  world.travel(61);
  const other = await atWay(world, ada, 'sms');
  if (used !== texted()) {
    await other.submit({ code: used });
    assertRejected(other, 4);
  }
  await other.submit({ code: texted() });
  assert.ok(other.code);
});

test('20 right codes at once are one sign-in, though Twilio approves each [check 29] [check 83]', async (t) => {
  const there = await startTextingWorld(t, 'twilio-verify');
  const { world, twilio, texted } = there;
  const { browser } = await atPhone(there);
  const code = captured(browser, formOf(browser, 'factor'), { code: texted() });
  const approved = { answer: [200, { sid: 'VE', status: 'approved', valid: true }] } as const;
  twilio.instead(...Array.from({ length: 20 }, () => approved));
  await Promise.all(Array.from({ length: 20 }, () => browser.fetch(code).then((answer) => answer.text())));
  await browser.reload();
  assert.deepEqual(await spoils(world), { sessions: 1, codes: 1, tokens: 0 });
});

test('the sign-in that asked last has the only code of a phone; the older one is told that its own does not work [check 27] [check 28]', async (t) => {
  const there = await startTextingWorld(t, 'twilio-verify');
  const { world, texted, checks } = there;
  const { ada, browser } = await atPhone(there);
  const first = texted();
  world.travel(61);
  const newer = await atWay(world, ada, 'sms');
  for (const [n, code] of [first, texted()].entries()) {
    await browser.submit({ code });
    assertRejected(browser, 4 - n);
  }
  assert.equal(checks(), 0, 'what is over by our own record is asked of nobody');
  assert.deepEqual(await spoils(world), nothing);
  await newer.submit({ code: texted() });
  assert.ok(newer.code);
});

for (const [number, what] of [
  [20404, 'has expired or is gone at Twilio'],
  [60202, 'has no checks left at Twilio'],
  [60200, 'Twilio cannot read'],
] as const) {
  test(`a code that ${what} (${number}) is rejected and costs a guess; a newer one works [check 26] [check 29]`, async (t) => {
    const there = await startTextingWorld(t, 'twilio-verify');
    const { world, twilio, texted } = there;
    const { ada, browser } = await atPhone(there);
    twilio.instead({ error: number });
    await browser.submit({ code: texted() });
    assertRejected(browser, 4);
    assert.equal(await failuresOf(there, ada.id), 1);
    world.travel(61);
    await browser.press('send');
    assert.equal(twilio.texts.length, 2);
    await browser.submit({ code: texted() });
    assert.ok(browser.code);
    assert.equal((await eventsOf(world, { kind: 'factor', result: 'failure' })).length, 1);
  });
}

test('five minutes later the code is over, and Twilio is not asked about it, though it would still approve [check 26]', async (t) => {
  const there = await startTextingWorld(t, 'twilio-verify');
  const { browser } = await atPhone(there);
  there.world.travel(301);
  await browser.submit({ code: there.texted() });
  assertRejected(browser, 4);
  assert.equal(there.checks(), 0);
});
