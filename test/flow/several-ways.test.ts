import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountRow, editAccount } from '../support/attack.ts';
import { atWay, chooseWay, formOf, offers } from '../support/mail-ways.ts';
import { mailsTo, otherCode, tabs, unlike } from '../support/registration.ts';
import { startWorld } from '../support/world.ts';

const twoFactor = 'urn:twofold:2fa';

test('password, code by SMS, done: the ID token says how, and the text ends in the line for phones [check 70]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ ways: ['sms'] });
  const browser = await atWay(world, ada, 'sms');
  assert.equal(browser.page.facts.sentTo, ada.phone.slice(-2));
  assert.ok(!browser.text.includes(ada.phone.slice(3)), 'the number is masked');
  const code = world.codeTextedTo(ada.phone);
  assert.match(world.outbox.texts[0]?.text ?? '', new RegExp(`\\n@localhost #${code}$`));
  await browser.submit({ code });
  const claims = (await browser.redeem()).claims();
  assert.deepEqual([claims?.acr, claims?.amr], ['urn:twofold:2fa-sms', ['pwd', 'sms', 'mfa']]);
});

test('a text is good for five minutes [check 26]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ ways: ['sms'] });
  const browser = await atWay(world, ada, 'sms');
  world.travel(301);
  await browser.submit({ code: world.codeTextedTo(ada.phone) });
  assert.deepEqual(browser.errors, ['code_rejected']);
});

test('what was used last is asked first; the others are listed, masked, with what and where [check 11]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ ways: ['sms', 'email', 'totp'] });
  const browser = await atWay(world, ada, 'sms');
  await browser.press('choose');
  assert.equal(mailsTo(world, ada.email), 0, 'to look at the list sends nothing');
  assert.deepEqual(
    offers(browser).map(({ kind, destination }) => [kind, destination]),
    [
      ['sms', ada.phone.slice(-2)],
      ['email', `${ada.email.slice(0, 1)}***@example.com`],
      ['totp', undefined],
    ],
  );
  await chooseWay(await browser.press('back'), 'email');
  assert.deepEqual([browser.stage, mailsTo(world, ada.email)], ['email', 1]);
  await browser.submit({ code: world.codeMailedTo(ada.email) });
  assert.ok(browser.code);
  world.travel(61);
  await atWay(world, ada, 'email');
});

test('there and back keeps the running code and sends no other one; a tab with the old way is not judged', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ ways: ['email', 'totp'] });
  const browser = await atWay(world, ada);
  const code = world.codeMailedTo(ada.email);
  const [old] = tabs(browser, 1);
  const fields = { way: String(browser.page.facts.way), code: otherCode(code) };
  await chooseWay(browser, 'totp');
  await old?.post(formOf(old, 'factor'), fields);
  assert.deepEqual([old?.status, old?.stage, old?.errors], [200, 'totp', []]);
  assert.equal((await accountRow(world, ada.id)).guesses.secondFactor.failures, 0);
  await chooseWay(browser, 'email');
  await chooseWay(browser, 'totp');
  await chooseWay(browser, 'email');
  assert.equal(mailsTo(world, ada.email), 1);
  await browser.submit({ code });
  assert.ok(browser.code);
});

test('a code by mail is none for the phone, nor the other way round', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ ways: ['email', 'sms'] });
  const browser = await atWay(world, ada);
  const mailed = world.codeMailedTo(ada.email);
  await chooseWay(browser, 'sms');
  const texted = world.codeTextedTo(ada.phone);
  await browser.submit({ code: unlike(mailed, texted) });
  assert.deepEqual(browser.errors, ['code_rejected']);
  await browser.submit({ code: texted });
  assert.ok(browser.code);
});

test('whoever chooses back and forth too fast is told that nothing was sent, and when it will be; no field invites an old code', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ ways: ['email', 'sms'] });
  const browser = await atWay(world, ada);
  await chooseWay(browser, 'sms');
  world.travel(20);
  await chooseWay(browser, 'email');
  assert.equal(mailsTo(world, ada.email), 1);
  assert.deepEqual([browser.page.facts.unsent, browser.page.facts.secondsToNextSend], [true, 40]);
  assert.ok(!browser.page.actions.some(({ name }) => name === 'factor'));
  world.travel(41);
  await browser.press('send');
  await browser.submit({ code: world.codeMailedTo(ada.email) });
  assert.ok(browser.code);
});

test('all ways share one budget: ten wrong answers close every one of them, the right ones too [check 21]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ ways: ['totp', 'email', 'sms'] });
  await editAccount(world, ada.id, { $set: { 'guesses.secondFactor': { failures: 6 } } });
  const browser = await atWay(world, ada, 'totp');
  await browser.submit({ code: ada.wrongCode() });
  await chooseWay(browser, 'email');
  assert.equal(browser.page.facts.triesLeft, 3);
  await browser.submit({ code: otherCode(world.codeMailedTo(ada.email)) });
  await chooseWay(browser, 'sms');
  await browser.submit({ code: otherCode(world.codeTextedTo(ada.phone)) });
  assert.equal(browser.page.facts.triesLeft, 1);
  await browser.submit({ code: otherCode(world.codeTextedTo(ada.phone), 2) });
  assert.deepEqual(browser.errors, ['code_locked']);
  const sent = world.outbox.mails.length + world.outbox.texts.length;
  for (const kind of ['totp', 'email', 'sms']) {
    if (browser.stage !== kind) await chooseWay(browser, kind);
    const code =
      kind === 'totp'
        ? ada.codeNow()
        : kind === 'email'
          ? world.codeMailedTo(ada.email)
          : world.codeTextedTo(ada.phone);
    await browser.post(`${browser.url.pathname.replace(/\/factor.*/, '')}/factor`, { code });
    assert.deepEqual([browser.code, browser.errors], [undefined, ['code_locked']], kind);
    await browser.reload();
  }
  assert.equal(world.outbox.mails.length + world.outbox.texts.length, sent, 'and nothing is sent meanwhile');
});

test('where the client wants more than a mail, only the app is offered; where there is no more, it is told unmet [check 70]', async (t) => {
  const world = await startWorld(t);
  const both = await world.person({ ways: ['email', 'totp'] });
  const browser = await world.browser().authorize({ acr_values: twoFactor });
  await browser.submit({ identifier: both.email, password: both.password });
  assert.deepEqual([browser.stage, offers(browser).map(({ kind }) => kind)], ['totp', ['totp']]);
  assert.equal(mailsTo(world, both.email), 0);
  await browser.post(`${browser.url.pathname}/factor/way`, { way: 'email' });
  assert.equal(browser.stage, 'totp');
  await browser.submit({ code: both.codeNow() });
  assert.equal((await browser.redeem()).claims()?.acr, twoFactor);

  const mail = await world.person({ ways: ['email'] });
  const alone = await world.browser().authorize({ acr_values: twoFactor });
  await atWay(world, mail, 'email', alone);
  await alone.submit({ code: world.codeMailedTo(mail.email) });
  assert.deepEqual([alone.code, alone.callback?.get('error')], [undefined, 'unmet_authentication_requirements']);
});
