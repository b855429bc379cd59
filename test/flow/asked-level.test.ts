import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Config } from '../../src/config/config.ts';
import { accountRow } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { codeOf, type Person } from '../support/person.ts';
import { startWorld, type World } from '../support/world.ts';

type Kinds = Config['factors']['kinds'];
const all: Kinds = ['totp', 'email', 'sms', 'recovery'];

/** One client that always asks for an authenticator app, one for an SMS at least. */
const strict = (t: TestContext, kinds: Kinds = all) =>
  startWorld(t, {
    settings: { factors: { kinds, codeDigits: 6, roles: [], skips: 0 } },
    clients: [
      { clientId: 'strict', leastLevel: '2fa' },
      { clientId: 'middling', leastLevel: '2fa-sms' },
    ],
  });

/** Somebody without any way, at the page that sets up the first. */
async function settingUp(world: World, person: Person, party: string, options = {}): Promise<Browser> {
  const browser = world.browser();
  browser.party = world.party(party);
  await browser.authorize(options);
  await browser.submit({ identifier: person.email, password: person.password });
  return browser.submit({ code: world.codeMailedTo(person.email) });
}

test('a client that asks for an authenticator app never has somebody set up less, and that one signs in [check 70]', async (t) => {
  const world = await strict(t);
  const ada = await world.person({ totp: false });
  const browser = await settingUp(world, ada, 'strict');
  assert.deepEqual([browser.stage, browser.page.facts.kinds], ['enrol-totp', []]);
  assert.ok(!browser.page.actions.some(({ name }) => name === 'way'));
  await browser.submit({ code: codeOf(String(browser.page.facts.secret)), name: '' });
  assert.equal((await browser.redeem()).claims()?.acr, 'urn:twofold:2fa');
});

test('a way that is too weak for the client is not begun by whoever posts its name [check 70]', async (t) => {
  const world = await strict(t);
  const ada = await world.person({ totp: false });
  const browser = await settingUp(world, ada, 'strict');
  for (const kind of ['email', 'sms', 'recovery']) {
    await browser.post(`${browser.url.pathname}/enrol/way`, { kind });
    assert.equal(browser.stage, 'enrol-totp', kind);
  }
  assert.equal(world.outbox.texts.length, 0);
  assert.deepEqual((await accountRow(world, ada.id)).factors, []);
});

test('the kind that is asked first is the first that is enough, for a client’s own level and for acr_values [check 70]', async (t) => {
  const world = await strict(t, ['email', 'sms', 'totp', 'recovery']);
  for (const [party, options, stage, others] of [
    ['app', {}, 'enrol-email', ['sms', 'totp']],
    ['middling', {}, 'enrol-sms', ['totp']],
    ['strict', {}, 'enrol-totp', []],
    ['app', { acr_values: 'urn:twofold:2fa' }, 'enrol-totp', []],
    ['app', { acr_values: 'urn:twofold:2fa urn:twofold:2fa-sms' }, 'enrol-sms', ['totp']],
  ] as const) {
    const browser = await settingUp(world, await world.person({ totp: false }), party, options);
    assert.deepEqual([browser.stage, browser.page.facts.kinds], [stage, others], JSON.stringify([party, options]));
  }
});
