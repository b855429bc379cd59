import assert from 'node:assert/strict';
import { test } from 'node:test';
import { administrator, byAdministrator } from '../support/administration.ts';
import { accountRow, afterPassword, captured, everyForm, nothing, spoils, uidOf } from '../support/attack.ts';
import { codeOf } from '../support/person.ts';
import { otherCode } from '../support/registration.ts';
import { startWorld } from '../support/world.ts';

test('after reset-factors the password alone binds no new way: the confirmed address is asked first, and told of it after [check 33] [check 37]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ ways: ['totp', 'sms'], recovery: 3 });
  const { does, notices } = administrator(world.database);
  await does.resetFactors(byAdministrator(ada.id));
  assert.deepEqual(
    notices.map(({ to, event }) => [to, event]),
    [[ada.email, 'factors_reset']],
  );

  const browser = await afterPassword(world, ada);
  assert.deepEqual(
    [browser.stage, browser.page.facts.sentTo],
    ['confirm-mail', `${ada.email.slice(0, 1)}***@example.com`],
  );
  for (const [path, fields] of Object.entries(everyForm))
    if (path !== 'sign-in' && path !== 'register')
      await browser.tab().send(captured(browser, `/interaction/${uidOf(browser)}/${path}`, fields));
  await browser.tab().send(captured(browser, `/interaction/${uidOf(browser)}/enrol/way`, { kind: 'totp' }));
  assert.deepEqual((await accountRow(world, ada.id)).factors, []);
  assert.deepEqual(await spoils(world), nothing);

  await browser.reload();
  const code = world.codeMailedTo(ada.email);
  await browser.submit({ code: otherCode(code) });
  assert.deepEqual([browser.stage, browser.errors], ['confirm-mail', ['code_rejected']]);
  await browser.submit({ code });
  assert.equal(browser.stage, 'enrol-totp');
  await browser.submit({ code: codeOf(String(browser.page.facts.secret)) });
  assert.ok(browser.code);
  assert.match(world.outbox.mails.at(-1)?.subject ?? '', /added|set up|new/i);
  assert.match(world.lastMailTo(ada.email), /authenticator app/);
  assert.equal((await accountRow(world, ada.id)).factors.length, 1);
});

test('a sign-in that had the address answer before the reset binds nothing after it [check 33]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ totp: false, ways: [] });
  const browser = await afterPassword(world, ada);
  await browser.submit({ code: world.codeMailedTo(ada.email) });
  assert.equal(browser.stage, 'enrol-totp');
  const secret = String(browser.page.facts.secret);
  await administrator(world.database).does.resetFactors(byAdministrator(ada.id));
  await browser.submit({ code: codeOf(secret) });
  assert.equal(browser.stage, 'sign-in');
  assert.deepEqual((await accountRow(world, ada.id)).factors, []);
});

test('who signs in by the password alone sets up a first way in the account area by a code to the address, too [check 33]', async (t) => {
  const world = await startWorld(t, { settings: { secondFactor: 'when-enrolled' } });
  const ada = await world.person({ password: 'a walrus in the attic' });
  await administrator(world.database, { secondFactor: 'when-enrolled', roles: [], skips: 0 }).does.resetFactors(
    byAdministrator(ada.id),
  );
  const browser = await world.browser().authorize();
  await browser.submit({ identifier: ada.email, password: ada.password });
  assert.ok(browser.code, 'nothing more is asked of whoever has no way');
  await browser.visit('/account/ways/new/totp');
  await browser.press('begin');
  assert.equal(browser.stage, 'confirm-mail');
  assert.equal((await accountRow(world, ada.id)).factors.length, 0);
});
