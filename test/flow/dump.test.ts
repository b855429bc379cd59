import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Browser } from '../support/browser.ts';
import { rowsOf } from '../support/database.ts';
import { codeOf } from '../support/person.ts';
import { redeemRaw, refreshRaw } from '../support/token-endpoint.ts';
import { startWorld, type World } from '../support/world.ts';

/** Every cookie value and address that this browser was ever given. */
function overhearing(browser: Browser): { readonly secrets: Set<string> } {
  const secrets = new Set<string>();
  const fetching = browser.fetch.bind(browser);
  browser.fetch = async (sent) => {
    const response = await fetching(sent);
    for (const line of response.headers.getSetCookie())
      secrets.add(line.slice(line.indexOf('=') + 1, line.indexOf(';')));
    const uid = /\/(?:interaction|auth)\/([\w-]+)/.exec(sent.url.pathname)?.[1];
    if (uid) secrets.add(uid);
    return response;
  };
  return { secrets };
}

/** Six digits stand somewhere in every long text; as a code they stand alone. */
function holds(text: string, secret: string): boolean {
  return /^\d{6}$/.test(secret) ? new RegExp(`(?<![\\w.-])${secret}(?![\\w-])`).test(text) : text.includes(secret);
}

async function dump(world: World): Promise<string> {
  const collections = await world.database.connection.listCollections();
  const all = await Promise.all(collections.map(async ({ name }) => [name, await rowsOf(world.database, name)]));
  return JSON.stringify(all);
}

/** A newcomer's whole way at a client that asks for consent, everything that went over the wire remembered. */
async function wholeRun(world: World): Promise<ReadonlySet<string>> {
  const browser = world.browser();
  const { secrets } = overhearing(browser);
  const password = 'a walrus in the attic';
  const noteForgery = () => secrets.add(browser.page.forgery ?? password);
  await browser.authorize({ scope: 'openid email offline_access', prompt: 'consent' }, world.party('third'));
  noteForgery();
  await browser.press('register');
  await browser.submit({ email: 'ada@example.com', password });
  const mailed = world.codeMailedTo('ada@example.com');
  await browser.submit({ code: mailed });
  const secret = String(browser.page.facts.secret);
  const bytes = String(browser.page.facts.otpauth);
  const code = codeOf(secret);
  await browser.submit({ code, name: 'Phone' });
  await browser.submit({ decision: 'allow' });
  const { body } = await redeemRaw(browser);
  const refreshed = await refreshRaw(browser, body.refresh_token);
  for (const found of [
    password,
    mailed,
    code,
    secret.replaceAll(' ', ''),
    bytes,
    browser.code,
    browser.journey?.verifier,
  ])
    secrets.add(String(found));
  for (const tokens of [body, refreshed.body])
    for (const name of ['access_token', 'refresh_token', 'id_token']) secrets.add(String(tokens[name]));

  await browser.authorize({}, world.party('third'));
  await browser.authorize({ prompt: 'login' }, world.party('third'));
  await browser.submit({ identifier: 'ada@example.com', password: 'not the walrus at all' });
  await browser.submit({ identifier: 'ada@example.com', password });
  noteForgery();
  const next = codeOf(secret, 1);
  await browser.submit({ code: next });
  await redeemRaw(browser);
  await browser.visit('/session/end');
  secrets.add(String(browser.page.facts.xsrf));
  await browser.submit({ xsrf: String(browser.page.facts.xsrf), logout: 'yes' });
  const open = await world.browser().authorize();
  await open.press('register');
  await open.submit({ email: 'bob@example.com', password: 'a second walrus there' });
  for (const found of ['not the walrus at all', next, 'a second walrus there', world.codeMailedTo('bob@example.com')])
    secrets.add(found);
  for (const { secret: kept } of world.config.clients) if (kept) secrets.add(kept);
  return new Set([...secrets].filter((found) => found.length > 5));
}

test('a dump after a whole run holds no password, code, seed, token, cookie or interaction [check 30, 101]', async (t) => {
  const world = await startWorld(t);
  const secrets = await wholeRun(world);
  assert.ok(secrets.size > 30, `${secrets.size}`);
  const all = await dump(world);
  assert.ok(all.includes('ada@example.com') && all.includes('"oidc"'), 'it is the whole dump');
  for (const secret of secrets) {
    assert.ok(!holds(all, secret), secret);
    assert.ok(!all.includes(Buffer.from(secret).toString('base64').replace(/=+$/, '')), `${secret} as base64`);
    assert.ok(!all.includes(Buffer.from(secret).toString('hex')), `${secret} as hex`);
  }
});

test('neither does the log, at its most talkative [check 113]', async (t) => {
  const world = await startWorld(t);
  const secrets = await wholeRun(world);
  const all = world.logged.join('\n');
  assert.ok(world.logged.length > 30);
  for (const secret of secrets) {
    assert.ok(!holds(all, secret), secret);
    assert.ok(!all.includes(encodeURIComponent(secret)), secret);
  }
  for (const line of world.logged) assert.equal(typeof JSON.parse(line), 'object');
});

test('a stored id replayed as a token, a code, a cookie or an interaction opens nothing [check 101]', async (t) => {
  const world = await startWorld(t);
  const browser = await world
    .browser()
    .signIn(await world.person(), { scope: 'openid offline_access', prompt: 'consent' });
  await redeemRaw(browser);
  const ids = async (collection: string) => (await rowsOf(world.database, collection)).map(({ _id }) => String(_id));
  for (const id of await ids('AccessToken'))
    assert.equal((await fetch(`${world.origin}/me`, { headers: { authorization: `Bearer ${id}` } })).status, 401);
  for (const id of await ids('RefreshToken')) assert.equal((await refreshRaw(browser, id)).status, 400);
  for (const id of await ids('AuthorizationCode')) assert.equal((await redeemRaw(browser, { code: id })).status, 400);
  const stranger = world.browser();
  const hashes = (await rowsOf(world.database, 'Session')).map(({ idHash }) => String(idHash));
  for (const id of [...hashes, ...(await ids('Session'))]) {
    await stranger.jar.setCookie(`twofold_session=${id}; path=/`, world.issuer);
    await stranger.authorize({ prompt: 'none' });
    assert.equal(stranger.callback?.get('error'), 'login_required');
  }
  for (const id of await ids('attempts')) {
    await stranger.visit(`/interaction/${id}`);
    assert.ok(stranger.status >= 400);
  }
});
