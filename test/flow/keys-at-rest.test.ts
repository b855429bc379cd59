import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { makeKeys } from '../../src/oidc/keys.ts';
import type { Browser } from '../support/browser.ts';
import { rowsOf } from '../support/database.ts';
import { redeemRaw, refreshRaw, userinfoStatus } from '../support/token-endpoint.ts';
import { startWorld, type World, type WorldOptions } from '../support/world.ts';

/** Another process at the same address, after a change of keys. */
function after(t: Parameters<typeof startWorld>[0], world: World, keys: NonNullable<WorldOptions['keys']>) {
  return startWorld(t, { database: world.database, settings: { issuer: world.issuer }, keys });
}

async function movedTo(world: World, browser: Browser): Promise<Browser> {
  const moved = world.browser();
  for (const cookie of await browser.jar.getCookies(world.issuer))
    await moved.jar.setCookie(cookie.toString(), world.issuer);
  return moved;
}

const kidOf = (token: unknown) =>
  JSON.parse(Buffer.from(String(token).split('.')[0] ?? '', 'base64url').toString()).kid;

test('a new signing key in front: it signs, the old ones stay published, old hints and sessions go on [check 103]', async (t) => {
  const world = await startWorld(t);
  const browser = await world
    .browser()
    .signIn(await world.person(), { scope: 'openid offline_access', prompt: 'consent' });
  const { body } = await redeemRaw(browser);
  const jwks = { keys: [...makeKeys().jwks.keys, ...world.keys.jwks.keys] };
  const rotated = await after(t, world, { ...world.keys, jwks });

  const there = await movedTo(rotated, browser);
  await there.authorize({ prompt: 'none', id_token_hint: String(body.id_token) });
  const fresh = await there.redeem();
  assert.notEqual(kidOf(fresh.id_token), kidOf(body.id_token));
  assert.equal(kidOf(fresh.id_token), jwks.keys[0]?.kid);
  assert.equal((await refreshRaw(there, body.refresh_token)).status, 200);
  const published = (await (await fetch(`${rotated.origin}/jwks`)).json()) as { keys: { kid: string }[] };
  assert.deepEqual(
    published.keys.map(({ kid }) => kid),
    jwks.keys.map((key) => key.kid),
  );
  await there.visit(`/session/end?${new URLSearchParams({ id_token_hint: String(body.id_token) })}`);
  assert.equal(there.stage, 'sign-out');
});

test('a token signed by a key that was never ours is no hint [check 71, 103]', async (t) => {
  const world = await startWorld(t);
  const foreign = await startWorld(t, {
    settings: { issuer: world.issuer },
    keys: { ...world.keys, jwks: makeKeys().jwks },
  });
  const { body } = await redeemRaw(await foreign.browser().signIn(await foreign.person()));
  const browser = await world.browser().authorize({ prompt: 'none', id_token_hint: String(body.id_token) });
  assert.equal(browser.callback?.get('error'), 'invalid_request');
});

test('a new cipher key in front: it writes, and what the old one sealed is read [check 100]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await world.browser().signIn(ada, { scope: 'openid offline_access', prompt: 'consent' });
  const { body } = await redeemRaw(browser);
  const running = await world.browser().authorize();
  const rotated = await after(t, world, {
    ...world.keys,
    cipher: [{ id: 2, key: randomBytes(32) }, ...world.keys.cipher],
  });

  const there = await movedTo(rotated, browser);
  await there.authorize({ prompt: 'none' });
  assert.ok(there.code, 'the session is read');
  assert.equal(await userinfoStatus(rotated.origin, body.access_token), 200);
  assert.equal((await refreshRaw(there, body.refresh_token)).status, 200);
  const sealed = (await rowsOf(world.database, 'RefreshToken')).map(({ payload }) => String(payload).split('.')[0]);
  assert.deepEqual(sealed.sort(), ['1', '2'], 'the new one is written with the new key');

  rotated.travel(31);
  const again = await rotated.browser().signIn(ada);
  assert.ok(again.code, "the old factor's secret is read");
  for (const cookie of await running.jar.getCookies(running.url.href))
    await again.jar.setCookie(cookie.toString(), running.url.href);
  await again.visit(running.url);
  assert.equal(again.stage, 'sign-in', 'and so is a sign-in that was under way');
});

test('with the old cipher key gone, what it sealed fails closed [check 100, 120]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await world.browser().signIn(ada);
  const { body } = await redeemRaw(browser);
  const lost = await after(t, world, { ...world.keys, cipher: [{ id: 2, key: randomBytes(32) }] });
  const there = await movedTo(lost, browser);
  await there.authorize({ prompt: 'none' });
  assert.equal(there.code, undefined);
  assert.notEqual(await userinfoStatus(lost.origin, body.access_token), 200);
  const fresh = await lost.browser().authorize();
  await fresh.submit({ identifier: ada.email, password: ada.password });
  await fresh.submit({ code: ada.codeNow() });
  assert.equal(fresh.status, 500);
  assert.equal(fresh.code, undefined);
});

test("two people's sealed secrets swapped in the database: both fail closed, whosever code is typed [check 99]", async (t) => {
  const world = await startWorld(t);
  const [ada, bob] = [await world.person(), await world.person()];
  const accounts = world.database.connection.collection<{ _id: string; factors: { data: { sealedSecret: string } }[] }>(
    'accounts',
  );
  const sealed = async (id: string) => String((await accounts.findOne({ _id: id }))?.factors[0]?.data.sealedSecret);
  const [adas, bobs] = [await sealed(ada.id), await sealed(bob.id)];
  assert.notEqual(adas, bobs);
  await accounts.updateOne({ _id: ada.id }, { $set: { 'factors.0.data.sealedSecret': bobs } });
  await accounts.updateOne({ _id: bob.id }, { $set: { 'factors.0.data.sealedSecret': adas } });
  for (const [person, other] of [
    [ada, bob],
    [bob, ada],
  ] as const) {
    for (const code of [person.codeNow(), other.codeNow()]) {
      const browser = await world.browser().authorize();
      await browser.submit({ identifier: person.email, password: person.password });
      await browser.submit({ code });
      assert.equal(browser.status, 500);
      await browser.authorize({ prompt: 'none' });
      assert.equal(browser.callback?.get('error'), 'login_required');
    }
  }
});

test('sealed rows of the library moved to another id open nothing [check 101]', async (t) => {
  const world = await startWorld(t);
  const [mallory, ada] = [
    await world.browser().signIn(await world.person()),
    await world.browser().signIn(await world.person()),
  ];
  assert.ok(ada.code);
  const sessions = world.database.connection.collection<{ _id: string; payload: string }>('oidc');
  const [first, second] = await sessions.find({ model: 'Session', payload: { $exists: true } }).toArray();
  assert.ok(first && second);
  await sessions.updateOne({ _id: first._id }, { $set: { payload: second.payload } });
  await sessions.updateOne({ _id: second._id }, { $set: { payload: first.payload } });
  for (const browser of [mallory, ada]) {
    await browser.authorize({ prompt: 'none' });
    assert.equal(browser.code, undefined);
  }
});

test('what is past its time is invalid although its row is still there [check 104]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await world.browser().signIn(ada, { scope: 'openid offline_access', prompt: 'consent' });
  const { body } = await redeemRaw(browser);
  const parked = await world.browser().authorize();
  world.travel(3601);
  const there = async (collection: string) => (await rowsOf(world.database, collection)).length > 0;
  await parked.reload();
  assert.equal(parked.page.code, 'sign_in_ended');
  assert.ok(await there('attempts'));
  assert.equal(await userinfoStatus(world.origin, body.access_token), 401);
  assert.ok(await there('AccessToken'));
  await browser.authorize({ prompt: 'none' });
  assert.equal(browser.callback?.get('error'), 'login_required');
  assert.ok(await there('Session'));
  world.travel(14 * 86_400);
  assert.equal((await refreshRaw(browser, body.refresh_token)).status, 400);
  assert.ok(await there('RefreshToken'));
});
