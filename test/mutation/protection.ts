import { linesOf } from './mutation.ts';

const budgets = 'test/unit/budgets.test.ts';
const sendBudget = 'test/unit/send-budget.test.ts';
const sendBudgetContract = 'test/contract/send-budget.test.ts';

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
    [sendBudget],
    [
      {
        why: 'A recipient has so many messages in each window, whoever sets them off.',
        find: 'return [...fullUntil(within, all), ...share]',
        replace: 'return share',
      },
      {
        why: 'Strangers have a smaller share of a recipient.',
        find: 'return [...fullUntil(within, all), ...share]',
        replace: 'return fullUntil(within, all)',
      },
      {
        why: 'A message that is older than a window does not count in it, any other does.',
        find: 'message.at.getTime() > now - milliseconds',
        replace: 'message.at.getTime() >= now - milliseconds',
      },
      {
        why: 'Strangers set off at most half of what is sent in a day.',
        find: 'Math.ceil(total / 2)',
        replace: 'total',
        tests: [sendBudgetContract],
      },
      {
        why: 'A refusal uses up nothing of what its recipient may be sent.',
        find: '        await deps.sentTimes.giveBack(send.recipient, message);\n',
        replace: '',
        tests: [sendBudgetContract],
      },
      {
        why: 'A refusal uses up nothing of what others share.',
        find: '        await Promise.all(taken.map(({ key, endsAt: ends }) => deps.counters.giveBack(key, ends)));\n',
        replace: '',
        tests: [sendBudgetContract],
      },
    ],
  ),
  ...linesOf(
    'src/protection/address-budget.ts',
    ['test/unit/address-budget.test.ts'],
    [
      {
        why: 'An address that failed too often is judged no more until its time is over.',
        find: '      if (known || kind',
        replace: '      if (kind',
      },
      {
        why: 'Registrations count before they are judged.',
        find: 'return counted.within ? undefined : block(key, counted.endsAt);',
        replace: 'return undefined;',
      },
    ],
  ),
  ...linesOf(
    'src/protection/network.ts',
    [sendBudget],
    [
      {
        why: 'An IPv4 address is one client however it is written.',
        find: 'if (mapped) return',
        replace: 'if (!plain) return',
      },
      { why: 'An IPv6 client is its whole /64.', find: '    .slice(0, 4)\n', replace: '' },
      {
        why: 'A mail tells no whole IPv4 address.',
        find: "network.slice(0, network.lastIndexOf('.'))",
        replace: 'network',
        tests: ['test/unit/places.test.ts'],
      },
      {
        why: 'A mail tells no more of an IPv6 address than its site.',
        find: '.slice(0, 3)',
        replace: '',
        tests: ['test/unit/places.test.ts'],
      },
    ],
  ),
  ...linesOf(
    'src/storage/send-budgets.ts',
    [sendBudgetContract],
    [
      {
        why: 'The server judges every window of a recipient in the same write that keeps the message.',
        find: '$cond: [{ $and: recipientRule.flatMap(room) }, taken,',
        replace: '$cond: [true, taken,',
      },
    ],
  ),
  ...linesOf(
    'src/storage/counters.ts',
    [sendBudgetContract],
    [
      {
        why: 'The server counts up to the limit and no further.',
        find: "$cond: [{ $lt: ['$count', limit] },",
        replace: '$cond: [true,',
      },
      {
        why: 'What is given back goes back into the very time it was taken from.',
        find: '_id: hashId(key), expiresAt: endsAt, count',
        replace: '_id: hashId(key), count',
      },
    ],
  ),
];
