import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inAccount, noticeOf, ownFactors } from '../support/account-area.ts';
import { together } from '../support/account-stores.ts';
import { accountRow, afterPassword, captured, editAccount, eventsOf, spoils, uidOf } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { rowsOf } from '../support/database.ts';
import { mailsTo } from '../support/registration.ts';
import { startWorld, type World } from '../support/world.ts';

const free = { settings: { secondFactor: 'when-enrolled' } } as const;

/** Every form that changes what is set up, as it is sent for this way. */
const formsFor = (id: string): Readonly<Record<string, Readonly<Record<string, string>>>> => ({
  [`/account/ways/${id}/rename`]: { name: 'Mine' },
  [`/account/ways/${id}/prefer`]: {},
  [`/account/ways/${id}/remove`]: {},
  '/account/two-step/off': {},
  '/account/two-step/on': {},
});

async function accountsNow(world: World): Promise<string> {
  const rows = await rowsOf(world.database, 'accounts');
  return JSON.stringify(
    rows.map(({ factors, preferredFactorId, twoStepOff, recovery, sessionVersion }) => [
      ...[factors, preferredFactorId, twoStepOff, recovery, sessionVersion],
    ]),
  );
}

const isSignedIn = async (browser: Browser) => (await browser.tab().authorize({ prompt: 'none' })).code !== undefined;

test('without a fresh proof nothing is changed and no page of it is shown [check 33, 38]', async (t) => {
  const world = await startWorld(t, free);
  world.travel(0);
  const ada = await world.person({ ways: ['totp', 'email'] });
  const browser = await inAccount(world, ada);
  await browser.visit('/account');
  const id = ownFactors(browser)[0]?.id ?? '';
  world.travel(301);
  const before = await accountsNow(world);
  for (const [path, fields] of Object.entries(formsFor(id))) {
    const answer = await browser.tab().fetch(captured(browser, path, fields));
    assert.equal(answer.status, 303, path);
    assert.match(answer.headers.get('location') ?? '', /^\/auth\?.*&prompt=login&/, path);
  }
  for (const page of [`ways/${id}/rename`, `ways/${id}/remove`, 'two-step/off']) {
    const answer = await browser
      .tab()
      .fetch({ method: 'GET', url: new URL(`/account/${page}`, world.issuer), headers: {} });
    assert.match(answer.headers.get('location') ?? '', /^\/auth\?.*&prompt=login&/, page);
  }
  assert.equal(await accountsNow(world), before);
});

test('after a password alone there is no way to any of it [check 33]', async (t) => {
  const world = await startWorld(t, free);
  const ada = await world.person({ ways: ['totp', 'email'] });
  const browser = await afterPassword(world, ada);
  const before = await accountsNow(world);
  const { factors } = await accountRow(world, ada.id);
  for (const [path, fields] of Object.entries(formsFor(factors[0]?.id ?? ''))) {
    const answer = await browser.tab().fetch(captured(browser, path, fields));
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, '/account'], path);
  }
  assert.equal(await accountsNow(world), before);
});

test('a way of somebody else is out of reach, and so is a kind of id that nobody has [check 38, 78]', async (t) => {
  const world = await startWorld(t, free);
  const ada = await world.person({ ways: ['totp', 'email'] });
  const eve = await inAccount(world, await world.person());
  const { factors } = await accountRow(world, ada.id);
  const before = await accountsNow(world);
  for (const id of [...factors.map((factor) => factor.id), 'x', '%00', '..', '[$ne]', '$factors', 'a'.repeat(2000)]) {
    for (const [path, fields] of Object.entries(formsFor(id)).filter(([path]) => path.includes('/ways/'))) {
      await eve.visit('/account');
      await eve.post(path, fields);
      assert.ok(eve.status < 500, path);
      assert.ok(!['way_removed', 'way_renamed', 'way_preferred'].includes(noticeOf(eve) ?? ''), path);
    }
  }
  assert.equal(await accountsNow(world), before);
});

test('a form from elsewhere changes nothing: no token, another session’s, another site, a GET [check 38, 82]', async (t) => {
  const world = await startWorld(t, free);
  world.travel(0);
  const ada = await world.person({ ways: ['totp', 'email'] });
  const here = await inAccount(world, ada);
  world.travel(60);
  const again = await inAccount(world, ada);
  const before = await accountsNow(world);
  for (const [path, fields] of Object.entries(formsFor(ownFactors(here)[0]?.id ?? ''))) {
    const form = captured(here, path, fields);
    const refusals = [
      { ...form, body: new URLSearchParams(fields).toString() },
      { ...form, body: captured(again, path, fields).body },
      { ...form, headers: { ...form.headers, origin: 'https://evil.example' } },
      { ...form, headers: { ...form.headers, 'sec-fetch-site': 'cross-site' } },
    ];
    for (const refusal of refusals) assert.equal((await here.tab().fetch(refusal)).status, 403, path);
    const asked = await here.tab().fetch({ method: 'GET', url: form.url, headers: {} });
    assert.ok([200, 303].includes(asked.status), path);
  }
  assert.equal(await accountsNow(world), before);
});

test('a disabled account changes nothing, whatever was proved just now [check 38, 59]', async (t) => {
  const world = await startWorld(t, free);
  const ada = await world.person({ ways: ['totp', 'email'] });
  const browser = await inAccount(world, ada);
  await editAccount(world, ada.id, { $set: { active: false } });
  const before = await accountsNow(world);
  for (const [path, fields] of Object.entries(formsFor(ownFactors(browser)[0]?.id ?? ''))) {
    const answer = await browser.tab().fetch(captured(browser, path, fields));
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, '/account'], path);
  }
  assert.equal(await accountsNow(world), before);
});

test('of 20 removals of all ways at once none is the last, each that is made is one mail and one event, and the session goes on [check 37, 38]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const [factor] = (await accountRow(world, ada.id)).factors;
  const more = Array.from({ length: 19 }, (_, n) => ({
    ...factor,
    id: `more-${n}`,
    createdAt: new Date(),
    lastUsedAt: new Date(0),
  }));
  await editAccount(world, ada.id, { $push: { factors: { $each: more } } });
  const browser = await inAccount(world, ada);
  const ids = ownFactors(browser).map(({ id }) => id);
  assert.equal(ids.length, 20);
  await together(20, (n) => browser.tab().fetch(captured(browser, `/account/ways/${ids[n]}/remove`, {})));
  const removed = 20 - (await accountRow(world, ada.id)).factors.length;
  assert.ok(removed >= 1 && removed < 20, `${removed}`);
  const told = [mailsTo(world, ada.email), (await eventsOf(world, { kind: 'factor_removed' })).length];
  assert.deepEqual(told, [removed, removed]);
  assert.equal((await browser.visit('/account')).stage, 'security');
});

test('two browsers that remove the last two ways at once leave one where one is demanded [check 38]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  for (let round = 0; round < 3; round += 1) {
    const ada = await world.person({ ways: ['totp', 'email'] });
    const one = await inAccount(world, ada);
    world.travel(60);
    const two = await inAccount(world, ada);
    const forms = [one, two].map((browser, n) =>
      captured(browser, `/account/ways/${ownFactors(one)[n]?.id}/remove`, {}),
    );
    await Promise.all([one.tab().fetch(forms[0] ?? assert.fail()), two.tab().fetch(forms[1] ?? assert.fail())]);
    assert.equal((await accountRow(world, ada.id)).factors.length, 1);
    assert.deepEqual([await isSignedIn(one), await isSignedIn(two)].filter(Boolean).length <= 1, true);
  }
});

test('a sign-in that races with the removal of its way is over with it, whoever comes first [check 38, 51, 86]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  for (let round = 0; round < 5; round += 1) {
    const ada = await world.person({ ways: ['totp', 'email'] });
    const owner = await inAccount(world, ada);
    world.travel(60);
    const other = await afterPassword(world, ada);
    const code = ada.codeNow();
    const removal = captured(owner, `/account/ways/${ownFactors(owner)[0]?.id}/remove`, {});
    await Promise.all([other.submit({ code }), owner.tab().fetch(removal)]);
    assert.equal((await accountRow(world, ada.id)).factors.length, 1);
    assert.equal(await isSignedIn(other), false, `${round}: ${other.stage}`);
    assert.ok(await isSignedIn(owner));
  }
});

test('the page that asks for a removed way’s code in another tab leads back to the password, its code counts no more [check 51]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ ways: ['totp', 'email'] });
  const owner = await inAccount(world, ada);
  world.travel(60);
  const other = await afterPassword(world, ada);
  assert.equal(other.stage, 'totp');
  await owner.visit('/account');
  await (await owner.press(`remove ${ownFactors(owner)[0]?.id}`)).press('remove');
  await other.submit({ code: ada.codeNow() });
  assert.deepEqual([other.code, other.stage], [undefined, 'sign-in']);
  assert.equal((await spoils(world)).sessions, 1);
  await other.submit({ identifier: ada.email, password: ada.password });
  assert.equal(other.stage, 'email', 'what is left is asked');
});

test('a sign-in parked before its last redirect, or before its consent, dies with the removal [check 51, 86]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ ways: ['totp', 'email'] });
  const owner = await inAccount(world, ada);
  world.travel(60);
  const told = await afterPassword(world, ada);
  const uid = uidOf(told);
  await told.fetch(captured(told, `/interaction/${uid}/factor`, { code: ada.codeNow() }));
  await told.fetch({ method: 'GET', url: new URL(`/interaction/${uid}`, world.issuer), headers: {} });
  world.travel(120);
  const asked = await afterPassword(world, ada, { party: world.party('third') });
  await asked.submit({ code: ada.codeNow() });
  assert.equal(asked.stage, 'consent');
  await owner.visit('/account');
  await (await owner.press(`remove ${ownFactors(owner)[0]?.id}`)).press('remove');
  assert.equal(noticeOf(owner), 'way_removed');
  await told.visit(`/auth/${uid}`);
  assert.deepEqual([told.code, told.stage], [undefined, 'sign-in']);
  await asked.submit({ decision: 'allow' });
  assert.deepEqual([asked.code, asked.stage], [undefined, 'sign-in']);
  assert.equal((await spoils(world)).codes, 0);
});
