import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as client from 'openid-client';
import { askToken, refreshRaw } from '../support/token-endpoint.ts';
import { startWorld } from '../support/world.ts';

test('blanks before, after and between scopes say nothing', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await world.browser().signIn(ada, { scope: 'openid email ' });
  assert.equal((await browser.redeem()).scope, 'openid email');
  for (const scope of [' openid email', 'openid  email', '  openid   email  ', 'openid email']) {
    await browser.authorize({ scope, prompt: 'none' });
    assert.equal((await browser.redeem()).scope, 'openid email', JSON.stringify(scope));
  }
});

test('what is no scope is refused as before, and blanks alone ask for nothing', async (t) => {
  const world = await startWorld(t);
  const browser = world.browser();
  for (const scope of ['openid\tprofile', 'openid\u00a0email', 'openid "email"', 'openid\n']) {
    await browser.authorize({ scope });
    assert.equal(browser.callback?.get('error'), 'invalid_scope', JSON.stringify(scope));
  }
  await browser.authorize({ scope: '   ' });
  assert.equal(browser.callback?.get('error'), 'invalid_request');
  const { url } = await world.client.begin();
  url.searchParams.append('scope', 'openid ');
  await browser.visit(url);
  assert.equal(browser.callback?.get('error'), 'invalid_request', 'a doubled parameter stays refused');
});

test('a refresh that asks for less may hold blanks, too, and gets no more by them', async (t) => {
  const world = await startWorld(t);
  const browser = await world.browser().signIn(await world.person(), {
    scope: 'openid email offline_access ',
    prompt: 'consent',
  });
  const tokens = await browser.redeem();
  const less = await client.refreshTokenGrant(await browser.party.configuration(), tokens.refresh_token ?? '', {
    scope: 'openid  email ',
  });
  assert.equal(less.scope, 'openid email');
  const more = { grant_type: 'refresh_token', refresh_token: less.refresh_token ?? '', scope: 'openid profile ' };
  const answer = await askToken({ origin: world.origin, client: browser.party.settings, form: more });
  assert.equal(answer.body.error, 'invalid_scope');
  assert.equal((await refreshRaw(browser, less.refresh_token)).status, 200);
});
