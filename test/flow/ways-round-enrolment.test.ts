import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  accountRow,
  afterPassword,
  captured,
  editAccount,
  eventsOf,
  nothing,
  spoils,
  uidOf,
} from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { rowsOf } from '../support/database.ts';
import { codeOf, type Person } from '../support/person.ts';
import { startWorld, type World } from '../support/world.ts';

const minute = 60;

async function atEnrolment(world: World, person: Person): Promise<Browser> {
  const browser = await afterPassword(world, person);
  await browser.submit({ code: world.codeMailedTo(person.email) });
  assert.equal(browser.stage, 'enrol-totp');
  return browser;
}

const secretOf = (browser: Browser) => String(browser.page.facts.secret);

test('a first factor of an old account needs a code from its mailbox, and its owner is told [check 33, 37]', async (t) => {
  const world = await startWorld(t);
  const bob = await world.person({ totp: false, email: 'bob.stone@example.com' });
  const browser = await afterPassword(world, bob);
  assert.equal(browser.stage, 'confirm-mail');
  assert.equal(browser.page.facts.masked, true);
  assert.ok(!JSON.stringify(browser.page.facts).includes('bob.stone'), 'the address is masked');
  await browser.submit({ code: '000000' === world.codeMailedTo(bob.email) ? '111111' : '000000' });
  assert.deepEqual([browser.stage, browser.errors], ['confirm-mail', ['code_rejected']]);
  await browser.submit({ code: world.codeMailedTo(bob.email) });
  await browser.submit({ code: codeOf(secretOf(browser)), name: 'Phone' });
  const claims = (await browser.redeem()).claims();
  assert.deepEqual([claims?.acr, claims?.amr], ['urn:twofold:2fa', ['pwd', 'otp', 'mfa']]);

  const [mailed, notice] = world.outbox.mails.filter(({ to }) => to === bob.email);
  assert.ok(mailed && notice && !/\b\d{6}\b/.test(notice.text), 'a notice holds no code');
  assert.equal((await eventsOf(world, { kind: 'factor_added', detail: 'totp', accountId: bob.id })).length, 1);
});

test('a notice that cannot be mailed undoes nothing [check 37]', async (t) => {
  let isDown = false;
  const codes: string[] = [];
  const send = async ({ text }: { text: string }) => {
    if (isDown) throw new Error('the mail server is down');
    codes.push(/^\s*(\d{6})\s*$/m.exec(text)?.[1] ?? '');
  };
  const world = await startWorld(t, { mailer: { send } });
  const bob = await world.person({ totp: false });
  const browser = await afterPassword(world, bob);
  await browser.submit({ code: codes[0] ?? '' });
  isDown = true;
  await browser.submit({ code: codeOf(secretOf(browser)) });
  assert.ok(browser.code);
  assert.ok(world.logged.some((line) => line.includes('could not be handed over')));
});

test('a code mailed for one attempt is none in another, and a spent one stays spent [check 27, 33]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const bob = await world.person({ totp: false });
  const first = await afterPassword(world, bob);
  const code = world.codeMailedTo(bob.email);
  world.travel(minute + 1);
  const second = await afterPassword(world, bob);
  if (world.codeMailedTo(bob.email) !== code) {
    await second.submit({ code });
    assert.deepEqual(second.errors, ['code_rejected']);
  }
  const sent = captured(first, `/interaction/${uidOf(first)}/confirm-mail`, { code });
  await first.send(sent);
  assert.equal(first.stage, 'enrol-totp');
  await first.press('restart');
  await first.submit({ identifier: bob.email, password: bob.password });
  await first.send(sent);
  assert.equal(first.stage, 'confirm-mail', 'it is asked anew in the next round');
});

test('a pending secret dies after ten minutes; "I need more time" gives the same one ten more [check 34]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const bob = await world.person({ totp: false });
  const browser = await atEnrolment(world, bob);
  const secret = secretOf(browser);
  assert.equal(browser.page.facts.secondsToEnd, 10 * minute);
  world.travel(10 * minute);
  await browser.submit({ code: codeOf(secret) });
  assert.deepEqual([browser.status, browser.errors], [422, ['form_old']]);
  assert.equal((await accountRow(world, bob.id)).factors.length, 0);

  await browser.press('renew');
  assert.deepEqual([secretOf(browser), browser.page.facts.secondsToEnd], [secret, 10 * minute]);
  world.travel(10 * minute - 1);
  await browser.submit({ code: codeOf(secret) });
  assert.ok(browser.code);
});

test('a second start replaces the first; what was abandoned changes nothing at the next sign-in [check 34]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const bob = await world.person({ totp: false });
  const browser = await atEnrolment(world, bob);
  const abandoned = secretOf(browser);
  await browser.press('restart');
  const attempt = (await rowsOf(world.database, 'attempts'))[0];
  assert.equal(attempt?.enrolment, undefined, 'the first secret is gone');

  world.travel(minute + 1);
  await browser.submit({ identifier: bob.email, password: bob.password });
  assert.equal(browser.stage, 'confirm-mail', 'nothing was enrolled');
  await browser.submit({ code: world.codeMailedTo(bob.email) });
  assert.notEqual(secretOf(browser), abandoned);
  const near = [-1, 0, 1].map((steps) => codeOf(secretOf(browser), steps));
  if (!near.includes(codeOf(abandoned))) {
    await browser.submit({ code: codeOf(abandoned) });
    assert.deepEqual(browser.errors, ['code_rejected']);
  }
  assert.equal((await accountRow(world, bob.id)).factors.length, 0);
});

test('whoever has a factor cannot bind another one with the password, in an older attempt either [check 33, 38]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const bob = await world.person({ totp: false });
  const older = await atEnrolment(world, bob);
  const confirm = captured(older, `/interaction/${uidOf(older)}/enrol`, { code: codeOf(secretOf(older)) });
  world.travel(minute + 1);
  const newer = await atEnrolment(world, bob);
  await newer.submit({ code: codeOf(secretOf(newer)) });
  assert.ok(newer.code);

  await older.send(confirm);
  assert.deepEqual([older.code, older.stage], [undefined, 'totp']);
  for (const path of ['enrol', 'enrol/renew']) {
    await older.post(`/interaction/${uidOf(older)}/${path}`, { code: '123456' });
    assert.equal(older.stage, 'totp', path);
  }
  assert.equal((await accountRow(world, bob.id)).factors.length, 1);
  assert.ok(!older.text.includes('secret'), 'the pending secret is told no more');
});

test('a secret is told on its own page only, and by nothing once it counts [check 35]', async (t) => {
  const world = await startWorld(t);
  const bob = await world.person({ totp: false });
  const browser = await atEnrolment(world, bob);
  assert.equal(browser.response?.headers.get('cache-control'), 'no-store');
  assert.equal(browser.response?.headers.get('referrer-policy'), 'same-origin');
  assert.ok(!browser.url.href.includes(secretOf(browser)));
  const secret = secretOf(browser);
  const uid = uidOf(browser);
  await browser.submit({ code: codeOf(secret) });
  for (const path of [`/interaction/${uid}`, `/interaction/${uid}/enrol`, `/auth/${uid}`]) {
    await browser.tab().visit(path);
    assert.ok(!browser.text.includes(secret));
  }
  const dump = JSON.stringify(
    await Promise.all(['attempts', 'accounts', 'events'].map((name) => rowsOf(world.database, name))),
  );
  assert.ok(!dump.includes(secret), 'not in clear in the database');
  assert.ok(!dump.includes('"enrolment":{'), 'the attempt holds none any more');
});

test('a disabled or changed account enrols nothing [check 33, 86]', async (t) => {
  const world = await startWorld(t);
  for (const change of [{ $set: { active: false } }, { $inc: { sessionVersion: 1 } }]) {
    const bob = await world.person({ totp: false });
    const browser = await atEnrolment(world, bob);
    await editAccount(world, bob.id, change);
    await browser.submit({ code: codeOf(secretOf(browser)) });
    assert.deepEqual([browser.code, browser.stage], [undefined, 'sign-in']);
    assert.equal((await accountRow(world, bob.id)).factors.length, 0);
  }
  assert.deepEqual(await spoils(world), nothing);
});
