import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashId } from '../../src/platform/hash.ts';
import { inAccount, leadsTo, noticeOf, proveAll } from '../support/account-area.ts';
import { atAdding, atFirst, newSecret } from '../support/adding.ts';
import { accountRow, afterPassword, captured, editAccount, uidOf } from '../support/attack.ts';
import { rowsOf } from '../support/database.ts';
import { codeOf, wrongCodeOf } from '../support/person.ts';
import { startWorld, type World } from '../support/world.ts';

const optional = { settings: { secondFactor: 'when-enrolled' } } as const;
const forms = ['begin', 'confirm', 'enrol', 'destination', 'renew', 'send', 'save', 'cancel'];
const fields: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  confirm: { code: '123456' },
  enrol: { code: '123456', name: '' },
  destination: { email: 'eve@example.org' },
  save: { saved: 'yes' },
};

const factorsOf = async (world: World, id: string) => (await accountRow(world, id)).factors.length;
const changesOf = async (world: World) =>
  (await rowsOf(world.database, 'attempts')).filter(({ purpose, enrolment }) => purpose === 'change' && enrolment);

test('without a fresh proof nothing is begun; afterwards it is begun by what was pressed before [check 33]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ recovery: 1 });
  const browser = await inAccount(world, ada);
  world.travel(301);
  await browser.press('add totp');
  assert.equal(browser.stage, 'confirm');
  assert.deepEqual(await changesOf(world), []);
  await proveAll(browser, ada);
  assert.equal(browser.stage, 'go-on');
  assert.deepEqual(await changesOf(world), []);
  await browser.press('go-on');
  assert.deepEqual([browser.stage, browser.url.pathname], ['enrol-totp', '/account/ways/new/totp']);
  await browser.submit({ code: codeOf(newSecret(browser)), name: '' });
  assert.equal(noticeOf(browser), 'way_added');
});

test('whoever has not signed in, or has half of it done, binds nothing by any form [check 33]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await afterPassword(world, ada);
  const forgery = browser.page.forgery ?? '';
  for (const kind of ['totp', 'email', 'sms', 'recovery']) {
    for (const name of forms) {
      const path = `/account/ways/new/${kind}/${name}`;
      const response = await browser.fetch(captured(browser, path, { forgery, ...fields[name] }));
      await response.text();
      assert.ok([303, 404].includes(response.status), `${path} ${response.status}`);
      assert.ok(['/account', null].includes(response.headers.get('location')), path);
    }
  }
  assert.equal((await leadsTo(browser, '/account/ways/new/totp')).status, 303);
  assert.deepEqual(await changesOf(world), []);
  assert.equal(await factorsOf(world, ada.id), 1);
});

test('a session of a password alone adds nothing to an account that has a way [check 33]', async (t) => {
  const world = await startWorld(t, optional);
  const bob = await world.person({ totp: false });
  const browser = await atFirst(world, bob, 'totp');
  const ada = await world.person();
  const { factors } = await accountRow(world, ada.id);
  await editAccount(world, bob.id, { $set: { factors } });
  await browser.visit('/account/ways/new/email');
  await browser.press('begin');
  assert.notEqual(browser.stage, 'enrol-email');
  assert.ok(browser.url.pathname.startsWith('/interaction/'), 'everything is proved first');
  assert.equal((await changesOf(world)).length, 1, 'none but the one before');
});

test('the change of one person is nobody else’s: not in another session, nor with another’s form [check 27, 33, 38]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ recovery: 1 });
  const eve = await world.person({ recovery: 1 });
  const hers = await atAdding(world, ada, 'totp');
  const code = codeOf(newSecret(hers));
  const evil = await inAccount(world, eve);
  const stolen = captured(hers, '/account/ways/new/totp/enrol', { code, name: '' });
  assert.equal((await evil.fetch(stolen)).status, 403);
  await evil.visit('/account');
  await evil.post('/account/ways/new/totp/enrol', { code, name: '' });
  assert.equal(noticeOf(evil), 'way_ended');
  world.travel(60);
  const there = await inAccount(world, ada);
  await there.post('/account/ways/new/totp/enrol', { code: codeOf(newSecret(hers)), name: '' });
  assert.equal(noticeOf(there), 'way_ended', 'another session of the same person has no change');
  assert.deepEqual([await factorsOf(world, ada.id), await factorsOf(world, eve.id)], [1, 1]);
  await hers.submit({ code: codeOf(newSecret(hers)), name: '' });
  assert.deepEqual([await factorsOf(world, ada.id), await factorsOf(world, eve.id)], [2, 1]);
});

test('a form from elsewhere does nothing: no token, another site, another session’s [check 82]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await atAdding(world, ada, 'totp');
  for (const name of forms) {
    if (name === 'destination') continue;
    const form = captured(browser, `/account/ways/new/totp/${name}`, fields[name] ?? {});
    const refused = [
      { ...form, body: new URLSearchParams(fields[name]).toString() },
      { ...form, headers: { ...form.headers, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' } },
    ];
    for (const each of refused) assert.equal((await browser.fetch(each)).status, 403, name);
  }
  await browser.reload();
  assert.equal(browser.stage, 'enrol-totp');
});

test('a change dies with its session, with its account, and with every change that ends sign-ins [check 33, 86]', async (t) => {
  const world = await startWorld(t);
  const endings = [
    async (id: string) => editAccount(world, id, { $set: { active: false } }),
    async (id: string) => editAccount(world, id, { $inc: { sessionVersion: 1 } }),
    async () => {
      await world.database.connection.collection('oidc').deleteMany({ model: 'Session' });
    },
  ];
  for (const end of endings) {
    world.travel(0);
    const ada = await world.person();
    const browser = await atAdding(world, ada, 'totp');
    const confirm = captured(browser, '/account/ways/new/totp/enrol', { code: codeOf(newSecret(browser)), name: '' });
    await end(ada.id);
    await browser.send(confirm);
    assert.equal(await factorsOf(world, ada.id), 1);
    await browser.visit('/account/ways/new/totp');
    assert.ok(!browser.text.includes('otpauth'));
  }
});

test('after signing out, and in again, what was begun before is not there any more [check 33]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ recovery: 1 });
  const browser = await atAdding(world, ada, 'totp');
  const confirm = captured(browser, '/account/ways/new/totp/enrol', { code: codeOf(newSecret(browser)), name: '' });
  await browser.visit('/account');
  await browser.press('sign-out');
  await browser.submit({ xsrf: String(browser.page.facts.xsrf), logout: 'yes' });
  await browser.send(confirm);
  assert.equal(browser.stage, 'sign-in');
  world.travel(60);
  await proveAll(browser, ada);
  await browser.visit('/account/ways/new/totp');
  assert.equal(browser.stage, 'add-totp');
  assert.equal(await factorsOf(world, ada.id), 1);
});

test('a change is no sign-in: no interaction has it, whatever id is tried, and it gets nobody a code [check 33, 36]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await atAdding(world, ada, 'totp');
  const [change] = await changesOf(world);
  const session = (change?.asked as { sessionId: string } | undefined)?.sessionId ?? assert.fail();
  for (const uid of [String(change?._id), `account-change:${session}`, session]) {
    for (const cookie of ['', `twofold_interaction=${uid}`]) {
      const url = new URL(`/interaction/${encodeURIComponent(uid)}`, world.issuer);
      const response = await browser.tab().fetch({ method: 'GET', url, headers: cookie ? { cookie } : {} });
      assert.ok([403, 404, 410].includes(response.status), `${response.status}`);
      assert.doesNotMatch(await response.text(), /otpauth/);
    }
  }
  const half = await afterPassword(world, ada);
  await half.post(`/interaction/${uidOf(half)}/enrol`, { code: '123456' });
  assert.equal(half.stage, 'totp', 'and a sign-in has no change');

  const attempts = world.database.connection.collection<{ _id: string }>('attempts');
  await attempts.updateOne({ _id: hashId(uidOf(half)) }, { $set: { purpose: 'change' } });
  await half.submit({ code: ada.codeNow(1) });
  assert.deepEqual([half.status, half.code], [403, undefined]);
});

test('recovery codes that are made anew show on their own page alone, which asks for a fresh proof [check 43]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ recovery: 1 });
  const browser = await inAccount(world, ada);
  browser.savesCodes = false;
  await browser.press('make-codes');
  const [code = ''] = browser.page.facts.codes as readonly string[];
  world.travel(301);
  for (const kind of ['totp', 'email', 'sms']) {
    await browser.visit(`/account/ways/new/${kind}`);
    assert.deepEqual([browser.stage, browser.text.includes(code)], [`add-${kind}`, false]);
  }
});

test('wrong codes of a change are counted at their address as those of a sign-in [check 106]', async (t) => {
  const limits = {
    failureSeconds: 600,
    wrongPasswords: 99,
    wrongCodes: 3,
    wrongClientSecrets: 99,
    registrationsPerHour: 9,
    takenUsernamesPerHour: 9,
    authorizationsPerMinute: 1_000,
  };
  const world = await startWorld(t, { settings: { addressLimits: limits } });
  const ada = await world.person();
  const browser = await atAdding(world, ada, 'totp');
  for (let n = 0; n < 3; n += 1) {
    await browser.submit({ code: wrongCodeOf(newSecret(browser)), name: 'Tablet' });
    assert.deepEqual(browser.errors, ['code_rejected']);
  }
  await browser.submit({ code: codeOf(newSecret(browser)), name: 'Tablet' });
  assert.deepEqual([browser.status, browser.stage, browser.errors], [429, 'enrol-totp', ['network']]);
  assert.ok(Number(browser.response?.headers.get('retry-after')) > 500);
  assert.equal(await factorsOf(world, ada.id), 1);
});
