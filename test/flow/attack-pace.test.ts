import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowsOf } from '../support/database.ts';
import { startWorld } from '../support/world.ts';

const limits = {
  ...{ failureSeconds: 600, wrongPasswords: 50, wrongCodes: 30, wrongClientSecrets: 50 },
  ...{ registrationsPerHour: 60, takenUsernamesPerHour: 30 },
};

test('how many sign-ins one address begins is limited by whichever address they are begun: also by resuming one early again and again', async (t) => {
  const world = await startWorld(t, { settings: { addressLimits: { ...limits, authorizationsPerMinute: 3 } } });
  world.travel(0);
  const browser = await world.browser().authorize({ login_hint: 'x'.repeat(6000) });
  const begun = async () => (await rowsOf(world.database, 'attempts')).length;
  assert.equal(await begun(), 1);
  for (let n = 0; n < 25; n += 1) {
    const uid = /interaction\/([\w-]+)/.exec(browser.url.pathname)?.[1];
    if (uid === undefined) break;
    await browser.visit(`/auth/${uid}`);
  }
  assert.equal(browser.status, 429);
  assert.ok((await begun()) <= 3, `${await begun()} sign-ins were begun`);
});

test('what a stranger without a cookie has stored by asking to sign out is limited as well', async (t) => {
  const world = await startWorld(t, { settings: { addressLimits: { ...limits, authorizationsPerMinute: 3 } } });
  const { host } = new URL(world.issuer);
  const seen: number[] = [];
  for (let n = 0; n < 25; n += 1)
    seen.push((await world.ask({ target: `/session/end?state=${'x'.repeat(7000)}`, headers: { host } })).status);
  assert.deepEqual(seen, [200, 200, 200, ...Array<number>(22).fill(429)]);
  assert.equal((await rowsOf(world.database, 'Session')).length, 3, 'each question that was asked is stored');
});

test('whoever signs in to its end takes one of them and no more', async (t) => {
  const world = await startWorld(t, { settings: { addressLimits: { ...limits, authorizationsPerMinute: 2 } } });
  world.travel(0);
  const ada = await world.person();
  for (const _ of [1, 2]) {
    const browser = await world.browser().authorize();
    await browser.submit({ identifier: ada.email, password: ada.password });
    await browser.submit({ code: ada.codeNow() });
    assert.ok(browser.code, browser.text.slice(0, 200));
    world.travel(30);
  }
});
