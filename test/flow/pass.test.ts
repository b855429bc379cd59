import assert from 'node:assert/strict';
import { test } from 'node:test';
import { grouped, newLongCode } from '../../src/factors/long-code.ts';
import { hashId } from '../../src/platform/hash.ts';
import { mongoAccounts } from '../../src/storage/accounts.ts';
import { administrator, byAdministrator } from '../support/administration.ts';
import { captured, uidOf } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { signedInRows } from '../support/database.ts';
import { eventsOf } from '../support/events.ts';
import { chooseWay } from '../support/mail-ways.ts';
import { codeOf, type Person } from '../support/person.ts';
import { startWorld, type World } from '../support/world.ts';

/** What the help desk says, and its notices. */
async function given(world: World, { id }: Person, minutes = 60): Promise<string> {
  const code = newLongCode();
  await administrator(world.database).does.givePass(byAdministrator(id), { hash: hashId(code), minutes, by: 'grace' });
  return grouped(code);
}

async function atPass(world: World, person: Person, request = {}): Promise<Browser> {
  const browser = await world.browser().authorize(request);
  await browser.submit({ identifier: person.email, password: person.password });
  return chooseWay(browser, 'pass');
}

async function accountOf(world: World, { id }: Person) {
  return (await mongoAccounts(world.database).find(id)) ?? assert.fail('no account');
}

/** Sets up the app that the page shows, and saves the codes that come with it, as whoever signs in here does unless told otherwise. */
async function reenrolled(browser: Browser): Promise<string> {
  assert.equal(browser.stage, 'enrol-totp');
  const secret = String(browser.page.facts.secret);
  await browser.submit({ code: codeOf(secret) });
  return secret;
}

test('a pass stands in for lost ways once and ends in a new one; that sign-in is told as recovery, the next as what it is', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ ways: ['totp', 'email'], recovery: 3 });
  const elsewhere = await world.browser().signIn(ada);
  const code = await given(world, ada);
  world.travel(60);
  const browser = await atPass(world, ada);
  await browser.submit({ code: ` ${code.toLowerCase()} ` });
  const secret = await reenrolled(browser);
  const claims = (await browser.redeem()).claims();
  assert.deepEqual([claims?.acr, claims?.amr], ['urn:twofold:recovery', ['pwd', 'otp']]);

  const account = await accountOf(world, ada);
  assert.deepEqual([account.factors.map(({ kind }) => kind), account.pass], [['totp'], undefined]);
  assert.equal((await signedInRows(world.database)).length, 1, 'the session elsewhere is over');
  await elsewhere.authorize({ prompt: 'none' });
  assert.equal(elsewhere.callback?.get('error'), 'login_required');

  world.travel(120);
  const next = await world.browser().authorize();
  await next.submit({ identifier: ada.email, password: ada.password });
  await next.submit({ code: codeOf(secret) });
  const later = (await next.redeem()).claims();
  assert.deepEqual([later?.acr, later?.amr], ['urn:twofold:2fa', ['pwd', 'otp', 'mfa']]);
});

test('also a way that is lost can be set up again in the same place, once it answered a code there', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ totp: false, ways: ['email'] });
  const code = await given(world, ada);
  const browser = await atPass(world, ada);
  await browser.submit({ code });
  await browser.submit({ kind: 'email' });
  assert.deepEqual(
    [browser.stage, browser.page.facts.sentTo, browser.page.facts.proved],
    ['enrol-email', ada.email, false],
  );
  await browser.submit({ code: world.codeMailedTo(ada.email) });
  assert.equal((await browser.redeem()).claims()?.acr, 'urn:twofold:recovery');
  assert.deepEqual(
    (await accountOf(world, ada)).factors.map(({ kind }) => kind),
    ['email'],
  );
});

test('its owner is told, and the record names who gave it', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await (async () => {
    const code = await given(world, ada);
    const asked = await atPass(world, ada);
    await asked.submit({ code });
    return asked;
  })();
  assert.equal(browser.stage, 'enrol-totp');
  assert.match(world.lastMailTo(ada.email), /code from the help desk/);
  const [used] = await eventsOf(world, 'pass_used');
  const [gave] = await eventsOf(world, 'pass_given');
  assert.deepEqual([used?.detail, used?.accountId, gave?.detail, gave?.actor], ['grace', ada.id, 'grace', 'cli']);
});

test('with the pass alone nobody is in: whoever sets nothing up has no session, and the old ways stay', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const code = await given(world, ada);
  const browser = await atPass(world, ada);
  await browser.submit({ code });
  await browser.visit(`/auth/${uidOf(browser)}`);
  await browser.authorize({ prompt: 'none' });
  assert.equal(browser.callback?.get('error'), 'login_required');
  assert.equal((await accountOf(world, ada)).factors.length, 1);
  const again = await world.browser().authorize();
  await again.submit({ identifier: ada.email, password: ada.password });
  assert.equal(again.stage, 'totp');
  assert.ok(
    !(again.page.facts.offers as readonly { kind: string }[]).some(({ kind }) => kind === 'pass'),
    'it is spent',
  );
});

test('of 20 browsers with one pass at once one goes on', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const code = await given(world, ada);
  const browsers = await Promise.all(Array.from({ length: 4 }, () => atPass(world, ada)));
  const presses = browsers.map((browser) =>
    captured(browser, `/interaction/${uidOf(browser)}/factor`, { code, way: 'pass' }),
  );
  await Promise.all(
    browsers.flatMap((browser, n) => Array.from({ length: 5 }, () => browser.tab().send(presses[n] ?? assert.fail()))),
  );
  await Promise.all(browsers.map((browser) => browser.reload()));
  assert.deepEqual(browsers.map(({ stage }) => stage).filter((stage) => stage === 'enrol-totp').length, 1);
});

test('a wrong, an ended, a foreign and a revoked pass let nobody on, and share the budget of all second factors', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const [ada, eve] = [await world.person(), await world.person()];
  await given(world, ada, 10);
  const foreign = await given(world, eve);
  const browser = await atPass(world, ada);
  await browser.submit({ code: foreign });
  assert.deepEqual([browser.status, browser.errors, browser.page.facts.triesLeft], [422, ['pass_rejected'], 4]);
  await browser.submit({ code: 'K7M4' });
  assert.deepEqual([browser.errors, browser.page.facts.triesLeft], [['pass_shape'], 4]);
  world.travel(600);
  await browser.reload();
  assert.notEqual(browser.stage, 'pass', 'it is over, and offered no more');
  const { does } = administrator(world.database);
  await does.takePass(byAdministrator(eve.id));
  const revoked = await world.browser().authorize();
  await revoked.submit({ identifier: eve.email, password: eve.password });
  assert.ok(!(revoked.page.facts.offers as readonly { kind: string }[]).some(({ kind }) => kind === 'pass'));
});

test('a client that asks for more than a password and some factor is told that it was not met', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  await given(world, ada);
  const browser = await world.browser().authorize({ acr_values: 'urn:twofold:2fa' });
  await browser.submit({ identifier: ada.email, password: ada.password });
  assert.ok(!(browser.page.facts.offers as readonly { kind: string }[]).some(({ kind }) => kind === 'pass'));
});

test('what was signed in by a pass changes nothing in the account area', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const code = await given(world, ada);
  const browser = await atPass(world, ada);
  await browser.submit({ code });
  await reenrolled(browser);
  await browser.visit('/account/ways/new/email');
  await browser.press('begin');
  assert.ok(browser.url.pathname.startsWith('/interaction/'), 'the new way is proved first, in a sign-in of its own');
  assert.equal((await accountOf(world, ada)).factors.length, 1);
});
