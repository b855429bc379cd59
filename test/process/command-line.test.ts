import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, execPath } from 'node:process';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeKeys } from '../../src/oidc/keys.ts';
import { mongoAccounts } from '../../src/storage/accounts.ts';
import { mongoSecondFactorGuesses } from '../../src/storage/second-factor-guesses.ts';
import { openDatabase, rowsOf } from '../support/database.ts';
import { freePort } from '../support/free-port.ts';
import { testDatabaseUri } from '../support/mongod.ts';
import { seedPerson } from '../support/person.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** What scripts/twofold.js starts. */
const program = 'src/cli/main.ts';
const email = 'ada@example.com';
const password = 'a walrus in the attic';

/** The real program on a database of its own. */
async function commandLine(t: TestContext, settings: Readonly<Record<string, string>> = {}) {
  const database = await openDatabase(t);
  const data = await mkdtemp(join(tmpdir(), 'twofold-cli-'));
  t.after(() => rm(data, { recursive: true, force: true }));
  const environment = {
    ...env,
    NODE_ENV: 'development',
    MONGODB_URI: testDatabaseUri(''),
    TWOFOLD_DATABASE: database.connection.name,
    TWOFOLD_DATA: data,
    ...settings,
  };
  const start = (command: string, args: readonly string[], input = '') => {
    const child = spawn(command, args, { cwd: root, env: environment, stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.end(input);
    return Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]).then(
      ([[code], output, errors]) => ({ code: code as number | null, output, errors }),
    );
  };
  const user = (args: readonly string[], input?: string) => start(execPath, [program, 'user', ...args], input);
  const json = async (args: readonly string[], input?: string) =>
    JSON.parse((await user([...args, '--json'], input)).output);
  const events = async () =>
    (await rowsOf(database, 'events')).map(({ kind, actor, accountId }) => ({ kind, actor, accountId }));
  return { database, start, user, json, events };
}

test('the first administrator is made with a password from standard input, which is printed and kept nowhere [check 115]', async (t) => {
  const { database, user, events } = await commandLine(t);
  const made = await user(
    ['create', ' Ada@Example.com', '--username', 'Ada', '--role', 'admin', '--password-stdin'],
    `${password}\n`,
  );
  assert.equal(made.code, 0, made.errors);
  const account = (await mongoAccounts(database).findByEmail(email)) ?? assert.fail('no account');
  assert.deepEqual([account.username, account.roles, account.active], ['ada', ['admin'], true]);
  assert.match(account.passwordHash ?? '', /^\$argon2id\$/);
  assert.deepEqual(await events(), [{ kind: 'account_created', actor: 'cli', accountId: account.id }]);
  const said = made.output + made.errors + JSON.stringify(await rowsOf(database, 'events'));
  assert.ok(!said.includes(password) && !said.includes('argon2'));
  assert.match(made.errors, /^No mail was sent to ada@example\.com/);

  const again = await user(['create', email, '--password-stdin'], password);
  assert.deepEqual([again.code, again.errors], [1, 'There is an account of this e-mail already.\n']);
});

test('the rules for passwords hold here too, and one is never taken from an argument [check 3]', async (t) => {
  const { database, user } = await commandLine(t);
  for (const [typed, sentence] of [
    ['short', 'Password: Use at least 8 characters.\n'],
    [email, 'Password: Choose one that is not your e-mail, name or Twofold.\n'],
  ] as const) {
    const { code, errors } = await user(['create', email, '--password-stdin'], typed);
    assert.deepEqual([code, errors], [1, sentence]);
  }
  assert.equal((await user(['create', email, '--password', password])).code, 2);
  const { code, errors } = await user(['create', email]);
  assert.equal(code, 1);
  assert.match(errors, /^No mail leaves from here: .* --password-stdin\.$/m);
  assert.deepEqual(await rowsOf(database, 'accounts'), []);
});

test('at a terminal the password is asked twice and never shown', async (t) => {
  const { start, database } = await commandLine(t);
  const wrapped = [execPath, 'scripts/twofold.js', 'user', 'create', email];
  const typed = `
import os, pty, sys
pid, fd = pty.fork()
if pid == 0: os.execv(sys.argv[1], sys.argv[1:])
shown, answers = b'', [b'Password: ', b'Once more: ']
while True:
    try: chunk = os.read(fd, 1024)
    except OSError: break
    if not chunk: break
    shown += chunk
    if answers and answers[0] in shown:
        answers.pop(0)
        os.write(fd, b'${password}\\r')
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))`;
  const { code, output, errors } = await start('python3', ['-c', typed, ...wrapped]);
  assert.equal(code, 0, output + errors);
  assert.match(output, /Password: \s*Once more: /);
  assert.ok(!output.includes('walrus'));
  assert.ok(await mongoAccounts(database).findByEmail(email));
});

test('accounts are listed and shown, and what is shown holds no hash and no seed [check 118]', async (t) => {
  const { database, json, user } = await commandLine(t);
  const keys = makeKeys();
  const ada = await seedPerson({ database, keys }, { email });
  await seedPerson({ database, keys }, { email: 'bob@example.com' });
  const listed = await json(['list', '--email', 'ADA']);
  assert.deepEqual(
    listed.accounts.map((one: { email: string }) => one.email),
    [email],
  );
  const first = await json(['list', '--limit', '1']);
  assert.deepEqual([first.accounts.length, first.next], [1, email]);
  assert.deepEqual((await json(['list', '--limit', '1', '--after', first.next])).accounts[0].email, 'bob@example.com');
  const { account } = await json(['show', ada.id]);
  assert.deepEqual(
    account.factors.map((one: { kind: string }) => one.kind),
    ['totp'],
  );
  const printed = JSON.stringify(account) + (await user(['show', email])).output + (await user(['list'])).output;
  const [row] = await rowsOf(database, 'accounts');
  const [sealed] = (row?.factors ?? []) as { data: { sealedSecret: string } }[];
  for (const secret of [row?.passwordHash, sealed?.data.sealedSecret, ada.secret])
    assert.ok(typeof secret === 'string' && !printed.includes(secret));
});

test('every change is made, is an event of the command line, and what cannot be undone needs --yes [check 112]', async (t) => {
  const { database, json, user, events } = await commandLine(t);
  const ada = await seedPerson({ database, keys: makeKeys() }, { email });
  for (const command of [['delete'], ['sessions', '--end-all']]) {
    const { code, errors } = await user([...command, email]);
    assert.deepEqual(
      [code, errors],
      [2, 'This cannot be undone: without a terminal it needs --yes.\n'],
      command.join(' '),
    );
  }
  assert.deepEqual(await events(), []);

  const changed = async (...args: string[]) => (await json(args)).account;
  assert.equal((await changed('disable', email, '--yes')).active, false);
  assert.equal((await changed('enable', email)).active, true);
  assert.deepEqual((await changed('roles', email, '--add', 'support', '--add', 'admin')).roles, ['admin', 'support']);
  assert.deepEqual((await changed('roles', email, '--remove', 'support')).roles, ['admin']);
  await mongoSecondFactorGuesses(database).take(ada.id, new Date());
  assert.equal((await changed('unlock', email)).failures.secondFactor.count, 0);
  assert.deepEqual((await changed('reset-factors', email, '--yes')).factors, []);
  assert.deepEqual(await json(['sessions', email, '--end-all', '--yes']), { ended: [] });
  assert.equal((await changed('delete', email, '--yes')).email, email);
  assert.deepEqual(await rowsOf(database, 'accounts'), []);
  const kinds = ['account_disabled', 'account_enabled', 'roles_changed', 'roles_changed', 'unlocked', 'factors_reset'];
  assert.deepEqual(
    await events(),
    [...kinds, 'sessions_ended', 'account_deleted'].map((kind) => ({ kind, actor: 'cli', accountId: ada.id })),
  );
});

test('a pass is printed once, shown without its code, taken away again, and names who gave it [check 118]', async (t) => {
  const { database, json, user } = await commandLine(t);
  const ada = await seedPerson({ database, keys: makeKeys() }, { email });
  const given = await user(['pass', email, '--minutes', '30', '--by', 'grace']);
  assert.equal(given.code, 0, given.errors);
  const [, code = ''] = /^Pass for ada@example\.com: ((?:[0-9A-Z]{4}-){3}[0-9A-Z]{4})$/m.exec(given.output) ?? [];
  const { account } = await json(['show', email]);
  const lasts = Date.parse(account.pass.expiresAt) - Date.parse(account.pass.createdAt);
  assert.deepEqual([account.pass.by, lasts, Object.keys(account.pass).length], ['grace', 30 * 60_000, 3]);
  const shown = await user(['show', email]);
  assert.match(shown.output, /^pass +good until \S+, given by grace$/m);
  const events = await rowsOf(database, 'events');
  assert.deepEqual(
    events.map(({ kind, actor, accountId, detail }) => ({ kind, actor, accountId, detail })),
    [{ kind: 'pass_given', actor: 'cli', accountId: ada.id, detail: 'grace' }],
  );
  const [row = { pass: { hash: '' } }] = await rowsOf(database, 'accounts');
  const { hash } = row.pass as { hash: string };
  const kept = JSON.stringify([account, shown.output, events, row]).replace(hash, '');
  assert.ok(code !== '' && !kept.includes(code) && !kept.includes(code.replaceAll('-', '')) && !kept.includes(hash));

  assert.deepEqual(await json(['pass', email, '--revoke']), { pass: null });
  assert.equal((await json(['show', email])).account.pass, undefined);
  const none = await user(['pass', email, '--revoke']);
  assert.deepEqual([none.code, none.errors], [1, 'ada@example.com has no pass.\n']);
  await user(['disable', email, '--yes']);
  const closed = await user(['pass', email]);
  assert.deepEqual(
    [closed.code, closed.errors],
    [1, 'ada@example.com is disabled and signs in nowhere; "enable" comes first.\n'],
  );
});

test('a pass that is wrongly asked for is refused with what is right, and none is made', async (t) => {
  const { database, user } = await commandLine(t, { TWOFOLD_FACTOR_KINDS: 'totp,recovery' });
  await seedPerson({ database, keys: makeKeys() }, { email });
  for (const [args, said] of [
    [['--minutes', '9'], '--minutes is a whole number from 10 to 1440, not 9.'],
    [['--minutes', '1441'], '--minutes is a whole number from 10 to 1440, not 1441.'],
    [['--minutes', '10', '--revoke'], '--revoke takes a pass away; --minutes is for giving one.'],
    [['--by', 'a b'], '--by is a name of up to 60 letters, digits, dots, hyphens and @.'],
  ] as const) {
    const { code, errors } = await user(['pass', email, ...args]);
    assert.deepEqual([code, errors.split('\n')[0]], [2, said]);
  }
  const { code, errors } = await user(['pass', email]);
  assert.deepEqual([code, errors], [1, 'Passes are switched off here: factors.kinds has no pass.\n']);
  assert.deepEqual(await rowsOf(database, 'events'), []);
});

test('whom nobody knows is told in one sentence', async (t) => {
  const { user } = await commandLine(t);
  for (const command of [['show'], ['delete', '--yes']]) {
    const { code, output, errors } = await user([...command, 'eve@example.com']);
    assert.deepEqual([code, output, errors], [1, '', 'There is no account of the e-mail eve@example.com.\n']);
  }
  assert.deepEqual((await user(['show', 'nobody'])).errors, 'There is no account of the id nobody.\n');
});

test('no database, a wrong configuration and a wrong call have exit codes of their own and no stack', async (t) => {
  const port = await freePort();
  const cases: readonly (readonly [number, Readonly<Record<string, string>>, readonly string[]])[] = [
    [69, { MONGODB_URI: `mongodb://127.0.0.1:${port}` }, ['list']],
    [69, { MONGODB_URI: '' }, ['list']],
    [78, { TWOFOLD_ISSUER: 'nonsense' }, ['list']],
    [78, { NODE_ENV: 'production', MONGODB_URI: '' }, ['list']],
    [2, {}, ['nonsense']],
    [2, {}, ['list', '--nonsense']],
    [0, { MONGODB_URI: `mongodb://127.0.0.1:${port}` }, ['list', '--help']],
  ];
  for (const [expected, settings, args] of cases) {
    const { user } = await commandLine(t, settings);
    const { code, errors } = await user(args);
    assert.equal(code, expected, errors);
    assert.doesNotMatch(errors, /^\s+at |node:internal/m);
    assert.equal(errors === '', expected === 0);
  }
});

test('with --json every error is an object on standard error, with the same exit code; the answer stays alone', async (t) => {
  const port = await freePort();
  const cases: readonly (readonly [number, string, Readonly<Record<string, string>>, readonly string[]])[] = [
    [69, 'no_database', { MONGODB_URI: `mongodb://127.0.0.1:${port}` }, ['list']],
    [78, 'configuration', { TWOFOLD_ISSUER: 'nonsense' }, ['list']],
    [2, 'usage', {}, ['nonsense']],
    [2, 'usage', {}, ['list', '--nonsense']],
    [2, 'usage', {}, ['delete', email]],
    [1, 'refused', {}, ['show', email]],
  ];
  for (const [expected, word, settings, args] of cases) {
    const { database, user } = await commandLine(t, settings);
    if (args[0] === 'delete') await seedPerson({ database, keys: makeKeys() }, { email });
    const { code, output, errors } = await user([...args, '--json']);
    assert.deepEqual([code, output], [expected, ''], errors);
    const { error } = JSON.parse(errors);
    assert.equal(error.code, word);
    assert.ok(error.message.length > 10);
    assert.equal(error.faults !== undefined, word === 'configuration');
  }
  const { database, user } = await commandLine(t);
  await seedPerson({ database, keys: makeKeys() }, { email });
  const { errors } = await user(['enable', email, '--json']);
  assert.match(JSON.parse(errors).warning, /^No mail was sent to ada@example\.com/);
});

test('closing an account asks in its own words: it is no end, and says what ends it', async (t) => {
  const { database, user } = await commandLine(t);
  await seedPerson({ database, keys: makeKeys() }, { email });
  const { code, errors } = await user(['disable', email]);
  const sentence = 'This signs somebody out everywhere until "enable": without a terminal it needs --yes.\n';
  assert.deepEqual([code, errors], [2, sentence]);
});

test('whose second factors were removed is not said to need one, which only the policy may ask for', async (t) => {
  const { database, user } = await commandLine(t, { TWOFOLD_SECOND_FACTOR: 'when-enrolled' });
  await seedPerson({ database, keys: makeKeys() }, { email });
  const { code, output, errors } = await user(['reset-factors', email, '--yes']);
  assert.equal(code, 0, errors);
  assert.match(output, /^ada@example\.com has no second factor any more\. Where one is required, /);
});
