import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Config } from '../../src/config/config.ts';
import { newSecret } from '../support/adding.ts';
import { accountRow, captured, editAccount, nothing, spoils, uidOf } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { codeOf, type Person } from '../support/person.ts';
import { startWorld, type World } from '../support/world.ts';

const day = 24 * 60 * 60;
const usual: Partial<Config['factors']> = { kinds: ['totp', 'email', 'recovery'], codeDigits: 6, roles: [], skips: 0 };
const lenient = (t: TestContext, factors: Partial<Config['factors']>) =>
  startWorld(t, {
    settings: {
      factors: { ...usual, ...factors },
      session: { idleSeconds: 4 * day, absoluteSeconds: 8 * day, staySignedInSeconds: 0 },
    },
  });

async function puttingOff(world: World, person: Person): Promise<Browser> {
  const browser = await world.browser().authorize();
  await browser.submit({ identifier: person.email, password: person.password });
  await browser.press('later');
  assert.ok(browser.code);
  return browser;
}

/** As far as the recovery codes that come with a first way, which stay unsaved. */
async function addingFirst(world: World, person: Person, browser: Browser): Promise<string> {
  browser.savesCodes = false;
  world.travel(70);
  await browser.visit('/account');
  await browser.press('add totp');
  await browser.submit({ code: world.codeMailedTo(person.email) });
  const secret = newSecret(browser);
  await browser.submit({ code: codeOf(secret), name: '' });
  return secret;
}

const isAlive = async (browser: Browser) => (await browser.authorize({ prompt: 'none' })).code !== undefined;

for (const [how, factors] of [
  ['until a day', { enrolBy: '2099-01-01' }],
  ['for the last time', { skips: 2 }],
] as const) {
  test(`whoever put it off ${how} and then adds a way in the account area is shown the recovery codes, and stays signed in everywhere`, async (t) => {
    const world = await lenient(t, factors);
    world.travel(0);
    const ada = await world.person({ totp: false });
    const elsewhere = await puttingOff(world, ada);
    world.travel(70);
    const browser = await puttingOff(world, ada);
    await addingFirst(world, ada, browser);
    assert.deepEqual([browser.status, browser.stage], [200, 'recovery-codes']);
    await browser.saveCodes();
    assert.equal(browser.stage, 'security');
    const { factors: kept, ...row } = await accountRow(world, ada.id);
    assert.deepEqual([kept.length, 'recovery' in row], [1, true]);
    assert.ok(await isAlive(browser));
    assert.ok(await isAlive(elsewhere), 'a factor that is added ends no session elsewhere');
  });
}

test('a session that put it off changes nothing of the account once a way is there: that one is asked for [check 33]', async (t) => {
  const world = await lenient(t, { enrolBy: '2099-01-01' });
  world.travel(0);
  const ada = await world.person({ totp: false });
  const elsewhere = await puttingOff(world, ada);
  const browser = await puttingOff(world, ada);
  await addingFirst(world, ada, browser);
  await elsewhere.visit('/account');
  assert.equal(elsewhere.stage, 'security');
  await elsewhere.press('add email');
  assert.equal(elsewhere.stage, 'confirm');
  await elsewhere.submit({ identifier: ada.email, password: ada.password });
  assert.equal(elsewhere.stage, 'totp');
});

test('a session that put it off is over on the day, whatever its account has added since [check 36]', async (t) => {
  const enrolBy = new Date(Date.now() + 2 * day * 1000).toISOString().slice(0, 10);
  const world = await lenient(t, { enrolBy });
  world.travel(0);
  const ada = await world.person({ totp: false });
  const elsewhere = await puttingOff(world, ada);
  await addingFirst(world, ada, await puttingOff(world, ada));
  assert.ok(await isAlive(elsewhere));
  world.travel(2 * day);
  await elsewhere.authorize({ prompt: 'none' });
  assert.equal(elsewhere.callback?.get('error'), 'login_required');
});

test('a sign-in that put it off and ends after a way was added elsewhere gets no code without it', async (t) => {
  const world = await lenient(t, { enrolBy: '2099-01-01' });
  world.travel(0);
  const ada = await world.person({ totp: false });
  const browser = await puttingOff(world, ada);
  const parked = world.browser();
  await parked.authorize({}, world.party('third'));
  await parked.submit({ identifier: ada.email, password: ada.password });
  await parked.press('later');
  assert.equal(parked.stage, 'consent');
  await addingFirst(world, ada, browser);
  await parked.submit({ decision: 'allow' });
  assert.deepEqual([parked.code, parked.stage], [undefined, 'totp']);
});

for (const [mode, settings] of [
  ['a first way may be put off', { factors: { ...usual, enrolBy: '2099-01-01' } }],
  ['the policy leaves it to people', { factors: usual, secondFactor: 'when-enrolled' }],
] as const) {
  test(`where ${mode}, a sign-in parked before its last redirect is none once a way is there [check 86]`, async (t) => {
    const world = await startWorld(t, { settings });
    const ada = await world.person({ totp: false });
    const { factors } = await accountRow(world, (await world.person()).id);
    const browser = await world.browser().authorize();
    const uid = uidOf(browser);
    await browser.fetch(
      captured(browser, `/interaction/${uid}/sign-in`, { identifier: ada.email, password: ada.password }),
    );
    await browser.fetch(captured(browser, `/interaction/${uid}/later`, {}));
    const told = await browser.fetch({ method: 'GET', url: new URL(`/interaction/${uid}`, world.issuer), headers: {} });
    assert.match(await told.text(), /"stage":"finish"/);
    await editAccount(world, ada.id, { $set: { factors } });
    await browser.visit(`/auth/${uid}`);
    assert.deepEqual([browser.code, browser.stage], [undefined, 'sign-in']);
    const silent = await browser.tab().authorize({ prompt: 'none' });
    assert.equal(silent.callback?.get('error'), 'login_required');
    assert.deepEqual(await spoils(world), nothing);
  });
}
