import { linesOf } from './mutation.ts';

const budgets = 'test/unit/budgets.test.ts';
const provePassword = 'test/unit/prove-password.test.ts';
const strangerContract = 'test/contract/stranger-guesses.test.ts';
const strangerGuesses = 'test/unit/stranger-guesses.test.ts';
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
    'src/protection/stranger-guesses.ts',
    [strangerGuesses],
    [
      {
        why: 'Over all networks so many passwords are judged in a day.',
        find: '  if (endsAt && today >= strangerRule.perDay) return',
        replace: '  if (endsAt && today > 1_000_000) return',
      },
      {
        why: 'A full day is three times the bound of a network.',
        find: '  perDay: 300,\n',
        replace: '  perDay: 301,\n',
      },
      {
        why: 'A day of guesses is a day.',
        find: '  dayMilliseconds: day,\n',
        replace: '  dayMilliseconds: 2 * day,\n',
        tests: [strangerContract],
      },
      {
        why: 'A network’s failures outlive days of waiting.',
        find: '  forgottenMilliseconds: 30 * day,\n',
        replace: '  forgottenMilliseconds: 7 * day,\n',
        tests: [strangerContract],
      },
      {
        why: 'What an account keeps of networks is bounded.',
        find: '  keptOvernight: 50,\n',
        replace: '  keptOvernight: 5_000,\n',
      },
      {
        why: 'Of a night’s networks those with the most failures are kept.',
        find: 'other.failures - one.failures',
        replace: 'one.failures - other.failures',
        tests: [strangerContract],
      },
      {
        why: 'Each network has its own failures.',
        find: 'remembered.find((each) => each.network === network)',
        replace: 'remembered.find((each) => each.network !== "")',
      },
      {
        why: 'The owner hears of ten wrong passwords from one network.',
        find: '  networkToTell: 10,\n',
        replace: '  networkToTell: 11,\n',
        tests: [strangerContract, provePassword],
      },
      {
        why: 'No owner is mailed for each guess.',
        find: '(told[warning]?.getTime() ?? 0) <= since',
        replace: 'since > 0',
      },
    ],
  ),
  ...linesOf(
    'src/protection/address-pace.ts',
    ['test/unit/address-pace.test.ts'],
    [
      {
        why: 'An address begins so many sign-ins a minute.',
        find: '      if (!counted.within) return counted.endsAt;\n',
        replace: '      if (!counted.within) return undefined;\n',
      },
      {
        why: 'What is remembered of networks is bounded.',
        find: 'counts.size > mostNetworks',
        replace: 'counts.size < 0',
      },
    ],
  ),
  ...linesOf(
    'src/http/authorization-limit.ts',
    ['test/flow/address-limits.test.ts'],
    [
      {
        why: 'Authorization requests beyond it are not stored.',
        find: '    if (!until) return next();\n',
        replace: '    if (until || !until) return next();\n',
      },
    ],
  ),
  ...linesOf(
    'src/protection/network.ts',
    [strangerGuesses],
    [
      {
        why: 'An account keeps no address of those who tried.',
        find: "const [, hash = ''] = mac(networkOf(address), 'password-network').split('.');",
        replace: "const [, hash = ''] = [mac(networkOf(address), ''), networkOf(address)];",
      },
      {
        why: 'Tries are counted by network, not by address.',
        find: 'mac(networkOf(address), ',
        replace: "mac(address ?? '', ",
      },
    ],
  ),
  ...linesOf(
    'src/protection/recipient-rule.ts',
    [sendBudget],
    [
      {
        why: 'A recipient is sent so many messages in each window, whoever sets them off.',
        find: 'const limit = message.stranger ? strangers : all;',
        replace: 'const limit = message.stranger ? strangers : all + 100;',
      },
      {
        why: 'Strangers have a smaller share of a recipient.',
        find: 'const limit = message.stranger ? strangers : all;',
        replace: 'const limit = message.stranger && strangers > 100 ? strangers : all;',
      },
      {
        why: 'A message that is older than a window does not count in it, any other does.',
        find: 'earlier.at.getTime() > since',
        replace: 'earlier.at.getTime() >= since',
      },
      {
        why: 'What its owner was sent never decides about a stranger.',
        find: ' && (!stranger || earlier.stranger)',
        replace: '',
      },
      {
        why: 'No wait is told that began elsewhere.',
        find: '.filter(({ by }) => by !== undefined && by === message.by)',
        replace: '',
      },
    ],
  ),
  ...linesOf(
    'src/protection/finished-sends.ts',
    [sendBudgetContract],
    [
      {
        why: 'Only what a sign-in was finished with is given back.',
        find: 'deps.sentTimes.settle(recipient, { signIns: finished, as })',
        replace: 'deps.sentTimes.settle(recipient, { signIns, as })',
      },
      {
        why: 'What was sent for a finished sign-in is given back to the account.',
        find: '      await Promise.all(settled.map(() => deps.counters.giveBack(level.key, { endsAt, shared: false })));\n',
        replace: '',
      },
    ],
  ),
  ...linesOf(
    'src/storage/finished-sign-ins.ts',
    [sendBudgetContract],
    [
      {
        why: 'A sign-in is finished once that is recorded.',
        find: 'signIns.filter((signIn) => names.has(signInRecord(signIn)))',
        replace: '[...signIns, ...names]',
      },
    ],
  ),
  ...linesOf(
    'src/protection/send-levels.ts',
    [sendBudget],
    [
      {
        why: 'Strangers set off at most half of what they share with others.',
        find: 'proved ? {} : { share: half(limit) }',
        replace: 'proved ? {} : { share: limit }',
      },
      {
        why: 'Strangers of one network set off at most a quarter of what all strangers do.',
        find: 'Math.ceil(half(total) / 4)',
        replace: 'half(total)',
      },
      {
        why: 'A network is what one customer is given, not an address.',
        find: 'shortenedAddress(address) ?? networkOf(address)',
        replace: 'networkOf(address)',
      },
    ],
  ),
  ...linesOf(
    'src/protection/send-budget.ts',
    [sendBudgetContract],
    [
      {
        why: 'A refusal uses up nothing of what its recipient may be sent.',
        find: '        await deps.sentTimes.giveBack(send.recipient, message);\n',
        replace: '',
      },
      {
        why: 'A refusal uses up nothing of what others share.',
        find: '        await Promise.all(taken.map(({ level: { key, share }, endsAt }) => giveBack(key, endsAt, share)));\n',
        replace: '',
      },
      {
        why: 'The end of a budget that others share is told to nobody.',
        find: '...(level.own ? { retryAt: counted.endsAt } : {})',
        replace: 'retryAt: counted.endsAt',
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
        why: 'One address is told of so many taken usernames in an hour.',
        find: 'username: { limit: limits.takenUsernamesPerHour, milliseconds: hour },',
        replace: 'username: { limit: 0, milliseconds: hour },',
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
        find: 'return known ? ipaddr.process(text) : undefined;',
        replace: 'return known ? ipaddr.parse(text) : undefined;',
      },
      { why: 'An IPv6 client is its whole /64.', find: 'groupsOf(read, 4)', replace: 'groupsOf(read, 8)' },
      {
        why: 'A mail tells no whole IPv4 address.',
        find: "read.octets.slice(0, 3).join('.')",
        replace: "read.octets.join('.')",
        tests: ['test/unit/places.test.ts'],
      },
      {
        why: 'A mail tells no more of an IPv6 address than its site.',
        find: 'groupsOf(read, 3)',
        replace: 'groupsOf(read, 8)',
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
        find: '$cond: [{ $and: recipientRule.map(room) }, taken,',
        replace: '$cond: [true, taken,',
      },
      {
        why: 'The server counts only strangers against a stranger.',
        find: "message.stranger ? ['$$this.stranger'] : []",
        replace: '[]',
      },
      {
        why: 'What a sign-in was finished with counts in no day, and nothing else is left out.',
        find: "unfinished ? [{ $ne: ['$$this.finished', true] }] : []",
        replace: "[{ $ne: ['$$this.finished', true] }]",
      },
      {
        why: 'What a sign-in was finished with counts in no day of the server.',
        find: "unfinished ? [{ $ne: ['$$this.finished', true] }] : []",
        replace: '[]',
      },
      {
        why: 'Each message is given back once.',
        find: 'signIns.includes(signIn) && !is',
        replace: 'signIns.includes(signIn)',
      },
      {
        why: 'What is given back is that very message.',
        find: '{ $pull: { sent: { at, stranger } } }',
        replace: '{ $pull: { sent: { at } } }',
      },
    ],
  ),
  ...linesOf(
    'src/storage/counters.ts',
    [sendBudgetContract],
    [
      {
        why: 'The server counts up to the limit and no further.',
        find: "[{ $lt: ['$count', limit] }, ...",
        replace: '[true, ...',
      },
      {
        why: 'The server counts those who have a part up to that part and no further.',
        find: 'share === undefined ? [] : [{ $lt: [shared, share] }]',
        replace: 'share === undefined ? [] : [true]',
      },
      {
        why: 'A part begins anew with its time.',
        find: "share === undefined ? { $cond: [fresh, '$$REMOVE', '$shared'] }",
        replace: "share === undefined ? '$shared'",
      },
      {
        why: 'What is given back is given back to the part that it came from.',
        find: ', ...(shared ? { shared: -1 } : {})',
        replace: '',
      },
      {
        why: 'What is given back goes back into the very time it was taken from.',
        find: '_id: hashId(key), expiresAt: endsAt, count',
        replace: '_id: hashId(key), count',
      },
    ],
  ),
];
