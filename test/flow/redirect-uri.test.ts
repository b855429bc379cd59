import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startWorld } from '../support/world.ts';

const registered = 'http://localhost:4999/callback';

test('redirect_uri is compared character by character; anything else is told here and redirects nowhere [check 62]', async (t) => {
  const world = await startWorld(t);
  const variants = [
    `${registered}/`,
    `${registered}?`,
    `${registered}?a=b`,
    `${registered}#`,
    `${registered}#fragment`,
    `${registered}/../callback`,
    `${registered}/..;/evil`,
    `${registered}%2f`,
    `${registered}%00`,
    `${registered}\t`,
    ` ${registered}`,
    'http://localhost:4999/Callback',
    'http://localhost:4999/%63allback',
    'http://localhost:4999//callback',
    'http://localhost:4999',
    'http://LOCALHOST:4999/callback',
    'http://localhost/callback',
    'http://localhost:5000/callback',
    'http://localhost:04999/callback',
    'https://localhost:4999/callback',
    'HTTP://localhost:4999/callback',
    'http://localhost.:4999/callback',
    'http://127.0.0.1:4999/callback',
    'http://user@localhost:4999/callback',
    'http://localhost:4999@evil.example/callback',
    'http://localhost:4999.evil.example/callback',
    'http://evil.example/callback',
    '//localhost:4999/callback',
    'http:/localhost:4999/callback',
    'http:\\\\localhost:4999\\callback',
    '/callback',
    'javascript:alert(1)',
    'http://localhost:4998/callback',
  ];
  const browser = world.browser({ headers: { accept: 'text/html' } });
  for (const variant of variants) {
    await browser.authorize({ redirect_uri: variant });
    assert.equal(browser.status, 400, variant);
    assert.equal(browser.url.origin, world.issuer, variant);
    assert.equal(browser.response?.headers.get('location'), null, variant);
    assert.ok(!browser.text.includes('evil.example'), variant);
  }
});

test('a missing or doubled redirect_uri is refused, though the client has only one [check 62]', async (t) => {
  const world = await startWorld(t);
  const browser = world.browser();
  const { url } = await world.client.begin();
  const missing = new URL(url);
  missing.searchParams.delete('redirect_uri');
  const doubled = new URL(url);
  doubled.searchParams.append('redirect_uri', 'http://evil.example/');
  for (const changed of [missing, doubled]) {
    await browser.visit(changed);
    assert.equal(browser.status, 400);
    assert.equal(browser.url.origin, world.issuer);
  }
});

test('errors go to the registered address with state and iss, in the response mode that was asked for [check 67]', async (t) => {
  const world = await startWorld(t);
  const browser = await world.browser().authorize({ prompt: 'none' });
  assert.equal(`${browser.url.origin}${browser.url.pathname}`, registered);
  assert.equal(browser.callback?.get('error'), 'login_required');
  assert.equal(browser.callback?.get('iss'), world.issuer);
  assert.equal(browser.callback?.get('state'), browser.journey?.state);

  await browser.authorize({ prompt: 'none', response_mode: 'fragment' });
  const fragment = new URLSearchParams(browser.url.hash.slice(1));
  assert.equal(fragment.get('error'), 'login_required');
  assert.equal(fragment.get('iss'), world.issuer);
});

test('a finished sign-in comes back with code, state and iss and nothing more [check 67]', async (t) => {
  const world = await startWorld(t);
  const browser = await world.browser().signIn(await world.person());
  assert.deepEqual([...(browser.callback?.keys() ?? [])].sort(), ['code', 'iss', 'state']);
  assert.equal(browser.callback?.get('iss'), world.issuer);
  assert.equal(browser.callback?.get('state'), browser.journey?.state);
});

test('form_post carries the same in a page that no other page may frame or keep [check 67, 94, 95]', async (t) => {
  const world = await startWorld(t);
  const browser = await world.browser().signIn(await world.person(), { response_mode: 'form_post' });
  assert.equal(browser.status, 200);
  assert.match(browser.text, /<form method="post" action="http:\/\/localhost:4999\/callback">/);
  assert.match(browser.text, new RegExp(`name="iss" value="${world.issuer}"`));
  assert.match(browser.text, /name="code"/);
  const policy = browser.response?.headers.get('content-security-policy') ?? '';
  assert.match(policy, /script-src 'self' 'sha256-[^']+'/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.equal(browser.response?.headers.get('cache-control'), 'no-store');
});

test('cancel tells the client access_denied with iss and state, and leaves nobody signed in [check 67]', async (t) => {
  const world = await startWorld(t);
  const browser = await world.browser().authorize();
  await browser.press('cancel');
  assert.equal(browser.callback?.get('error'), 'access_denied');
  assert.equal(browser.callback?.get('iss'), world.issuer);
  assert.equal(browser.callback?.get('state'), browser.journey?.state);
  await browser.authorize({ prompt: 'none' });
  assert.equal(browser.callback?.get('error'), 'login_required');
});
