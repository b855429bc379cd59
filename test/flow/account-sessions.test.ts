import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inAccount, otherSession, sessionsOf } from '../support/account-area.ts';
import { captured, eventsOf } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { rowsOf } from '../support/database.ts';
import { redeemRaw, userinfoStatus } from '../support/token-endpoint.ts';
import { startWorld, type World } from '../support/world.ts';

/** One person in two browsers: the first through a relying party, the second in the account area. */
async function inTwoBrowsers(world: World) {
  world.travel(0);
  const ada = await world.person();
  const there = await world.browser({ headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' } });
  await there.signIn(ada);
  const { body } = await redeemRaw(there);
  world.travel(60);
  return { ada, there, token: body.access_token, here: await inAccount(world, ada) };
}

async function isSignedIn(browser: Browser): Promise<boolean> {
  return (await browser.authorize({ prompt: 'none' })).code !== undefined;
}

test('the page tells where the account is signed in, this browser first, in words and without a secret [check 60]', async (t) => {
  const world = await startWorld(t);
  const { here } = await inTwoBrowsers(world);
  const [own, other, ...more] = here.page.facts.sessions as readonly Record<string, unknown>[];
  assert.deepEqual(more, []);
  assert.equal(own?.current, true);
  const { id: _id, signedInAt: _signedInAt, lastSeenAt: _lastSeenAt, secondsUnseen, ...told } = other ?? {};
  assert.deepEqual(told, { current: false, browser: 'Firefox', system: 'Linux', address: '127.0.0.1' });
  assert.ok(Number(secondsUnseen) >= 60);
  const ways = here.page.facts.ways as readonly Record<string, unknown>[];
  assert.deepEqual(
    ways.map(({ kind, label }) => [kind, label]),
    [['totp', '']],
  );
  assert.doesNotMatch(here.text, /sealed|secret|sessionVersion|passwordHash|proofs/i);
});

test('a session that a change of the account has ended is listed no more, although its record may be there yet [check 60]', async (t) => {
  const world = await startWorld(t);
  const { here } = await inTwoBrowsers(world);
  const ended = world.database.connection.collection<{ _id: string }>('oidc');
  await ended.updateOne({ _id: otherSession(here).id }, { $set: { sessionVersion: -1 } });
  await here.visit('/account');
  assert.deepEqual(
    sessionsOf(here).map(({ current }) => current),
    [true],
  );
});

test('"Sign out there" ends that session everywhere: cookie, record and the tokens bound to it [check 58, 60, 112]', async (t) => {
  const world = await startWorld(t);
  const { ada, there, here, token } = await inTwoBrowsers(world);
  assert.equal(await userinfoStatus(world.origin, token), 200);
  await here.press(`end-session ${otherSession(here).id}`);
  assert.equal(here.stage, 'security');
  assert.equal((JSON.parse(here.text) as { notice: { code: string } }).notice.code, 'session_ended');
  assert.equal(sessionsOf(here).length, 1);
  assert.equal(await isSignedIn(there), false);
  assert.equal(await userinfoStatus(world.origin, token), 401);
  assert.equal((await there.visit('/account')).stage, 'sign-in');
  assert.ok(await isSignedIn(here));
  const [event] = await eventsOf(world, { kind: 'sign_out' });
  assert.deepEqual([event?.accountId, event?.detail, event?.result], [ada.id, 'elsewhere', 'success']);
});

test('"Sign out everywhere else" leaves this browser alone, and nobody else’s [check 60]', async (t) => {
  const world = await startWorld(t);
  const { there, here, token } = await inTwoBrowsers(world);
  const eve = await inAccount(world, await world.person());
  await here.press('end-others');
  assert.equal(sessionsOf(here).length, 1);
  assert.equal(await isSignedIn(there), false);
  assert.equal(await userinfoStatus(world.origin, token), 401, 'nor is a token of it good for anything');
  assert.ok(await isSignedIn(here));
  assert.ok(await isSignedIn(eve));
  await here.visit('/account');
  assert.equal(
    here.page.actions.some(({ name }) => name === 'end-others'),
    false,
    'nothing is left to end',
  );
});

test('a status line is told once, and only to the session that it was for', async (t) => {
  const world = await startWorld(t);
  const { here } = await inTwoBrowsers(world);
  await here.press('end-others');
  assert.match(here.text, /"notice"/);
  await here.visit('/account');
  assert.doesNotMatch(here.text, /"notice"/);
  for (const planted of ['x', '1.AAAA', JSON.stringify({ code: 'session_ended' })]) {
    await here.jar.setCookie(`twofold_told=${encodeURIComponent(planted)}; Path=/`, world.issuer);
    assert.equal((await here.visit('/account')).status, 200);
    assert.doesNotMatch(here.text, /"notice"/);
  }
});

test('nobody ends another person’s session, whatever id they send [check 38, 116]', async (t) => {
  const world = await startWorld(t);
  const { there, here } = await inTwoBrowsers(world);
  const eve = await inAccount(world, await world.person());
  const ids = [otherSession(here).id, 'x', '%00', '..', '[$ne]', 'a'.repeat(2000), '%F0%9F%92%A9'];
  for (const id of ids) {
    await eve.visit('/account');
    await eve.post(`/account/sessions/${id}/end`, {});
    assert.ok(eve.status < 500, id);
  }
  assert.equal((await rowsOf(world.database, 'Session')).length, 3);
  assert.ok(await isSignedIn(there));
});

test('a form from elsewhere ends nothing: no token, another session’s, another site, a GET [check 38, 82]', async (t) => {
  const world = await startWorld(t);
  const { ada, here } = await inTwoBrowsers(world);
  world.travel(60);
  const again = await inAccount(world, ada);
  const paths = [`/account/sessions/${otherSession(here).id}/end`, '/account/sessions/end-others'];
  const before = await rowsOf(world.database, 'Session');
  for (const path of paths) {
    const form = captured(here, path, {});
    const refusals = [
      { ...form, body: '' },
      { ...form, body: 'forgery=x' },
      { ...form, body: captured(again, path, {}).body },
      { ...form, headers: { ...form.headers, origin: 'https://evil.example' } },
      { ...form, headers: { ...form.headers, 'sec-fetch-site': 'cross-site' } },
      { ...form, headers: { ...form.headers, 'sec-fetch-site': 'same-site' } },
      { ...form, headers: { ...form.headers, origin: 'null', 'sec-fetch-site': 'cross-site' } },
    ];
    for (const [index, refused] of refusals.entries()) {
      const { status } = await here.fetch(refused);
      assert.equal(status, 403, `${path} ${index}`);
    }
    const opened = await here.fetch({ method: 'GET', url: new URL(path, world.issuer), headers: {} });
    assert.deepEqual([opened.status, opened.headers.get('location')], [303, '/account']);
    const nobody = await world.browser().fetch(form);
    assert.deepEqual([nobody.status, nobody.headers.get('location')], [303, '/account']);
  }
  const ids = (rows: readonly Record<string, unknown>[]) => rows.map(({ _id }) => _id).sort();
  assert.deepEqual(ids(await rowsOf(world.database, 'Session')), ids(before));
});

test('a request in flight cannot revive a session that was ended from elsewhere [check 58]', async (t) => {
  const world = await startWorld(t);
  for (let round = 0; round < 3; round += 1) {
    const { there, here } = await inTwoBrowsers(world);
    const { url } = await world.client.begin({ prompt: 'none' });
    const inFlight = Array.from({ length: 8 }, () => there.tab().visit(url));
    await Promise.all([here.press('end-others'), ...inFlight]);
    assert.equal(await isSignedIn(there), false);
    assert.equal((await there.visit('/account')).stage, 'sign-in');
  }
});

test('of 20 who end the same session at once one did [check 112]', async (t) => {
  const world = await startWorld(t);
  const { here } = await inTwoBrowsers(world);
  const form = captured(here, `/account/sessions/${otherSession(here).id}/end`, {});
  await Promise.all(Array.from({ length: 20 }, () => here.fetch(form)));
  assert.equal((await eventsOf(world, { kind: 'sign_out' })).length, 1);
});

test('signing out here asks on a page, and then the area is shut', async (t) => {
  const world = await startWorld(t);
  const { here } = await inTwoBrowsers(world);
  await here.press('sign-out');
  assert.equal(here.stage, 'sign-out');
  await here.submit({ xsrf: String(here.page.facts.xsrf), logout: 'yes' });
  assert.equal(here.stage, 'signed-out');
  assert.equal((await here.visit('/account')).stage, 'sign-in');
});
