import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowsOf } from '../support/database.ts';
import { seen, typedIn } from '../support/html.ts';
import { codeOf } from '../support/person.ts';
import { goodPassword, mailsTo, otherCode, register, tabs, unlike } from '../support/registration.ts';
import { startWorld, type World } from '../support/world.ts';

const ada = 'ada@example.com';
const accountsIn = (world: World) => rowsOf(world.database, 'accounts');

test('no account row is made before the code; the row holds the confirmed mail [check 101]', async (t) => {
  const world = await startWorld(t);
  const browser = await register(world.browser(), { email: 'Ada@Example.COM', username: 'Ada' });
  assert.deepEqual(await accountsIn(world), []);
  await browser.submit({ code: world.codeMailedTo(ada) });
  const [account] = await accountsIn(world);
  assert.deepEqual([account?.email, account?.username, account?.active], [ada, 'ada', true]);
});

test('an abandoned registration leaves nothing of the person', async (t) => {
  const world = await startWorld(t);
  await register(world.browser(), { email: ada, username: 'ada' });
  world.travel(world.config.interactionSeconds + 1);
  await world.app.sweep();
  assert.deepEqual(await accountsIn(world), []);
  const [attempt] = await rowsOf(world.database, 'attempts');
  assert.deepEqual(Object.keys(attempt ?? {}).sort(), ['_id', 'clientId', 'emptied', 'expiresAt', 'removeAt']);
  for (const name of ['attempts', 'send_budgets', 'events', 'accounts']) {
    assert.doesNotMatch(JSON.stringify(await rowsOf(world.database, name)), /"ada"|ada@|argon2/, name);
  }
});

test('prompt=create leads to the form', async (t) => {
  const world = await startWorld(t);
  const browser = await world.browser().authorize({ prompt: 'create' });
  assert.equal(browser.stage, 'register');
  await register(browser, { email: ada });
  await browser.submit({ code: world.codeMailedTo(ada) });
  await browser.submit({ code: codeOf(String(browser.page.facts.secret)) });
  assert.deepEqual((await browser.redeem()).claims()?.amr, ['pwd', 'otp', 'mfa']);
});

test('a mistyped address is corrected in the form, which has all that was typed but the password', async (t) => {
  const world = await startWorld(t);
  const browser = await register(world.browser(), { email: 'ada@exmaple.com', username: 'countess' });
  const [before] = await rowsOf(world.database, 'attempts');
  await browser.press('correct');
  assert.equal(browser.stage, 'register');
  const html = await seen(browser, () => browser.reload());
  assert.deepEqual(
    ['email', 'username', 'password'].map((field) => typedIn(html, field)),
    ['ada@exmaple.com', 'countess', ''],
  );
  await browser.reload();
  const old = world.codeMailedTo('ada@exmaple.com');
  await browser.submit({ email: 'ada@example', username: 'countess', password: goodPassword });
  assert.deepEqual([browser.status, browser.errors], [422, ['email_shape']]);
  await browser.submit({ email: ada, username: 'countess', password: `${goodPassword} two` });
  assert.equal(browser.stage, 'confirm-mail');
  await browser.submit({ code: unlike(old, world.codeMailedTo(ada)) });
  assert.deepEqual(browser.errors, ['code_rejected']);
  const [after] = await rowsOf(world.database, 'attempts');
  const passwords = [before, after].map((row) => Object(row?.registration).passwordHash);
  assert.ok(passwords[0] && passwords[1] && passwords[0] !== passwords[1], 'the pending registration is a new one');
  await browser.submit({ code: world.codeMailedTo(ada) });
  const [account] = await accountsIn(world);
  assert.deepEqual([account?.email, account?.username, account?.passwordHash], [ada, 'countess', passwords[1]]);
});

test('while a registration is corrected no code confirms it, and the form sent again for the same address goes on', async (t) => {
  const world = await startWorld(t);
  const browser = await register(world.browser(), { email: ada });
  const [other = browser] = tabs(browser, 1);
  const code = world.codeMailedTo(ada);
  await other.press('correct');
  await browser.submit({ code });
  assert.equal(browser.stage, 'register', 'led to what is next, not judged');
  assert.deepEqual(await accountsIn(world), []);
  await browser.submit({ email: ada, password: goodPassword });
  assert.equal(browser.stage, 'confirm-mail');
  await browser.submit({ code });
  assert.equal((await accountsIn(world)).length, 1);
});

test('"I have an account" stands where the mail says it does, and leads to the sign-in', async (t) => {
  const world = await startWorld(t);
  const grace = await world.person({ email: 'grace@example.com' });
  const browser = await register(world.browser(), { email: grace.email });
  const mail = world.outbox.mails.findLast(({ to }) => to === grace.email);
  assert.match(mail?.text ?? '', /choose “I have an account”/);
  const html = await seen(browser, () => browser.reload());
  assert.match(html, /<button class="link">I have an account<\/button>/);
  await browser.reload();
  await browser.press('restart');
  assert.equal(browser.stage, 'sign-in');
});

test('"I have an account" begins anew, and the code of the first address is no code for the second', async (t) => {
  const world = await startWorld(t);
  const browser = await register(world.browser(), { email: 'ada@exmaple.com' });
  const first = world.codeMailedTo('ada@exmaple.com');
  await browser.press('restart');
  assert.equal(browser.stage, 'sign-in');
  await register(browser, { email: ada });
  await browser.submit({ code: unlike(first, world.codeMailedTo(ada)) });
  assert.deepEqual(browser.errors, ['code_rejected']);
  await browser.submit({ code: world.codeMailedTo(ada) });
  assert.deepEqual(
    (await accountsIn(world)).map(({ email }) => email),
    [ada],
  );
});

test('a taken username is told only once the mailbox is proved, and asked anew', async (t) => {
  const world = await startWorld(t);
  await world.person({ email: 'grace@example.com', username: 'grace' });
  const browser = await register(world.browser(), { email: ada, username: 'GRACE' });
  assert.deepEqual([browser.status, browser.stage], [200, 'confirm-mail']);
  await browser.submit({ code: otherCode(world.codeMailedTo(ada)) });
  assert.deepEqual(browser.errors, ['code_rejected']);
  await browser.submit({ code: world.codeMailedTo(ada) });
  assert.equal(browser.stage, 'username');
  for (const [username, error] of [
    ['grace', 'username_taken'],
    ['a', 'username_shape'],
    ['a@b', 'username_shape'],
  ] as const) {
    await browser.submit({ username });
    assert.deepEqual([browser.status, browser.errors], [422, [error]]);
  }
  await browser.submit({ username: 'ada' });
  assert.equal(browser.stage, 'enrol-totp');
  assert.deepEqual((await accountsIn(world)).map(({ username }) => username).sort(), ['ada', 'grace']);
});

test('a username that looks like another is taken, told after the code; the one who has it signs in as ever', async (t) => {
  const world = await startWorld(t);
  const first = await register(world.browser(), { email: 'grace@example.com', username: 'मोहन_paypal' });
  await first.submit({ code: world.codeMailedTo('grace@example.com') });
  assert.equal(first.stage, 'enrol-totp');
  const browser = await register(world.browser(), { email: ada, username: 'मोहन_раураl' });
  assert.deepEqual([browser.status, browser.stage], [200, 'confirm-mail']);
  await browser.submit({ code: world.codeMailedTo(ada) });
  assert.equal(browser.stage, 'username');
  await browser.submit({ username: 'मोहन_pаypal' });
  assert.deepEqual([browser.status, browser.errors], [422, ['username_taken']]);
  await browser.submit({ username: 'अदा' });
  assert.equal(browser.stage, 'enrol-totp');
  const again = await world.browser().authorize();
  await again.submit({ identifier: 'मोहन_раураl', password: goodPassword });
  assert.deepEqual(again.errors, ['password_rejected'], 'a sign-in compares no looks');
  await again.submit({ identifier: '\u200bमोहन_\u2060paypal\t', password: goodPassword });
  assert.notEqual(again.stage, 'sign-in');
});

test('what came along with a copied address makes no other address, at registration, sign-in and as a hint', async (t) => {
  const world = await startWorld(t);
  const browser = await register(world.browser(), { email: '\u200e\tada@\u200bexample.com\u00a0\ufeff' });
  assert.equal(mailsTo(world, ada), 1);
  await browser.submit({ code: world.codeMailedTo(ada) });
  assert.deepEqual(
    (await accountsIn(world)).map(({ email }) => email),
    [ada],
  );
  const hinted = await world.browser().authorize({ login_hint: `\u202a${ada}\u202c` });
  const html = await seen(hinted, () => hinted.reload());
  assert.equal(typedIn(html, 'identifier'), ada);
});

test('whoever leaves the username empty goes on without one', async (t) => {
  const world = await startWorld(t);
  await world.person({ username: 'grace' });
  const browser = await register(world.browser(), { email: ada, username: 'grace' });
  await browser.submit({ code: world.codeMailedTo(ada) });
  await browser.submit({ username: '' });
  assert.equal(browser.stage, 'enrol-totp');
  const made = (await accountsIn(world)).find(({ email }) => email === ada);
  assert.ok(made && !('username' in made));
});

test('20 usernames at once make one account', async (t) => {
  const world = await startWorld(t);
  await world.person({ username: 'grace' });
  const browser = await register(world.browser(), { email: ada, username: 'grace' });
  await browser.submit({ code: world.codeMailedTo(ada) });
  const { href = '' } = browser.page.actions.find(({ name }) => name === 'username') ?? {};
  await Promise.all(tabs(browser, 20).map((tab, n) => tab.post(href, { username: `ada${n}` })));
  assert.equal((await accountsIn(world)).length, 2);
  assert.equal((await browser.reload()).stage, 'enrol-totp');
});

test('of two registrations of one address, each with its own right code, one makes the account and the other signs in', async (t) => {
  const world = await startWorld(t);
  const first = await register(world.browser(), { email: ada, password: 'the first password' });
  const firstCode = world.codeMailedTo(ada);
  world.travel(61);
  const second = await register(world.browser(), { email: ada, password: 'the second password' });
  const secondCode = world.codeMailedTo(ada);
  await Promise.all([first.submit({ code: firstCode }), second.submit({ code: secondCode })]);
  assert.deepEqual([first.stage, second.stage].sort(), ['enrol-totp', 'sign-in']);
  assert.equal((await accountsIn(world)).length, 1);
  const loser = first.stage === 'sign-in' ? first : second;
  const [won, lost] = loser === second ? ['first', 'second'] : ['second', 'first'];
  await loser.submit({ identifier: ada, password: `the ${lost} password` });
  assert.deepEqual(loser.errors, ['password_rejected']);
  await loser.submit({ identifier: ada, password: `the ${won} password` });
  assert.equal(loser.errors.length, 0);
});

test('20 registration forms at once from one page send one mail, and its code works [check 107]', async (t) => {
  const world = await startWorld(t);
  const browser = await world.browser().authorize();
  await browser.press('register');
  const { href = '' } = browser.page.actions.find(({ name }) => name === 'register') ?? {};
  await Promise.all(tabs(browser, 20).map((tab) => tab.post(href, { email: ada, password: goodPassword })));
  assert.equal(mailsTo(world, ada), 1);
  await browser.reload();
  await browser.submit({ code: world.codeMailedTo(ada) });
  assert.equal(browser.stage, 'enrol-totp');
});

test('closed registration has no link, and its form is refused with nothing written', async (t) => {
  const world = await startWorld(t, { settings: { registration: { open: false } } });
  const browser = await world.browser().authorize();
  assert.ok(!browser.page.actions.some(({ name }) => name === 'register'));
  const path = `${browser.url.pathname}/register`;
  await browser.post(path, { email: ada, password: goodPassword });
  assert.deepEqual([browser.status, browser.page.code], [403, 'closed']);
  await browser.visit(path);
  assert.deepEqual([browser.status, browser.page.code], [403, 'closed']);
  assert.equal((await world.browser().authorize({ prompt: 'create' })).stage, 'sign-in');
  const [attempt] = await rowsOf(world.database, 'attempts');
  assert.ok(attempt && !('registration' in attempt));
  assert.deepEqual(world.outbox.mails, []);
});

test('who registers somebody else’s address writes nothing of their own into the mails that go there', async (t) => {
  const world = await startWorld(t);
  await world.person({ email: 'bob@example.com' });
  const typed = 'Your account is at risk: call 0900 or open https://evil.example now';
  for (const email of [ada, 'bob@example.com']) {
    const stranger = world.browser({ headers: { 'user-agent': typed } });
    await register(stranger, { email, username: 'www.evil.example' });
    const mail = world.outbox.mails.find(({ to }) => to === email) ?? assert.fail('no mail');
    for (const part of [mail.subject, mail.text, mail.html]) assert.doesNotMatch(part, /risk|0900|evil|@example/);
    assert.match(mail.text, /^Browser: A browser we do not know$/m);
  }
});
