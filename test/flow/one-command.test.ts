import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { afterPassword, captured, spoils, uidOf } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { watchedDatabase } from '../support/commands.ts';
import { rowsOf } from '../support/database.ts';
import { holdNextReader } from '../support/race.ts';
import { redeemRaw, refreshRaw } from '../support/token-endpoint.ts';
import { startWorld, type World } from '../support/world.ts';

/** All is proved; the last redirect is not followed yet. */
async function beforeLastRedirect(world: World): Promise<Browser> {
  const ada = await world.person();
  const browser = await afterPassword(world, ada, { options: { scope: 'openid offline_access' } });
  await browser.fetch(captured(browser, `/interaction/${uidOf(browser)}/factor`, { code: ada.codeNow() }));
  return browser;
}

const lastRedirect = (browser: Browser) =>
  browser.fetch({ method: 'GET', headers: {}, url: new URL(`/auth/${uidOf(browser)}`, browser.origin) });

/** The library's rows are not written, so many times. */
function noAnswer(t: TestContext, { database }: World, times = Number.POSITIVE_INFINITY) {
  const rows = database.connection.collection('oidc');
  const bulkWrite = rows.bulkWrite.bind(rows);
  let asked = 0;
  return t.mock.method(rows, 'bulkWrite', async (...writes: Parameters<typeof bulkWrite>) => {
    asked += 1;
    if (asked > times) return bulkWrite(...writes);
    throw Object.assign(new Error('no answer'), { name: 'MongoNetworkError' });
  });
}

test('a last redirect, a single sign-on and a redemption each write the library’s rows by one command', async (t) => {
  const { database, during } = await watchedDatabase(t);
  const world = await startWorld(t, { database });
  world.travel(0);
  const browser = await beforeLastRedirect(world);
  const resumed = await during(() => browser.visit(`/auth/${uidOf(browser)}`));
  assert.deepEqual(resumed, ['find attempts', 'update attempts', 'find accounts', 'update oidc']);
  const redeemed = await during(() => redeemRaw(browser));
  assert.deepEqual(redeemed, ['aggregate oidc', 'update oidc']);
  const again = await during(() => browser.tab().authorize({ prompt: 'none' }));
  assert.deepEqual(again, ['find oidc', 'find accounts', 'find oidc', 'update oidc']);
});

test('where its session ends while the last redirect is in flight the client is told so, and no code is stored', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const browser = await world.browser().signIn(ada);
  const before = await spoils(world);
  const reader = holdNextReader(t, world.database, { collection: 'accounts', method: 'findOne' });
  const going = browser.tab().authorize({ prompt: 'none' });
  await reader.arrived;
  await world.database.connection.collection('oidc').deleteMany({ model: 'Session' });
  reader.letGo();
  const { callback, code } = await going;
  assert.deepEqual([callback?.get('error'), code], ['login_required', undefined]);
  assert.deepEqual(await spoils(world), { ...before, sessions: 0 });
});

test('a database that does not answer the last command leaves no code: not in the answer, not in a header, not stored', async (t) => {
  // The library saves a session anew that it could not save: once it can, once it cannot either.
  for (const times of [1, 2]) {
    const world = await startWorld(t);
    world.travel(0);
    const browser = await beforeLastRedirect(world);
    const lost = noAnswer(t, world, times);
    const answer = await lastRedirect(browser);
    assert.deepEqual([answer.status, answer.headers.get('location')], [503, null]);
    assert.ok(!(await answer.text()).includes('code='));
    lost.mock.restore();
    const { codes, tokens } = await spoils(world);
    assert.deepEqual([codes, tokens, (await rowsOf(world.database, 'Grant')).length], [0, 0, 0]);
  }
});

test('a database that does not answer a redemption gives no token, and the code is still good afterwards', async (t) => {
  const world = await startWorld(t);
  const browser = await world.browser().signIn(await world.person());
  const lost = noAnswer(t, world);
  const { status, body } = await redeemRaw(browser);
  assert.deepEqual([status, body.access_token], [503, undefined]);
  lost.mock.restore();
  assert.equal((await redeemRaw(browser)).status, 200);
});

test('20 redemptions of one code at once give tokens once, and so do 20 of one refresh token', async (t) => {
  const world = await startWorld(t);
  const browser = await world
    .browser()
    .signIn(await world.person(), { scope: 'openid offline_access', prompt: 'consent' });
  const codes = await Promise.all(Array.from({ length: 20 }, () => redeemRaw(browser)));
  const given = codes.filter(({ status }) => status === 200);
  assert.equal(given.length, 1);
  for (const { status, body } of codes) if (status !== 200) assert.equal(body.error, 'invalid_grant');

  const fresh = await browser.tab().authorize({ scope: 'openid offline_access', prompt: 'consent' });
  if (fresh.stage === 'consent') await fresh.press('allow');
  const { body: first } = await redeemRaw(fresh);
  const refreshed = await Promise.all(Array.from({ length: 20 }, () => refreshRaw(fresh, first.refresh_token)));
  assert.ok(refreshed.filter(({ status }) => status === 200).length <= 1);
});

test('a code that is refused after it was read is consumed all the same', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await world.browser().signIn(ada);
  await world.database.connection
    .collection<{ _id: string }>('accounts')
    .updateOne({ _id: ada.id }, { $set: { active: false } });
  assert.equal((await redeemRaw(browser)).body.error, 'invalid_grant');
  const [code] = await rowsOf(world.database, 'AuthorizationCode');
  assert.ok(code?.consumedAt);
  assert.deepEqual(await rowsOf(world.database, 'AccessToken'), []);
});
