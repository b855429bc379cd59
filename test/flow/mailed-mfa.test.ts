import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atWay } from '../support/mail-ways.ts';
import { claimsOf, redeemRaw, refreshRaw } from '../support/token-endpoint.ts';
import { startWorld } from '../support/world.ts';

const offline = { scope: 'openid email offline_access', prompt: 'consent' };

for (const [emailCountsAsMfa, amr] of [
  [false, ['pwd', 'otp']],
  [true, ['pwd', 'otp', 'mfa']],
] as const) {
  test(`with factors.emailCountsAsMfa ${emailCountsAsMfa} a code by mail is told as ${amr.join(' ')}, at first, after a refresh, and at the next client`, async (t) => {
    const world = await startWorld(t, { settings: { factors: { emailCountsAsMfa } } });
    const ada = await world.person({ ways: ['email'] });
    const browser = await atWay(world, ada, 'email', await world.browser().authorize(offline));
    await browser.submit({ code: world.codeMailedTo(ada.email) });
    const { body: first } = await redeemRaw(browser);
    const { body: refreshed } = await refreshRaw(browser, first.refresh_token);
    await browser.authorize({ prompt: 'none' });
    const { body: next } = await redeemRaw(browser);
    for (const { id_token } of [first, refreshed, next]) {
      const claims = claimsOf(id_token);
      assert.deepEqual([claims.acr, claims.amr], ['urn:twofold:2fa-email', amr]);
    }
  });
}

test('a session that was begun when a code by mail was kept as mfa is told as what it is', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ ways: ['email'] });
  const browser = await atWay(world, ada);
  await browser.submit({ code: world.codeMailedTo(ada.email) });
  const sessions = world.database.connection.collection('oidc');
  const kept = await sessions.updateOne({ 'proofs.kind': 'email' }, { $set: { 'proofs.$.amr': ['otp', 'mfa'] } });
  assert.equal(kept.matchedCount, 1);
  await browser.authorize({ prompt: 'none' });
  assert.deepEqual((await browser.redeem()).claims()?.amr, ['pwd', 'otp']);
});

test('a mailbox beside a phone takes nothing from it: a step up from mail to SMS is told as mfa', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ ways: ['email', 'sms'] });
  const browser = await atWay(world, ada);
  await browser.submit({ code: world.codeMailedTo(ada.email) });
  assert.deepEqual((await browser.redeem()).claims()?.amr, ['pwd', 'otp']);
  await browser.authorize({ acr_values: 'urn:twofold:2fa-sms' });
  await browser.submit({ identifier: ada.email, password: ada.password });
  assert.equal(browser.stage, 'sms');
  await browser.submit({ code: world.codeTextedTo(ada.phone) });
  const claims = (await browser.redeem()).claims();
  assert.deepEqual([claims?.acr, claims?.amr], ['urn:twofold:2fa-sms', ['pwd', 'sms', 'mfa']]);
});
