import { linesOf } from './mutation.ts';

const budgets = 'test/unit/budgets.test.ts';
const deliveredCodes = 'test/unit/delivered-codes.test.ts';

export const protection = [
  ...linesOf(
    'src/protection/budgets.ts',
    [budgets],
    [
      {
        why: 'At a hundred consecutive failures nothing is judged any more.',
        find: "  if (budget.failures >= rule.closedAt) return { state: 'closed' };\n",
        replace: '',
      },
      {
        why: 'A try during a wait is neither judged nor counted.',
        find: "  if (budget.lockedUntil && budget.lockedUntil > now) return { state: 'waiting', until: budget.lockedUntil };\n",
        replace: '',
      },
      {
        why: 'Every guess that is taken counts one failure more.',
        find: 'const failures = budget.failures + 1;',
        replace: 'const failures = budget.failures;',
      },
      {
        why: 'Past the end of the table of waits its last one holds.',
        find: 'rule.waits[Math.min(failures, rule.waits.length - 1)]',
        replace: 'rule.waits[failures]',
      },
      {
        why: 'Passwords wait from the fifth failure on.',
        find: 'waits: [0, 0, 0, 0, 0, minute,',
        replace: 'waits: [0, 0, 0, 0, 0, 0, minute,',
      },
      {
        why: 'Second factors wait from the tenth failure on.',
        find: '...Array<number>(10).fill(0),',
        replace: '...Array<number>(11).fill(0),',
      },
      {
        why: 'One challenge has five tries.',
        find: 'export const triesPerChallenge = 5;',
        replace: 'export const triesPerChallenge = 6;',
      },
      {
        why: 'The owner hears of the third wrong answer after the right password.',
        find: 'export const failuresToTell = 3;',
        replace: 'export const failuresToTell = 4;',
        tests: ['test/flow/guess-budget.test.ts'],
      },
    ],
  ),
  ...linesOf(
    'src/protection/send-budget.ts',
    [deliveredCodes],
    [
      {
        why: 'One recipient is sent one message a minute.',
        find: 'const paused = latest + sendRule.pauseMilliseconds;',
        replace: 'const paused = latest;',
      },
      {
        why: 'One recipient is sent five messages a day.',
        find: 'earliest + sendRule.periodMilliseconds;',
        replace: '0;',
      },
      {
        why: 'A refused send is not told as allowed.',
        find: 'return retryAt <= now.getTime() ? { allowed: true } :',
        replace: 'return retryAt >= 0 ? { allowed: true } :',
      },
    ],
  ),
];
