import { linesOf } from './mutation.ts';

const accounts = 'test/contract/accounts.test.ts';
const attempts = 'test/contract/attempts.test.ts';
const connection = 'test/contract/connection.test.ts';
const passwordTry = 'test/contract/password-try.test.ts';

export const storage = [
  ...linesOf(
    'src/storage/connection.ts',
    [connection],
    [
      {
        why: 'Every write waits for the majority.',
        find: "writeConcern: { w: 'majority', wtimeoutMS: 5_000 },",
        replace: '',
      },
      {
        why: 'An outage is told at once instead of being waited for.',
        find: 'serverSelectionTimeoutMS: 2_000,',
        replace: '',
      },
      {
        why: 'An outage is one also where several rows were to be written at once.',
        find: 'if (error instanceof mongoose.mongo.MongoBulkWriteError && error.code === undefined) return true;',
        replace: '',
      },
      {
        why: 'Absent stays absent instead of becoming null.',
        find: 'ignoreUndefined: true,',
        replace: 'ignoreUndefined: false,',
      },
      {
        why: 'What the server says of itself is an outage.',
        find: 'if (error instanceof mongoose.mongo.MongoServerError && outageCodes.has(error.code)) return true;',
        replace: '',
      },
      {
        why: 'A lost connection is an outage.',
        find: 'if (outageNames.has(error.name) || socketCodes.has((error as NodeJS.ErrnoException).code)) return true;',
        replace: '',
      },
    ],
  ),
  ...linesOf(
    'src/storage/schema.ts',
    [connection],
    [
      {
        why: 'A filter names something.',
        find: "  if (Object.keys(filter).length === 0) throw new TypeError('A filter must name what it looks for');\n",
        replace: '',
      },
      {
        why: 'A value that is missing reaches no filter.',
        find: '  for (const [path, value] of Object.entries(filter)) requireValue(path, value);\n',
        replace: '',
      },
      {
        why: 'A value that is missing deeper down reaches no filter either.',
        find: '  for (const [key, inner] of Object.entries(value)) requireValue(`',
        replace: '  for (const [key, inner] of Object.entries({})) requireValue(`',
      },
    ],
  ),
  ...linesOf(
    'src/storage/lean-rows.ts',
    ['test/contract/lean-rows.test.ts'],
    [
      {
        why: 'A filter that goes to the driver itself has a value for all it names.',
        find: 'return exact(filter) as',
        replace: 'return filter as',
        tests: [connection],
      },
      {
        why: 'A field that no row has is refused.',
        find: '    if (foreign !== undefined) throw',
        replace: '    if (foreign === null) throw',
      },
      {
        why: 'A new row is looked at, too.',
        find: '    known(Object.keys(row));\n',
        replace: '',
      },
      {
        why: 'An update is looked at, too.',
        find: 'if (!Array.isArray(update)) known(',
        replace: 'if (Array.isArray(update)) known(',
      },
    ],
  ),
  ...linesOf(
    'src/storage/guess-update.ts',
    [accounts],
    [
      {
        why: 'The store counts no try during a wait.',
        find: '{ $not: [waiting] }',
        replace: '{ $literal: true }',
      },
      {
        why: 'The store counts no try once a budget is closed.',
        find: "{ $lt: ['$$before.failures', rule.closedAt] }",
        replace: "{ $lt: ['$$before.failures', 1_000_000] }",
      },
      {
        why: 'The store counts every guess that is taken.',
        find: "vars: { failures: { $add: ['$$before.failures', 1] } },",
        replace: "vars: { failures: { $add: ['$$before.failures', 0] } },",
      },
      {
        why: 'The store begins every wait of the rule.',
        find: "{ failures: '$$failures', lockedUntil: { $add: [now, '$$wait'] } },",
        replace: "{ failures: '$$failures' },",
      },
    ],
  ),
  ...linesOf(
    'src/storage/stranger-update.ts',
    ['test/contract/stranger-guesses.test.ts'],
    [
      {
        why: 'The store judges a network by its own budget alone.',
        find: 'const own = { $first: filtered(remembered, isOf(network)) };',
        replace: 'const own = { $first: remembered };',
      },
      {
        why: 'The store counts no try on a full day.',
        find: "{ $lt: ['$$today', perDay] }",
        replace: "{ $lt: ['$$today', 1_000_000] }",
      },
      {
        why: 'The store counts every try of a day.',
        find: "{ $add: ['$$today', 1] }",
        replace: "{ $add: ['$$today', 0] }",
      },
      {
        why: 'The store counts no stranger’s try during a wait or at a bound.',
        find: 'isJudged(strangerRule.network, now), {',
        replace: '{ $literal: true }, {',
      },
      {
        why: 'The store keeps the failures of other networks.',
        find: '$concatArrays: [kept, [entry]]',
        replace: '$concatArrays: [[entry]]',
      },
      {
        why: 'The store keeps no more networks overnight than the rule says.',
        find: '{ $slice: [worst, keptOvernight] }',
        replace: 'worst',
      },
      {
        why: 'The store forgets no network before its time.',
        find: "{ $gt: ['$$each.at', before(now, forgottenMilliseconds)] }",
        replace: "{ $gt: ['$$each.at', before(now, dayMilliseconds)] }",
      },
      {
        why: 'The store notes what the owner is told, so that it is told once.',
        find: "untold('network')] };",
        replace: '{ $literal: false }] };',
      },
      {
        why: 'The store notes a day that is told, so that it is told once.',
        find: "untold('day')] };",
        replace: '{ $literal: false }] };',
      },
    ],
  ),
  ...linesOf(
    'src/storage/account-row.ts',
    ['test/contract/stranger-guesses.test.ts'],
    [
      {
        why: 'An account that one count of all strangers closed is open.',
        find: '  if (failures === undefined || networks === undefined) return noStrangers;\n',
        replace:
          '  if (failures === undefined || networks === undefined) return { failures: failures ?? 0, networks: [] };\n',
      },
    ],
  ),
  ...linesOf(
    'src/storage/accounts.ts',
    [accounts],
    [
      {
        why: 'A browser that is known to another account is a stranger.',
        find: '  if (!known?.accounts.includes(account)) return undefined;\n',
        replace: '  if (!known) return undefined;\n',
      },
      {
        why: 'The id of a browser never becomes another path of the update.',
        find: 'return /^[A-Za-z0-9_-]{16,64}$/.test(known.id) ? known.id : undefined;',
        replace: 'return known.id;',
      },
      {
        why: 'A hash is replaced only while it is the one that was verified.',
        find: '{ _id: id, passwordHash: from }',
        replace: '{ _id: id }',
      },
      {
        why: 'Only an active account gets its guesses back.',
        find: '{ _id: id, active: true }',
        replace: '{ _id: id }',
      },
      {
        why: 'A name that nobody has costs the same write.',
        find: 'await decoys.findOneAndUpdate(',
        replace: 'if (filter._id.length > 2) await decoys.findOneAndUpdate(',
        tests: [passwordTry],
      },
      {
        why: 'Of a name that nobody has no more is kept than a slot.',
        find: 'hashId(identifier).slice(0, 2)',
        replace: 'hashId(identifier)',
        tests: [passwordTry],
      },
      {
        why: 'Every try is a write that the server waits for in the same way.',
        find: 'const update = [...taking, countTry];',
        replace: 'const update = [...taking];',
        tests: [passwordTry],
      },
    ],
  ),
  ...linesOf(
    'src/storage/attempts.ts',
    [attempts],
    [
      {
        why: 'An attempt is over at its end: it is not found.',
        find: 'findOne({ _id: id, expiresAt: { $gt: now } })',
        replace: 'findOne({ _id: id })',
      },
      {
        why: 'An attempt moves on once for each revision, and not after its end.',
        find: 'const running = { _id: attempt.id, revision: attempt.revision, expiresAt: { $gt: now } };\n      const row',
        replace: 'const running = { _id: attempt.id, expiresAt: { $gt: now } };\n      const row',
      },
      {
        why: 'An attempt that is over is not changed.',
        find: 'const running = { _id: attempt.id, revision: attempt.revision, expiresAt: { $gt: now } };\n      const row',
        replace: 'const running = { _id: attempt.id, revision: attempt.revision };\n      const row',
      },
      {
        why: 'No try is taken in a step that is over.',
        find: 'const running = { _id: attempt.id, revision: attempt.revision, expiresAt: { $gt: now } };\n      const { challengeTries',
        replace: 'const running = { _id: attempt.id, expiresAt: { $gt: now } };\n      const { challengeTries',
      },
      {
        why: 'No try is taken in an attempt that is over.',
        find: 'const running = { _id: attempt.id, revision: attempt.revision, expiresAt: { $gt: now } };\n      const { challengeTries',
        replace: 'const running = { _id: attempt.id, revision: attempt.revision };\n      const { challengeTries',
      },
      {
        why: 'A sixth try is never taken.',
        find: 'if (tries === undefined || tries >= triesPerChallenge) return false;',
        replace: 'if (tries === undefined) return false;',
      },
      {
        why: 'Of several answers at once from one page one takes the try.',
        find: 'return { filter: { challengeTries }, taken',
        replace: 'return { filter: {}, taken',
      },
      {
        why: 'Of several mailed codes at once from one page one takes the try.',
        find: "{ 'deliveredCode.tries': deliveredCode?.tries, ",
        replace: '{ ',
      },
      {
        why: 'No try is taken for a code after its end.',
        find: "deliveredCode?.tries, 'deliveredCode.expiresAt': { $gt: now } }",
        replace: 'deliveredCode?.tries }',
      },
      {
        why: 'Of several answers at once by the code that was sent one takes a try of both.',
        find: 'return { filter: { challengeTries, ...code }, taken',
        replace: 'return { filter: { ...code }, taken',
      },
      {
        why: 'A try is taken of the very code that is answered, while it has one.',
        find: "{ 'deliveredCode.hash': deliveredCode?.hash, 'deliveredCode.tries': { $lt: triesPerChallenge } }",
        replace: '{}',
      },
      {
        why: 'A code that ended is taken to no other sign-in.',
        find: "'deliveredCode.binding': binding, 'deliveredCode.expiresAt': { $gt: now } }",
        replace: "'deliveredCode.binding': binding }",
      },
      {
        why: 'A code is taken for the same person, browser, purpose and destination alone.',
        find: "const code = { 'deliveredCode.binding': binding, ",
        replace: "const code = { 'deliveredCode.binding': { $exists: true }, ",
      },
      {
        why: 'A code that is used up, or of an attempt that is over, is taken to no other sign-in.',
        find: "{ 'deliveredCode.tries': { $lt: triesPerChallenge }, expiresAt: { $gt: now } }",
        replace: '{}',
      },
      {
        why: 'A code that was taken is over where it was.',
        find: "$set: { 'deliveredCode.expiresAt': now }, $unset: { 'deliveredCode.binding': 1 }",
        replace: '$set: {}',
      },
      {
        why: 'No request in flight judges a code that was taken.',
        find: '{ ...ended, $inc: { revision: 1 } }',
        replace: '{ ...ended }',
      },
      {
        why: 'Only the newest code is taken.',
        find: "sort: { 'deliveredCode.sentAt': -1 }",
        replace: "sort: { 'deliveredCode.sentAt': 1 }",
      },
      {
        why: 'A code written back gives back no tries.',
        find: 'findOneAndUpdate({ ...running, ...unspentSince(attempt, change) }',
        replace: 'findOneAndUpdate({ ...running }',
      },
      {
        why: 'A day after its end nobody’s client is known any more.',
        find: ', removeAt: { $gt: now } }',
        replace: ' }',
      },
      {
        why: 'An advance cannot write which attempt it is or whose.',
        find: '  if (foreign) throw',
        replace: '  if (foreign && entries.length > 99) throw',
      },
      {
        why: 'Every advance is a new revision.',
        find: '$inc: { revision: 1 },',
        replace: '$inc: { revision: 0 },',
      },
    ],
  ),
  ...linesOf(
    'src/storage/indexes.ts',
    [accounts],
    [
      {
        why: 'One e-mail is one account.',
        find: '{ key: { email: 1 }, unique: true },',
        replace: '{ key: { email: 1 } },',
      },
      {
        why: 'One username is one account.',
        find: '{ key: { username: 1 }, unique: true, sparse: true },',
        replace: '{ key: { username: 1 }, sparse: true },',
      },
      {
        why: 'Of usernames that look alike one is had.',
        find: '{ key: { usernameSkeleton: 1 }, unique: true, sparse: true },',
        replace: '{ key: { usernameSkeleton: 1 }, sparse: true },',
      },
      {
        why: 'One account’s consent to one client is one row.',
        find: '{ key: { accountId: 1, clientId: 1 }, unique: true }',
        replace: '{ key: { accountId: 1, clientId: 1 } }',
        tests: ['test/contract/unique.test.ts'],
      },
      {
        why: 'What is past goes away.',
        find: '({ key: { [field]: 1 }, expireAfterSeconds: 0 })',
        replace: '({ key: { [field]: 1 } })',
        tests: ['test/contract/indexes.test.ts'],
      },
    ],
  ),
];
