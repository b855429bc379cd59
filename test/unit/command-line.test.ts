import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { suite, test } from 'node:test';
import { readCall, UsageError } from '../../src/cli/command.ts';
import { helpOf, overview } from '../../src/cli/help.ts';
import { terminal } from '../../src/cli/terminal.ts';
import { userCommands } from '../../src/cli/user.ts';
import { accountLines, accountView, sessionView } from '../../src/cli/view.ts';
import { declaredKinds } from '../../src/factors/kinds.ts';
import { noGuesses } from '../../src/protection/budgets.ts';
import { totp } from '../support/account-stores.ts';

const houseAt = (now: Date) => ({ kinds: declaredKinds, now: () => now });

const named = (name: string) => userCommands.find((one) => one.name === name) ?? assert.fail(name);
const wrong: readonly (readonly [string, ...string[]])[] = [
  ['show'],
  ['show', 'ada@example.com', 'eve@example.com'],
  ['list', 'ada@example.com'],
  ['list', '--limit', '0'],
  ['list', '--limit', '1001'],
  ['list', '--limit', 'many'],
  ['list', '--limit'],
  ['list', '--active', '--disabled'],
  ['list', '--json=yes'],
  ['roles', 'ada@example.com'],
  ['roles', 'ada@example.com', '--add', 'Admin'],
  ['roles', 'ada@example.com', '--add', '$where'],
  ['create', 'ada@example.com', '--role', 'two words'],
  ['create', 'ada@example.com', '--role', ''],
  ['sessions', 'ada@example.com', '--end', 'abc', '--end-all'],
  ['unlock', 'ada@example.com', '--yes'],
];

suite('arguments', () => {
  for (const [name, ...args] of wrong) {
    test(`"${[name, ...args].join(' ')}" is refused before anything is opened`, () => {
      assert.throws(() => readCall(named(name), args), UsageError);
    });
  }

  test('the operand and the options come as they were given, in any order', () => {
    const call = readCall(named('roles'), ['--add', 'admin', 'ada@example.com', '--add', 'support', '--json']);
    assert.equal(call.operand, 'ada@example.com');
    assert.deepEqual({ ...call.options }, { add: ['admin', 'support'], json: true });
  });

  test('help is given whatever else is wrong', () => {
    for (const { name } of userCommands) assert.equal(readCall(named(name), ['--help']).help, true);
  });

  test('a password among the arguments is refused and not repeated', () => {
    for (const args of [
      ['a@example.com', '--password', 'a walrus'],
      ['a@example.com', '--password=a walrus'],
      ['a@example.com', 'a walrus'],
    ])
      assert.throws(
        () => readCall(named('create'), args),
        (error: Error) => error instanceof UsageError && !error.message.includes('walrus'),
      );
  });

  test('every option is told by the help of its command, and every command by the overview', () => {
    for (const command of userCommands) {
      for (const option of Object.keys(command.options)) assert.ok(helpOf(command).includes(`--${option}`), option);
      assert.ok(overview(userCommands).includes(`  ${command.name} `), command.name);
    }
  });
});

test('what cannot be undone or signs somebody out asks first, and takes --yes', () => {
  const asking = userCommands.filter(({ options }) => 'yes' in options).map(({ name }) => name);
  assert.deepEqual(asking, ['disable', 'reset-factors', 'sessions', 'delete']);
});

test("the README's command line is the help that the program prints", () => {
  const [, shown = ''] = /<!-- command line -->\s*```\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? [];
  assert.equal(shown, overview(userCommands));
});

test('neither hash nor seed nor code is in what is printed of an account [check 118]', () => {
  const at = new Date('2030-01-01T00:00:00Z');
  const secrets = { passwordHash: 'HASH', recovery: { salt: 'SALT', hashes: ['CODE'], createdAt: at } };
  const account = {
    ...{ id: 'a', email: 'a@example.com', roles: [], active: true, sessionVersion: 0, securityVersion: 0 },
    ...{ guesses: noGuesses, createdAt: at, ...secrets },
    factors: [
      totp({}, { sealedSecret: 'SEED' }),
      totp({ kind: 'email', data: { destination: 'someone@example.com' } }),
      totp({ kind: 'sms', data: { destination: '+4915112345642' } }),
      totp({ kind: 'pigeon', data: { destination: 'someone@example.com' } }),
    ],
  };
  const printed = JSON.stringify(accountView(account, houseAt(at)));
  assert.doesNotMatch(printed, /HASH|SALT|CODE|SEED|someone|4915112345642/);
  const shown = accountView(account, houseAt(at)).factors.map(({ destination }) => destination);
  assert.deepEqual(shown, [undefined, 's***@example.com', '…42', undefined]);
});

test('the wrong passwords of an account are told as they count now: by network, by known browser, and of the day [check 109]', () => {
  const start = new Date('2030-01-01T00:00:00Z');
  const minutes = (count: number) => new Date(start.getTime() + count * 60_000);
  const networks = [
    { network: 'a', failures: 100, lockedUntil: minutes(-10), at: minutes(-25) },
    { network: 'b', failures: 6, lockedUntil: minutes(2), at: start },
    { network: 'c', failures: 3, at: start },
    { network: 'd', failures: 100, at: minutes(-30 * 24 * 60) },
  ];
  const guesses = {
    password: { failures: 300, endsAt: minutes(60), networks },
    secondFactor: { failures: 0 },
    browsers: { x: { failures: 100 }, y: { failures: 1 } },
  };
  const account = {
    ...{ id: 'a', email: 'a@example.com', roles: [], active: true, sessionVersion: 0, securityVersion: 0 },
    ...{ guesses, createdAt: start, factors: [] },
  };
  const line = (now: Date) => accountLines(account, houseAt(now)).find((each) => each.startsWith('passwords'));
  const known = 'known browsers: 2, 1 closed';
  assert.equal(
    line(start),
    `passwords  300 wrong today; only known browsers until 2030-01-01T01:00:00.000Z; networks: 3, 1 waiting, 1 closed; ${known}`,
  );
  assert.equal(line(minutes(60)), `passwords  0 wrong today; networks: 3, 1 closed; ${known}`);
  assert.deepEqual(accountView(account, houseAt(start)).failures.password, {
    today: 300,
    onlyKnownBrowsersUntil: minutes(60),
    networks: { tried: 3, waiting: 1, closed: 1 },
    knownBrowsers: { tried: 2, waiting: 0, closed: 1 },
  });
  const untried = { ...account, guesses: noGuesses };
  assert.equal(
    accountLines(untried, houseAt(start)).find((each) => each.startsWith('passwords')),
    'passwords  0 wrong today',
  );
});

test('a session is named by a part of its record’s id alone [check 118]', () => {
  const at = new Date('2030-01-01T00:00:00Z');
  const id = 'x'.repeat(43);
  const record = { id, accountId: 'a', sessionVersion: 0, proofs: [], signedInAt: at, lastSeen: at, expiresAt: at };
  assert.doesNotMatch(JSON.stringify(sessionView(record)), /x{13}/);
});

test('standard input is the password, whole but for its last line break', async () => {
  for (const [given, read] of [
    [' a b \n', ' a b '],
    ['a\r\n', 'a'],
    ['a\n\n', 'a\n'],
    ['a', 'a'],
    ['', ''],
  ]) {
    const input = new PassThrough();
    input.end(given);
    const asked = terminal({ input: input as unknown as NodeJS.ReadStream, output: new PassThrough() });
    assert.equal(asked.interactive, false);
    assert.equal(await asked.read(), read);
  }
});
