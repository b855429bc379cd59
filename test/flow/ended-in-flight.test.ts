import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Config } from '../../src/config/config.ts';
import { inAccount, noticeOf, otherSession, sessionsOf } from '../support/account-area.ts';
import { administrator, byAdministrator } from '../support/administration.ts';
import { afterPassword, captured, uidOf } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import type { Person } from '../support/person.ts';
import { holdNextReader } from '../support/race.ts';
import { redeemRaw, refreshRaw } from '../support/token-endpoint.ts';
import { startWorld, type World } from '../support/world.ts';

const offline = { scope: 'openid offline_access', prompt: 'consent' };
const sessionRecords = { collection: 'oidc', model: 'Session', method: 'findOne' } as const;

/** Allowed to a client that the session gave nothing yet: only the last redirect is not followed. */
async function allowed(thief: Browser, world: World): Promise<void> {
  await thief.authorize(offline, world.party('third'));
  assert.equal(thief.stage, 'consent');
  await thief.fetch(captured(thief, `/interaction/${uidOf(thief)}/consent`, { decision: 'allow' }));
}

/** The last redirect has read its session's record when the owner ends that session. */
async function inFlight(t: TestContext, world: World, ada: Person, end: (owner: Browser) => Promise<unknown>) {
  const thief = await world.browser().signIn(ada);
  world.travel(30);
  const owner = await inAccount(world, ada);
  await allowed(thief, world);
  const reader = holdNextReader(t, world.database, sessionRecords);
  const going = thief.visit(`/auth/${uidOf(thief)}`);
  await reader.arrived;
  await end(owner);
  reader.letGo();
  await going;
  return thief;
}

/** A refresh token that works once all is over. */
async function refreshWorks(thief: Browser): Promise<boolean> {
  if (!thief.code) return false;
  const { body } = await redeemRaw(thief);
  return body.refresh_token !== undefined && (await refreshRaw(thief, body.refresh_token)).status === 200;
}

test('"Sign out everywhere else" while another session’s last redirect is in flight leaves that session no refresh token [check 60, 86]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const thief = await inFlight(t, world, ada, async (owner) => {
    await owner.press('end-others');
    assert.equal(noticeOf(owner), 'sessions_ended');
    assert.equal(sessionsOf(owner).length, 1);
  });
  assert.equal(await refreshWorks(thief), false);
});

test('one session that its owner ends while its last redirect is in flight keeps no refresh token [check 60, 86]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const thief = await inFlight(t, world, ada, async (owner) => {
    await owner.press(`end-session ${otherSession(owner).id}`);
    assert.equal(noticeOf(owner), 'session_ended');
  });
  assert.equal(await refreshWorks(thief), false);
});

/** A sign-in is complete and its last redirect has read the account when something ends what was proved so far. */
async function freshInFlight(t: TestContext, world: World, begun: Browser, meanwhile: () => Promise<unknown>) {
  const reader = holdNextReader(t, world.database, { collection: 'accounts', method: 'findOne' });
  const going = begun.visit(`/auth/${uidOf(begun)}`);
  await reader.arrived;
  await meanwhile();
  reader.letGo();
  await going;
  return begun;
}

test('"Sign out everywhere else" while the last redirect of a whole sign-in elsewhere is in flight leaves it no refresh token [check 60, 86]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const owner = await inAccount(world, ada);
  world.travel(30);
  const thief = await afterPassword(world, ada, { options: offline });
  await thief.fetch(captured(thief, `/interaction/${uidOf(thief)}/factor`, { code: ada.codeNow() }));
  await freshInFlight(t, world, thief, async () => {
    await owner.post('/account/sessions/end-others', {});
    assert.equal(noticeOf(owner), 'sessions_ended');
  });
  assert.equal(await refreshWorks(thief), false);
});

test('a role that asks for a second factor, given while a last redirect of the password alone is in flight, leaves no refresh token [check 60]', async (t) => {
  const factors: Partial<Config['factors']> = {
    kinds: ['totp', 'email', 'recovery'],
    codeDigits: 6,
    roles: ['admin'],
    skips: 0,
  };
  const world = await startWorld(t, { settings: { secondFactor: 'by-role', factors } });
  world.travel(0);
  const ada = await world.person({ totp: false });
  const browser = await world.browser().authorize(offline);
  const form = { identifier: ada.email, password: ada.password };
  await browser.fetch(captured(browser, `/interaction/${uidOf(browser)}/sign-in`, form));
  const policy = { secondFactor: 'by-role', roles: ['admin'], skips: 0 } as const;
  const { does } = administrator(world.database, policy);
  await freshInFlight(t, world, browser, () =>
    does.changeRoles(byAdministrator(ada.id), { add: ['admin'], remove: [] }),
  );
  assert.equal(await refreshWorks(browser), false);
});
