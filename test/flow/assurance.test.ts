import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Browser } from '../support/browser.ts';
import type { Person } from '../support/person.ts';
import { startWorld } from '../support/world.ts';

const essential = (value: string | readonly string[]) =>
  JSON.stringify({
    id_token: { acr: { essential: true, ...(typeof value === 'string' ? { value } : { values: value }) } },
  });
const passwordOnly = { settings: { secondFactor: 'when-enrolled' } } as const;

async function passwordIn(browser: Browser, ada: Person, options = {}): Promise<Browser> {
  await browser.authorize(options);
  return browser.submit({ identifier: ada.email, password: ada.password });
}

async function told(browser: Browser) {
  const claims = (await browser.redeem()).claims();
  return { acr: claims?.acr, amr: claims?.amr };
}

test('a password alone says pwd and urn:twofold:1fa, and nothing of a factor [check 70]', async (t) => {
  const world = await startWorld(t, passwordOnly);
  const browser = await passwordIn(world.browser(), await world.person({ totp: false }));
  assert.deepEqual(await told(browser), { acr: 'urn:twofold:1fa', amr: ['pwd'] });
});

test('password and authenticator app say pwd, otp, mfa and urn:twofold:2fa [check 70]', async (t) => {
  const world = await startWorld(t);
  const browser = await world.browser().signIn(await world.person());
  assert.deepEqual(await told(browser), { acr: 'urn:twofold:2fa', amr: ['pwd', 'otp', 'mfa'] });
});

test('the acr is the strongest requested value that was met, in whatever order and company [check 70]', async (t) => {
  const world = await startWorld(t);
  const browser = await world.browser().signIn(await world.person());
  const asked = {
    'urn:twofold:1fa': 'urn:twofold:1fa',
    'urn:twofold:1fa urn:twofold:2fa': 'urn:twofold:2fa',
    'urn:twofold:2fa urn:twofold:1fa': 'urn:twofold:2fa',
    'phr urn:twofold:2fa': 'urn:twofold:2fa',
    'urn:example:unknown urn:twofold:1fa': 'urn:twofold:1fa',
  };
  for (const [acr_values, acr] of Object.entries(asked)) {
    await browser.authorize({ acr_values, prompt: 'none' });
    assert.deepEqual(await told(browser), { acr, amr: ['pwd', 'otp', 'mfa'] }, acr_values);
  }
});

test('what this installation cannot prove is refused at once, with no page and no question [check 70]', async (t) => {
  const world = await startWorld(t);
  const signedIn = await world.browser().signIn(await world.person());
  const hopeless = [
    { acr_values: 'phr' },
    { acr_values: 'urn:example:unknown' },
    { acr_values: 'phr', prompt: 'login' },
    { acr_values: 'phr', prompt: 'none' },
    { claims: essential('phr') },
    { claims: essential(['phr', 'urn:example:unknown']) },
  ];
  for (const browser of [signedIn, world.browser()]) {
    for (const options of hopeless) {
      await browser.authorize(options);
      assert.equal(browser.callback?.get('error'), 'unmet_authentication_requirements', JSON.stringify(options));
      assert.equal(browser.callback?.get('iss'), world.issuer);
    }
  }
});

test('acr_values cannot lower an essential acr [check 53, 70]', async (t) => {
  const world = await startWorld(t);
  const browser = await world.browser().authorize({ claims: essential('phr'), acr_values: 'urn:twofold:1fa' });
  assert.equal(browser.callback?.get('error'), 'unmet_authentication_requirements');

  const lax = await startWorld(t, passwordOnly);
  const session = await passwordIn(lax.browser(), await lax.person({ totp: false }));
  const downgrade = { claims: essential('urn:twofold:2fa'), acr_values: 'urn:twofold:1fa' };
  await session.authorize({ ...downgrade, prompt: 'none' });
  assert.equal(session.callback?.get('error'), 'login_required');
  await session.authorize(downgrade);
  assert.equal(session.code, undefined);
});

test('an acr that is only wished for is met where it can be, and never stands in the way [check 70]', async (t) => {
  const world = await startWorld(t);
  const browser = await world.browser().signIn(await world.person());
  for (const value of ['phr', 'urn:twofold:2fa', 'urn:example:unknown']) {
    await browser.authorize({ prompt: 'none', claims: JSON.stringify({ id_token: { acr: { value } } }) });
    assert.equal((await told(browser)).acr, 'urn:twofold:2fa', value);
  }
  await browser.authorize({ prompt: 'none', claims: JSON.stringify({ id_token: { acr: null } }) });
  assert.equal((await told(browser)).acr, 'urn:twofold:2fa');
});

test('a session of a password alone does not meet a request for two factors: the factor is asked, then told [check 70, 71]', async (t) => {
  const world = await startWorld(t, passwordOnly);
  const ada = await world.person({ totp: false });
  const browser = await passwordIn(world.browser(), ada);
  for (const options of [{ acr_values: 'urn:twofold:2fa' }, { claims: essential('urn:twofold:2fa') }]) {
    await browser.authorize({ ...options, prompt: 'none' });
    assert.equal(browser.callback?.get('error'), 'login_required');
    await passwordIn(browser, ada, options);
    assert.equal(browser.stage, 'confirm-mail', 'a first factor needs the mailbox');
  }
});

test('whoever has a factor proves it, also where only a password would do [check 70]', async (t) => {
  const world = await startWorld(t, passwordOnly);
  const ada = await world.person();
  const browser = await passwordIn(world.browser(), ada, { acr_values: 'urn:twofold:1fa' });
  assert.equal(browser.stage, 'totp');
  await browser.submit({ code: ada.codeNow() });
  assert.deepEqual(await told(browser), { acr: 'urn:twofold:1fa', amr: ['pwd', 'otp', 'mfa'] });
});

test('when the policy turns to required, sessions of a password alone are worth nothing [check 70, 86]', async (t) => {
  const lax = await startWorld(t, passwordOnly);
  const ada = await lax.person({ totp: false });
  const browser = await passwordIn(lax.browser(), ada);
  assert.ok(browser.code);
  const strict = await startWorld(t, { database: lax.database, settings: { issuer: lax.issuer } });
  const there = strict.browser();
  for (const cookie of await browser.jar.getCookies(lax.issuer)) await there.jar.setCookie(cookie, lax.issuer);
  await there.authorize({ prompt: 'none' });
  assert.equal(there.callback?.get('error'), 'login_required');
  await browser.authorize({ prompt: 'none' });
  assert.ok(browser.code, 'at the lax process it still is a session');
});

test('malformed claims and odd acr values neither crash nor pass [check 70, 98]', async (t) => {
  const world = await startWorld(t);
  const browser = world.browser();
  const odd = ['{', '[]', '1', '"x"', 'null', '{"id_token":[]}', '{"id_token":{"acr":1}}'];
  for (const claims of odd) {
    await browser.authorize({ claims });
    assert.equal(browser.callback?.get('error'), 'invalid_request', claims);
  }
  for (const value of [1, null, {}, '']) {
    const claims = JSON.stringify({ id_token: { acr: { essential: true, value } } });
    await browser.authorize({ claims });
    assert.match(browser.callback?.get('error') ?? '', /invalid_request|unmet_authentication_requirements/, claims);
  }
});
