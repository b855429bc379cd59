import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Browser } from '../support/browser.ts';
import { redeemRaw } from '../support/token-endpoint.ts';
import { type NewClient, startWorld, type World } from '../support/world.ts';

const redirectUris = [
  'http://127.0.0.1/callback',
  'http://[::1]/callback',
  'com.example.app:/callback',
  'http://localhost:4997/callback',
  'https://app.example.com/callback',
];
const app: NewClient = { clientId: 'native', public: true, redirectUris };
const confidential: NewClient = { clientId: 'server', redirectUris: ['http://127.0.0.1:4996/callback'] };

async function back(world: World, uri: string): Promise<Browser> {
  const ada = await world.person();
  const browser = await world.browser().authorize({ redirect_uri: uri }, world.party('native'));
  await browser.submit({ identifier: ada.email, password: ada.password });
  return browser.submit({ code: ada.codeNow() });
}

test('an app comes back to any port of its own machine and to its own scheme, and redeems its code there', async (t) => {
  const world = await startWorld(t, { clients: [app] });
  for (const uri of ['http://127.0.0.1:51004/callback', 'http://[::1]:61023/callback', ...redirectUris]) {
    const browser = await back(world, uri);
    assert.equal(browser.url.href.replace(/\?.*$/, ''), uri);
    const answer = await redeemRaw(browser, { redirect_uri: uri, code: browser.url.searchParams.get('code') ?? '' });
    assert.equal(answer.status, 200, uri);
  }
});

test('nothing but the port of an address is free, and the code is for the port that was asked for', async (t) => {
  const world = await startWorld(t, { clients: [app, confidential] });
  const refused = [
    'http://127.0.0.1:51004/other',
    'http://127.0.0.1:51004/callback?a=b',
    'https://127.0.0.1:51004/callback',
    'http://127.0.0.2:51004/callback',
    'http://user@127.0.0.1:51004/callback',
    'http://localhost:51004/callback',
    'http://localhost/callback',
    'https://app.example.com:8443/callback',
    'com.example.app:/other',
    'com.example.app://callback',
    'com.example.other:/callback',
  ];
  for (const uri of refused) {
    const browser = await world.browser().authorize({ redirect_uri: uri }, world.party('native'));
    assert.deepEqual([browser.status, browser.url.origin], [400, world.issuer], uri);
  }
  const server = await world
    .browser()
    .authorize({ redirect_uri: 'http://127.0.0.1:51004/callback' }, world.party('server'));
  assert.equal(server.status, 400, 'a confidential client has one port');
  const browser = await back(world, 'http://127.0.0.1:51004/callback');
  const elsewhere = await redeemRaw(browser, { redirect_uri: 'http://127.0.0.1:51005/callback' });
  assert.equal(elsewhere.body.error, 'invalid_grant');
});

test('the page that asks names the scheme an app is reached by', async (t) => {
  const world = await startWorld(t, { clients: [{ ...app, firstParty: false }] });
  const browser = await back(world, 'com.example.app:/callback');
  assert.deepEqual([browser.stage, browser.page.facts.host], ['consent', 'com.example.app']);
});

test("a sandboxed page's script reads no tokens, though an app's scheme has the same origin", async (t) => {
  const world = await startWorld(t, { clients: [app] });
  const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'x', client_id: 'native' });
  const answer = await fetch(`${world.origin}/token`, { method: 'POST', headers: { origin: 'null' }, body });
  assert.equal(answer.headers.get('access-control-allow-origin'), null);
  assert.equal(((await answer.json()) as { error: string }).error, 'invalid_request');
});
