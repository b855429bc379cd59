import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordFields } from '../../src/storage/sessions.ts';
import { afterPassword, spoils } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { rowsOf } from '../support/database.ts';
import { holdNextReader } from '../support/race.ts';
import { startWorld, type World } from '../support/world.ts';

const sessionRecords = { collection: 'oidc', model: 'Session', method: 'findOne' } as const;

async function withCookies(world: World, cookies: readonly string[]): Promise<Browser> {
  const browser = world.browser();
  for (const cookie of cookies) await browser.jar.setCookie(`${cookie}; Path=/`, world.issuer);
  return browser;
}

const liveSessions = async (world: World) =>
  (await rowsOf(world.database, 'Session')).filter((row) => row.payload && !row.endedAt && row.accountId);

test('a silent request in flight while somebody else signs in neither revives the session nor yields tokens [check 61, 86]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const [ada, bob] = [await world.person(), await world.person()];
  const browser = await world.browser().signIn(ada);
  const stolen = await browser.cookies();
  await afterPassword(world, bob, { browser, options: { prompt: 'login' } });

  const reader = holdNextReader(t, world.database, sessionRecords);
  const thief = await withCookies(world, stolen);
  const inFlight = thief.authorize({ prompt: 'none' });
  await reader.arrived;
  await browser.submit({ code: bob.codeNow() });
  assert.ok(browser.code);
  reader.letGo();
  await inFlight;

  if (thief.code) await assert.rejects(thief.redeem(), { error: 'invalid_grant' });
  const sessions = await liveSessions(world);
  assert.deepEqual(
    sessions.map((row) => row.accountId),
    [bob.id],
  );
  for (const cookies of [stolen, await thief.cookies()]) {
    const again = await (await withCookies(world, cookies)).authorize({ prompt: 'none' });
    assert.equal(again.callback?.get('error'), 'login_required');
  }
});

test('a silent request in flight while the same person signs in anew does not keep the old cookie alive [check 55, 61]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const browser = await world.browser().signIn(ada);
  const stolen = await browser.cookies();
  world.travel(30);
  await afterPassword(world, ada, { browser, options: { prompt: 'login' } });

  const reader = holdNextReader(t, world.database, sessionRecords);
  const thief = await withCookies(world, stolen);
  const inFlight = thief.authorize({ prompt: 'none' });
  await reader.arrived;
  await browser.submit({ code: ada.codeNow() });
  assert.ok(browser.code);
  reader.letGo();
  await inFlight;

  assert.equal((await liveSessions(world)).length, 1);
  const again = await (await withCookies(world, stolen)).authorize({ prompt: 'none' });
  assert.equal(again.callback?.get('error'), 'login_required');
});

test('a session whose record is gone is none: not silently, not on a page, not for tokens [check 61]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await world.browser().signIn(ada);
  const before = await spoils(world);
  // The library's half stays, and knows who it was.
  await world.database.connection.collection('oidc').updateMany({ model: 'Session' }, { $unset: recordFields });
  const silent = await browser.tab().authorize({ prompt: 'none' });
  assert.equal(silent.callback?.get('error'), 'login_required');
  for (const options of [{}, { prompt: 'consent' }, { prompt: 'select_account' }]) {
    const tab = await browser.tab().authorize(options, world.party('third'));
    if (tab.stage === 'signed-in-as') await tab.press('continue');
    assert.deepEqual([tab.code, tab.stage], [undefined, 'sign-in'], JSON.stringify(options));
  }
  assert.deepEqual(await spoils(world), { ...before, sessions: 0 });
});
