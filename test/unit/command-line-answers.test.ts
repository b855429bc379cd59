import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NoDatabase, NotDone, UsageError } from '../../src/cli/command.ts';
import { complaint, failureOf, wantsJson, warning } from '../../src/cli/failure.ts';
import { printedJson, printedLines } from '../../src/cli/printed.ts';
import { accountLines, accountView, sessionRow, sessionView } from '../../src/cli/view.ts';
import { ConfigError } from '../../src/config/faults.ts';
import { declaredKinds } from '../../src/factors/kinds.ts';
import { noGuesses } from '../../src/protection/budgets.ts';
import { totp } from '../support/account-stores.ts';

/** What clears a screen, names a window, turns a line round, hides or begins a new one. */
const hostile = 'x\u001b[2J\u001b]0;y\u0007\u009b31m\r\n\u2028\u202e\u2066\u200b\u{e0041}\u007fz';
const unseen = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const at = new Date('2030-01-01T00:00:00Z');
const house = { kinds: declaredKinds, now: () => at };
const account = {
  ...{ id: 'a', email: 'a@example.com', roles: [hostile], active: true, sessionVersion: 0, securityVersion: 0 },
  ...{ guesses: noGuesses, createdAt: at, username: hostile },
  factors: [totp({ name: hostile }), totp({ kind: 'email', data: { destination: `${hostile}@example.com` } })],
};
const record = { id: 'x'.repeat(43), accountId: 'a', sessionVersion: 0, proofs: [], signedInAt: at };
const session = { ...record, lastSeen: at, expiresAt: at, browser: hostile, address: hostile };

test('no name that anybody chose is a command for the terminal or a line of its own', () => {
  const lines = [...accountLines(account, house), sessionRow(session)];
  const printed = printedLines(lines);
  assert.doesNotMatch(printed, unseen);
  assert.equal(printed.split('\n').length, lines.length + 1);
  assert.match(printed, /^username +x \[2J \]0;y/m);
});

test('JSON holds the same names escaped, so that they come out whole', () => {
  const value = { account: accountView(account, house), sessions: [sessionView(session)] };
  const printed = printedJson(value);
  assert.doesNotMatch(printed, unseen);
  assert.ok(printed.includes('\\u009b') && printed.includes('\\udb40\\udc41') && printed.includes('\\u202e'));
  assert.deepEqual(JSON.parse(printed), JSON.parse(JSON.stringify(value)));
});

test('a session is listed by our own words for its browser, which no User-Agent can add to', () => {
  const browser = 'Firefox/140.0 (Linux)  abc  2030-01-01T00:00:00.000Z  192.0.2.7  Safari';
  const row = (given: object) => sessionRow({ ...session, address: '192.0.2.1', ...given });
  assert.equal(row({ browser }), 'xxxxxxxxxxxx  2030-01-01T00:00:00.000Z  192.0.2.1  Firefox on Linux');
  assert.match(row({ browser: 'call 0900' }), /192\.0\.2\.1 {2}unknown browser$/);
  assert.equal(sessionView({ ...session, browser }).browser, browser);
});

test('every failure has a word, an exit code and a sentence; with --json all of it is one object on one line', () => {
  const faults = ['issuer: is missing; set it', 'port: must be a number'];
  const cases: readonly (readonly [Error, object, number, string])[] = [
    [new UsageError('Name <account>.'), { code: 'usage', message: 'Name <account>.' }, 2, 'Name <account>.\n'],
    [new NotDone('One\nTwo'), { code: 'refused', message: 'One\nTwo' }, 1, 'One\nTwo\n'],
    [new NoDatabase('No answer.'), { code: 'no_database', message: 'No answer.' }, 69, 'No answer.\n'],
    [new TypeError('x is no function'), { code: 'failed', message: 'x is no function' }, 1, 'x is no function\n'],
    [
      new ConfigError(faults),
      { code: 'configuration', message: 'Twofold cannot work with this configuration', faults },
      78,
      'Twofold cannot work with this configuration:\n- issuer: is missing; set it\n- port: must be a number\n',
    ],
  ];
  for (const [error, told, exitCode, words] of cases) {
    const failure = failureOf(error);
    assert.equal(failure.exitCode, exitCode);
    assert.equal(complaint(failure, false), words);
    const line = complaint(failure, true);
    assert.deepEqual(JSON.parse(line), { error: told });
    assert.equal(line.indexOf('\n'), line.length - 1);
  }
  assert.doesNotMatch(complaint(failureOf(new NotDone(hostile)), false), unseen);
});

test('a warning is a sentence, or an object on one line', () => {
  assert.equal(warning('No mail was sent.', false), 'No mail was sent.\n');
  assert.equal(warning('No mail was sent.', true), '{"warning":"No mail was sent."}\n');
});

test('JSON is wanted wherever --json stands, also where it is written wrongly', () => {
  for (const args of [['--json'], ['user', 'show', '--json'], ['user', '--nonsense', '--json'], ['list', '--json=yes']])
    assert.equal(wantsJson(args), true, args.join(' '));
  for (const args of [[], ['user', 'list'], ['user', 'show', 'json']]) assert.equal(wantsJson(args), false);
});
