import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Config } from '../../src/config/config.ts';
import { mongoAccounts } from '../../src/storage/accounts.ts';
import { together } from '../support/account-stores.ts';
import type { Browser } from '../support/browser.ts';
import type { Person } from '../support/person.ts';
import { startWorld, type World } from '../support/world.ts';

const usual: Partial<Config['factors']> = { kinds: ['totp', 'email', 'recovery'], codeDigits: 6, roles: [], skips: 0 };
const lenient = (t: TestContext, factors: Partial<Config['factors']>, more: Partial<Config> = {}) =>
  startWorld(t, {
    settings: { factors: { ...usual, ...factors }, ...more },
    clients: [{ clientId: 'strict', leastLevel: '2fa-email' }],
  });

async function afterPassword(world: World, person: Person, party = 'app'): Promise<Browser> {
  const browser = world.browser();
  browser.party = world.party(party);
  await browser.authorize();
  return browser.submit({ identifier: person.email, password: person.password });
}

test('a first way may be put off as often as the policy says, and then no more', async (t) => {
  const world = await lenient(t, { skips: 2 });
  const person = await world.person({ totp: false });
  for (const left of [2, 1]) {
    const browser = await afterPassword(world, person);
    assert.deepEqual([browser.stage, browser.page.facts.skipsLeft], ['confirm-mail', left]);
    await browser.press('later');
    assert.equal((await browser.redeem()).claims()?.acr, 'urn:twofold:1fa');
    assert.ok((await browser.authorize({ prompt: 'none' })).code, 'its session stays good');
    world.travel(61);
  }
  const browser = await afterPassword(world, person);
  assert.equal(browser.stage, 'confirm-mail');
  assert.equal(
    browser.page.actions.some(({ name }) => name === 'later'),
    false,
  );
  await browser.post(`${browser.url.pathname}/later`, {});
  assert.deepEqual([browser.code, browser.stage], [undefined, 'confirm-mail']);
});

test('of 20 presses at once one is counted', async (t) => {
  const world = await lenient(t, { skips: 5 });
  const person = await world.person({ totp: false });
  const browser = await afterPassword(world, person);
  const path = `${browser.url.pathname}/later`;
  const tabs = Array.from({ length: 20 }, () => Object.assign(browser.tab(), { page: browser.page }));
  await together(20, (n) => tabs[n]?.post(path, {}) ?? assert.fail());
  assert.equal((await mongoAccounts(world.database).find(person.id))?.enrolmentSkips, 1);
});

test('from the day on nothing can be put off, and sessions that were begun so are over [check 36]', async (t) => {
  // Not tomorrow: the day may end while this runs.
  const twoDays = 2 * 24 * 60 * 60;
  const enrolBy = new Date(Date.now() + twoDays * 1000).toISOString().slice(0, 10);
  const world = await lenient(
    t,
    { enrolBy },
    { session: { idleSeconds: twoDays + 3600, absoluteSeconds: 2 * twoDays, staySignedInSeconds: 0 } },
  );
  const person = await world.person({ totp: false });
  const browser = await afterPassword(world, person);
  await browser.press('later');
  assert.ok(browser.code);
  assert.ok((await browser.authorize({ prompt: 'none' })).code);
  world.travel(twoDays);
  await browser.authorize({ prompt: 'none' });
  assert.equal(browser.callback?.get('error'), 'login_required');
  const later = await afterPassword(world, person);
  await later.post(`${later.url.pathname}/later`, {});
  assert.equal(later.code, undefined);
});

test('a client that asks for a second factor in its registration gets one, whatever the policy puts off [check 86]', async (t) => {
  const world = await lenient(t, { skips: 5 }, { secondFactor: 'when-enrolled', password: { minimumLength: 15 } });
  const person = await world.person({ totp: false });
  const lax = await afterPassword(world, person);
  assert.ok(lax.code, 'the password is enough for the other client');
  await lax.authorize({ prompt: 'none' }, world.party('strict'));
  assert.equal(lax.callback?.get('error'), 'login_required', 'its session is not enough for this one');

  const browser = await afterPassword(world, person, 'strict');
  assert.equal(browser.stage, 'confirm-mail');
  await browser.post(`${browser.url.pathname}/later`, {});
  assert.deepEqual([browser.code, browser.stage], [undefined, 'confirm-mail']);
});

test('by role: whoever has one of the roles needs a second factor, others do not', async (t) => {
  const world = await lenient(t, { roles: ['admin'] }, { secondFactor: 'by-role', password: { minimumLength: 15 } });
  const [admin, other] = [await world.person({ totp: false }), await world.person({ totp: false })];
  await world.database.connection
    .collection<{ _id: string }>('accounts')
    .updateOne({ _id: admin.id }, { $set: { roles: ['admin'] } });
  assert.equal((await afterPassword(world, admin)).stage, 'confirm-mail');
  const browser = await afterPassword(world, other);
  assert.ok(browser.code);
  await world.database.connection
    .collection<{ _id: string }>('accounts')
    .updateOne({ _id: other.id }, { $set: { roles: ['admin'] } });
  await browser.authorize({ prompt: 'none' });
  assert.equal(browser.callback?.get('error'), 'login_required', 'a role given meanwhile is judged at once');
});

test('a way that was switched off by its owner is not asked where the policy leaves it to people, and is where it does not', async (t) => {
  for (const [secondFactor, stage] of [
    ['when-enrolled', undefined],
    ['required', 'totp'],
  ] as const) {
    const world = await lenient(t, {}, { secondFactor });
    const person = await world.person();
    await world.database.connection
      .collection<{ _id: string }>('accounts')
      .updateOne({ _id: person.id }, { $set: { twoStepOff: true } });
    assert.equal((await afterPassword(world, person)).stage, stage, secondFactor);
  }
});
