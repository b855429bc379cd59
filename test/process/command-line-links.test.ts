import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { env, execPath } from 'node:process';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { editAccount, eventsOf } from '../support/attack.ts';
import { rowsOf } from '../support/database.ts';
import { testDatabaseUri } from '../support/mongod.ts';
import { newPassword, openLink } from '../support/resetting.ts';
import { startPost } from '../support/smtp-post.ts';
import { startWorld } from '../support/world.ts';

/** The real program beside a running server, on one database, with a real mail server. */
async function beside(t: TestContext) {
  const [world, post] = [await startWorld(t), await startPost(t)];
  const environment = {
    ...env,
    NODE_ENV: 'development',
    MONGODB_URI: testDatabaseUri(''),
    TWOFOLD_DATABASE: world.database.connection.name,
    TWOFOLD_ISSUER: world.issuer,
    TWOFOLD_MAIL_TRANSPORT: 'smtp',
    TWOFOLD_SMTP_HOST: '127.0.0.1',
    TWOFOLD_SMTP_PORT: String(post.port),
  };
  const user = async (...args: readonly string[]) => {
    const child = spawn(execPath, ['src/cli/main.ts', 'user', ...args], { env: environment, stdio: 'pipe' });
    child.stdin.end();
    const [[code], output, errors] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]);
    return { code, output, errors };
  };
  const mails = () => post.taken.map((source) => source.replace(/=\r\n/g, '').replaceAll('=3D', '='));
  const link = () =>
    mails().flatMap((source) => /^http\S+\/link\/(?:reset|invite)\/\S+/m.exec(source)?.[0] ?? [])[0] ?? 'no link';
  return { world, post, user, mails, link };
}

test('whoever gets an account without a password chooses it by a mailed link, and then signs in as everybody does [check 117]', async (t) => {
  const { world, user, mails, link } = await beside(t);
  const email = 'new@example.com';
  const made = await user('create', email, '--role', 'admin');
  assert.equal(made.code, 0, made.errors);
  assert.match(made.output, /^A link to choose a password is on its way there\. It works for 72 hours\.$/m);
  const [account] = await rowsOf(world.database, 'accounts');
  assert.deepEqual([account?.email, account?.passwordHash], [email, undefined]);
  assert.match(link(), new RegExp(`^${world.issuer}/link/invite/[\\w-]{43}$`));
  const invitation = mails().find((mail) => mail.includes(link()));
  assert.match(invitation ?? '', /works once, for 72 hours/);
  assert.ok(invitation?.includes(`Then sign in with it at ${world.issuer}/account`));
  assert.ok(!(made.output + made.errors).includes('/link/'));

  world.travel(71 * 3_600);
  const browser = await world.browser().visit(link());
  assert.equal(browser.stage, 'invite');
  await browser.press('begin');
  assert.deepEqual(browser.page.facts, { passwordMin: 8 });
  await browser.submit({ password: newPassword });
  assert.equal(browser.stage, 'password-changed');
  assert.match(world.lastMailTo(email), /^A password was chosen for your Twofold account/);
  const fresh = await world.browser().authorize();
  await fresh.submit({ identifier: email, password: newPassword });
  assert.equal(fresh.stage, 'confirm-mail');
});

test('"user password" mails a link that asks for the second factor, and prints nothing of it [check 117]', async (t) => {
  const { world, user, mails, link } = await beside(t);
  const ada = await world.person();
  const { code, output, errors } = await user('password', ada.email);
  assert.deepEqual([code, errors], [0, '']);
  assert.match(output, /^A link to set a password is on its way to /);
  assert.ok(!output.includes('/link/'));
  assert.equal(mails().length, 1);
  assert.match(mails()[0] ?? '', /An administrator sends you this link/);
  const [event] = await eventsOf(world, { kind: 'reset_asked', accountId: ada.id });
  assert.deepEqual([event?.actor, event?.detail], ['cli', 'reset']);
  const browser = await openLink(world, link());
  assert.equal(browser.stage, 'totp');
  await browser.submit({ code: ada.codeNow() });
  await browser.submit({ password: newPassword });
  assert.deepEqual(browser.page.actions, [
    { name: 'sign-in', method: 'GET', href: `${world.issuer}/account`, fields: [] },
  ]);
});

test('no link is sent to nobody, to whoever is disabled, or where the mail server refuses: each is told, and changes nothing', async (t) => {
  const { world, post, user } = await beside(t);
  const ada = await world.person();
  const nobody = await user('password', 'nobody@example.com');
  assert.deepEqual([nobody.code, nobody.errors], [1, 'There is no account of the e-mail nobody@example.com.\n']);
  await editAccount(world, ada.id, { $set: { active: false } });
  const disabled = await user('password', ada.email);
  assert.deepEqual([disabled.code, post.state.tries], [1, 0]);
  assert.match(disabled.errors, /is disabled and signs in nowhere/);
  await editAccount(world, ada.id, { $set: { active: true } });
  post.state.mood = 'refuses';
  const refused = await user('password', ada.email);
  assert.equal(refused.code, 1);
  assert.match(refused.errors, /could not be mailed/);
});
