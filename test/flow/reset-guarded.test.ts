import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import argon2 from 'argon2';
import { captured, editAccount, eventsOf } from '../support/attack.ts';
import { Browser, type Sent } from '../support/browser.ts';
import { watchedDatabase } from '../support/commands.ts';
import { comparable } from '../support/compared.ts';
import { rowsOf } from '../support/database.ts';
import { meetAfterReading } from '../support/race.ts';
import { askReset, beginReset, linkMailedTo, newPassword, openLink } from '../support/resetting.ts';
import { startWorld, type World } from '../support/world.ts';

const uidOf = ({ url }: Browser) => url.pathname.split('/')[2] ?? 'no uid';
const forgeryIn = ({ text }: Browser) => /name="forgery" value="([^"]+)"/.exec(text)?.[1] ?? '';
const changedMails = ({ outbox }: World) => outbox.mails.filter(({ subject }) => /has a new password/.test(subject));
const passwordOf = async ({ database }: World, id: string) =>
  (await rowsOf(database, 'accounts')).find(({ _id }) => _id === id)?.passwordHash;

for (const accept of ['text/html', 'application/json']) {
  test(`known, unknown, disabled and malformed names, and a mailbox that was sent enough, get one answer, as ${accept} [check 9] [check 92]`, async (t) => {
    const world = await startWorld(t);
    await world.person({ email: 'person-1@example.com', username: 'person-1' });
    const disabled = await world.person({ email: 'person-2@example.com' });
    await editAccount(world, disabled.id, { $set: { active: false } });
    const answers: unknown[] = [];
    const names = ['person-1@example.com', 'person-3@example.com', disabled.email, 'person-4@example..om', 'person-1'];
    for (const identifier of [...names, 'person-1@example.com']) {
      const browser = await world.browser({ headers: { accept } }).authorize();
      const path = `/interaction/${uidOf(browser)}/forgot`;
      await browser.visit(path);
      const forgery = browser.page.forgery ?? forgeryIn(browser);
      const url = new URL(path, world.issuer);
      const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: world.issuer };
      const body = `${new URLSearchParams({ forgery, identifier })}`;
      const asked = await browser.fetch({ method: 'POST', url, body, headers });
      const told = { uid: uidOf(browser), typed: identifier };
      const first = comparable(asked, await asked.text(), told);
      await browser.visit(asked.headers.get('location') ?? '');
      const { location: _, ...sent } = first.headers;
      answers.push([{ ...first, headers: sent }, comparable(browser.response, browser.text, told)]);
    }
    assert.deepEqual(answers, Array(6).fill(answers[0]));
    const [[asked, shown]] = answers as [[{ status: number }, { status: number; body: string }]];
    assert.deepEqual([asked.status, shown.status], [303, 200]);
    assert.match(shown.body, accept === 'text/html' ? /If there is an account, a link is on its way/ : /forgot-sent/);
    await linkMailedTo(world, 'person-1@example.com');
    assert.equal(world.outbox.mails.length, 1);
  });
}

test('a name that nobody has costs no other commands and no other hash than one that somebody has, by address, by name and once the budget is used up [check 10] [check 92]', async (t) => {
  const { database, during } = await watchedDatabase(t);
  const world = await startWorld(t, { database });
  await world.person({ email: 'known@example.com', username: 'known' });
  const hashed = t.mock.method(argon2, 'hash');
  const costOf = async (identifier: string) => {
    const browser = await world.browser().authorize();
    await browser.press('forgot');
    return [...(await during(() => browser.submit({ identifier })))];
  };
  const expected = await costOf('known@example.com');
  assert.ok(expected.includes('update links') && expected.includes('findAndModify send_budgets'), expected.join());
  for (const identifier of ['nobody@example.com', 'no body@@', 'nobody'])
    assert.deepEqual(await costOf(identifier), expected, identifier);
  const spent = await costOf('known');
  assert.deepEqual(await costOf('nobody@example.com'), spent);
  assert.equal(hashed.mock.callCount(), 0);
});

test('asking for a link changes nothing but which one works: who asks all day shuts nobody out, and an older link ends with the newer', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const before = await rowsOf(world.database, 'accounts');
  await askReset(world, ada.email);
  const older = await linkMailedTo(world, ada.email);
  world.travel(90);
  await askReset(world, ada.email);
  while ((await linkMailedTo(world, ada.email)) === older);
  const newer = await linkMailedTo(world, ada.email);
  // What the budget holds back leaves the owner's newest link as it is.
  for (let n = 0; n < 3; n++) await askReset(world, ada.email);
  assert.deepEqual(await rowsOf(world.database, 'accounts'), before);
  const late = await world.browser().visit(older);
  assert.deepEqual([late.status, late.page.code], [410, 'link_ended']);
  const browser = await openLink(world, newer);
  assert.equal(browser.stage, 'totp');
  // A stranger who asks meanwhile takes nothing from whoever is on the way.
  world.travel(900);
  await askReset(world, ada.email);
  await browser.submit({ code: ada.codeNow() });
  await browser.submit({ password: newPassword });
  assert.equal(browser.stage, 'password-changed');
  assert.equal((await eventsOf(world, { kind: 'reset_asked', accountId: ada.id })).length, 6);
});

test('a link to an account that is changed, disabled or has another mailbox since leads nowhere [check 87]', async (t) => {
  const world = await startWorld(t);
  const ends: readonly object[] = [
    { $inc: { sessionVersion: 1 } },
    { $set: { active: false } },
    { $set: { email: 'elsewhere@example.com' } },
  ];
  for (const change of ends) {
    const ada = await world.person();
    await askReset(world, ada.email);
    const url = await linkMailedTo(world, ada.email);
    await editAccount(world, ada.id, change);
    const browser = world.browser();
    await browser.visit(url);
    // Opening it tells nothing but that; whoever gets as far as its button, because only the address is another, goes no further.
    if ('email' in (('$set' in change ? change.$set : {}) as object)) await browser.press('begin');
    assert.deepEqual([browser.status, browser.page.code], [410, 'link_ended'], JSON.stringify(change));
  }
});

test('no GET of any page changes anything [check 89]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ ways: ['totp'], recovery: 1 });
  const browser = await askReset(world, ada.email);
  const url = await linkMailedTo(world, ada.email);
  const rows = async () => [
    await rowsOf(world.database, 'accounts'),
    await rowsOf(world.database, 'links'),
    (await rowsOf(world.database, 'attempts')).filter(({ purpose }) => purpose === 'reset'),
  ];
  const look = async (...paths: readonly string[]) => {
    const before = await rows();
    for (const path of paths) await browser.tab().visit(path);
    assert.deepEqual(await rows(), before);
  };
  const all = ['', '/factor', '/factor/ways', '/factor/way', '/factor/send', '/new'].map(
    (path) => `/link/reset/password${path}`,
  );
  await look(url, '/link/reset', '/link/reset/begin', ...all);
  await openLink(world, url, browser);
  await look(url, '/link/reset/begin', ...all);
  await browser.visit('/link/reset/password');
  await browser.submit({ code: ada.codeNow() });
  assert.equal(browser.stage, 'new-password');
  await look(url, '/link/reset', ...all);
  assert.equal(world.outbox.mails.length, 1);
});

test('nobody jumps from the link to the new password: without the factor no form but its own is judged [check 46] [check 84]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const before = await passwordOf(world, ada.id);
  const browser = await askReset(world, ada.email);
  await browser.visit(await linkMailedTo(world, ada.email));
  await browser.post('/link/reset/password/new', { password: newPassword });
  assert.equal(browser.stage, 'reset');
  await browser.press('begin');
  for (const extra of [{}, { skip: 'yes', proofs: 'totp', accountId: ada.id, stage: 'new-password' }]) {
    await browser.post('/link/reset/password/new', { password: newPassword, ...extra });
    assert.equal(browser.stage, 'totp');
  }
  assert.equal(await passwordOf(world, ada.id), before);
});

test('only the browser whose button was pressed goes on, and forms of another one are not judged [check 82]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  await askReset(world, ada.email);
  const url = await linkMailedTo(world, ada.email);
  const thief = await world.browser().visit(url);
  const owner = await openLink(world, url);
  await thief.press('begin');
  assert.deepEqual([thief.status, thief.page.code], [410, 'link_ended']);
  await thief.post('/link/reset/password/factor', { code: ada.codeNow() });
  assert.equal(thief.page.code, 'link_ended');
  owner.page = { ...owner.page, forgery: 'x'.repeat(43) };
  await owner.post('/link/reset/password/factor', { code: ada.codeNow() });
  assert.deepEqual([owner.status, owner.page.code], [403, 'form_old']);
});

async function atTheEnd(t: TestContext) {
  const one = await startWorld(t);
  const two = await startWorld(t, { database: one.database });
  const ada = await one.person();
  const browser = await beginReset(one, ada);
  return { worlds: [one, two] as const, ada, browser };
}

/** The same browser at another process: one host, one jar, the same database. */
function at(world: World, { jar, party }: Browser): Browser {
  return new Browser({ issuer: world.issuer, party }, jar);
}

/** The request that this browser is about to send, for that process. */
function sentTo(world: World, browser: Browser, sent: Sent): Promise<Response> {
  const headers = { ...sent.headers, origin: world.issuer };
  return at(world, browser).fetch({ ...sent, url: new URL(sent.url.pathname, world.issuer), headers });
}

test('20 uses of one link at once, in 20 browsers over two processes: one goes on [check 87]', async (t) => {
  const one = await startWorld(t);
  const two = await startWorld(t, { database: one.database });
  const ada = await one.person();
  await askReset(one, ada.email);
  const path = new URL(await linkMailedTo(one, ada.email)).pathname;
  const browsers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => [one, two][n % 2]?.browser().visit(path) ?? assert.fail()),
  );
  await Promise.all(browsers.map((browser) => browser.press('begin')));
  assert.deepEqual(browsers.map(({ status }) => status).sort(), [200, ...Array(19).fill(410)]);
  const begun = (await rowsOf(one.database, 'attempts')).filter(({ purpose }) => purpose === 'reset');
  assert.equal(begun.length, 1);
});

test('20 last steps at once over two processes: one password counts, one notice goes out, and nobody is told otherwise [check 87]', async (t) => {
  const { worlds, ada, browser } = await atTheEnd(t);
  const [world] = worlds;
  await browser.submit({ code: ada.codeNow() });
  const forms = Array.from({ length: 20 }, (_, n) =>
    captured(browser, '/link/reset/password/new', { password: `${newPassword} ${n}` }),
  );
  meetAfterReading(t, world.database, { collection: 'attempts', method: 'findOne', readers: 20 });
  const answers = await Promise.all(forms.map((sent, n) => sentTo(worlds[n % 2] ?? world, browser, sent)));
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [303]);
  await browser.visit('/link/reset/password');
  assert.equal(browser.stage, 'password-changed');
  assert.equal(changedMails(worlds[0]).length + changedMails(worlds[1]).length, 1);
  assert.equal((await eventsOf(world, { kind: 'password_reset' })).length, 1);
  const [row] = await rowsOf(world.database, 'accounts');
  const fits = await Promise.all(forms.map((_, n) => argon2.verify(String(row?.passwordHash), `${newPassword} ${n}`)));
  assert.equal(fits.filter(Boolean).length, 1);
});

test('one code of an app in 20 forms at once over two processes is spent once, and none of it signs anybody in [check 83]', async (t) => {
  const { worlds, ada, browser } = await atTheEnd(t);
  const sent = captured(browser, '/link/reset/password/factor', { code: ada.codeNow() });
  await Promise.all(Array.from({ length: 20 }, (_, n) => sentTo(worlds[n % 2] ?? worlds[0], browser, sent)));
  await browser.reload();
  assert.equal(browser.stage, 'new-password');
  const elsewhere = await worlds[0].browser().authorize();
  await elsewhere.submit({ identifier: ada.email, password: ada.password });
  await elsewhere.submit({ code: ada.codeNow() });
  assert.deepEqual(elsewhere.errors, ['code_rejected']);
});

test('a process that dies once the code is spent leaves it spent, and the person goes on with another one', async (t) => {
  const { worlds, ada, browser } = await atTheEnd(t);
  const [dying, next] = worlds;
  const attempts = dying.database.connection.collection('attempts');
  const broken = t.mock.method(attempts, 'findOneAndUpdate', async () => {
    throw new Error('killed');
  });
  await browser.tab().fetch(captured(browser, '/link/reset/password/factor', { code: ada.codeNow() }));
  broken.mock.restore();
  const goingOn = await at(next, browser).visit('/link/reset/password');
  await goingOn.submit({ code: ada.codeNow() });
  assert.deepEqual([goingOn.stage, goingOn.errors], ['totp', ['code_rejected']]);
  dying.travel(30);
  await goingOn.submit({ code: ada.codeNow() });
  await goingOn.submit({ password: newPassword });
  assert.equal(goingOn.stage, 'password-changed');
});

test('a process that dies once the link is taken leaves it this browser’s: its button goes on', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await askReset(world, ada.email);
  const url = await linkMailedTo(world, ada.email);
  await browser.visit(url);
  const attempts = world.database.connection.collection('attempts');
  const broken = t.mock.method(attempts, 'replaceOne', async () => {
    throw new Error('killed');
  });
  await browser.tab().fetch(captured(browser, '/link/reset/begin', {}));
  broken.mock.restore();
  assert.equal((await rowsOf(world.database, 'links')).filter(({ takenBy }) => takenBy).length, 1);
  await browser.press('begin');
  assert.equal(browser.stage, 'totp');
});

test('no Host and no forwarded header changes the address that a link leads to [check 88]', async (t) => {
  const world = await startWorld(t, { settings: { trustedProxies: 1 } });
  const ada = await world.person();
  const browser = await world.browser().authorize();
  await browser.press('forgot');
  browser.headers = {
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    forwarded: 'host=evil.example',
  };
  await browser.submit({ identifier: ada.email });
  const url = await linkMailedTo(world, ada.email);
  assert.ok(url.startsWith(`${world.issuer}/link/reset/`));
  assert.ok(!JSON.stringify(world.outbox.mails).includes('evil'));
});

test('a mailbox that has just replaced a lost way resets no password for a day, and its owner is told when it does', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const use = { address: ada.email, at: new Date(Date.now() - 60 * 60_000) };
  await editAccount(world, ada.id, { $set: { 'mailboxUses.rescue': use } });
  const browser = await beginReset(world, ada);
  assert.deepEqual([browser.status, browser.page.code], [403, 'reset_after_rescue']);
  const { seconds } = browser.page.facts;
  assert.ok(Number(seconds) > 22 * 3_600 && Number(seconds) <= 23 * 3_600);
  world.travel(23 * 3_600);
  const later = await beginReset(world, ada);
  assert.equal(later.stage, 'totp');
});

test('how often one address may ask is limited, whoever it names [check 106]', async (t) => {
  const limits = { ...(await startWorld(t)).config.addressLimits, registrationsPerHour: 2 };
  const world = await startWorld(t, { settings: { addressLimits: limits } });
  for (const name of ['a@example.com', 'b@example.com']) await askReset(world, name);
  const third = await askReset(world, 'c@example.com');
  assert.deepEqual([third.status, third.errors], [429, ['network']]);
});

test('neither a link nor a new password is in any line of the log, and the links are useless to whoever reads the database [check 113]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await beginReset(world, ada);
  const token = (await linkMailedTo(world, ada.email)).slice(-43);
  await browser.submit({ code: ada.codeNow() });
  await browser.submit({ password: newPassword });
  const stored = JSON.stringify([await rowsOf(world.database, 'links'), await rowsOf(world.database, 'attempts')]);
  for (const told of [world.logged.join(''), stored, JSON.stringify(await rowsOf(world.database, 'events'))]) {
    assert.ok(!told.includes(token));
    assert.ok(!told.includes(newPassword));
  }
});
