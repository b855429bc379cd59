import { linesOf } from './mutation.ts';

const attempts = 'test/contract/attempts.test.ts';
const change = 'test/unit/account-change.test.ts';
const next = 'test/unit/next.test.ts';

/** What keeps an account change apart from every sign-in, and from every other change. */
export const adding = [
  ...linesOf(
    'src/storage/attempts.ts',
    [attempts],
    [
      {
        why: 'An account change that runs is never opened over.',
        find: 'const over = { _id: id, expiresAt: { $lte: now } };',
        replace: 'const over = { _id: id };',
      },
      {
        why: 'No advance makes a sign-in of an account change, or the other way round.',
        find: "'asked', 'purpose', 'removeAt'",
        replace: "'asked', 'removeAt'",
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/next.ts',
    [next],
    [
      {
        why: 'An account change never ends in a sign-in.',
        find: "  if (attempt.purpose === 'change') return changing(position);\n",
        replace: '',
      },
      {
        why: 'Nobody’s account change is over.',
        find: "  if (!account) return 'over';\n",
        replace: "  if (!account) return attempt.recovery ? 'recovery-codes' : 'enrol';\n",
      },
      {
        why: 'A first way that is set up in the account area needs the confirmed mailbox too.',
        find: "return account.factors.length > 0 ? 'enrol' : toEnrol(attempt);",
        replace: "return account.factors.length > 0 ? 'enrol' : 'enrol';",
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/account-change.ts',
    [change],
    [
      {
        why: 'A change of an account that changed otherwise since is over.',
        find: 'attempt.accountId === account.id && attempt.sessionVersion === account.sessionVersion;',
        replace: 'attempt.accountId === account.id;',
      },
      {
        why: 'What is pending in an account change is over at its end.',
        find: 'return !enrolment || enrolment.expiresAt > step.now;',
        replace: 'return true;',
      },
      {
        why: 'An account change that has ended is over.',
        find: "if (finishedAt || next(step) === 'over') return false;",
        replace: "if (next(step) === 'over') return false;",
        tests: [change],
        secondGuardOf: 'An account change that has ended holds nothing.',
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/proceed.ts',
    [change],
    [
      {
        why: 'An account change that has ended holds nothing.',
        find: "      ...(stage === 'over' ? blank : {}),\n",
        replace: '',
      },
    ],
  ),
];
