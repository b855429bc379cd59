import { linesOf } from './mutation.ts';

const attempts = 'test/contract/attempts.test.ts';
const change = 'test/unit/account-change.test.ts';
const flow = 'test/flow/account-add.test.ts';
const guarded = 'test/flow/account-add-guarded.test.ts';
const further = 'test/contract/further-factors.test.ts';
const next = 'test/unit/next.test.ts';
const proofs = 'test/flow/account-change-proof.test.ts';

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
        find: "'browserMark', 'purpose', 'removeAt'",
        replace: "'browserMark', 'removeAt'",
      },
      {
        why: 'No advance moves an attempt to another browser.',
        find: "'asked', 'browserMark', ",
        replace: "'asked', ",
      },
    ],
  ),
  ...linesOf(
    'src/storage/second-factor.ts',
    [further],
    [
      {
        why: 'A further factor is added to an active account alone.',
        find: '_id: accountId,\n          active: true,\n',
        replace: '_id: accountId,\n',
      },
      {
        why: 'A further factor is added to the account as it was read.',
        find: '          sessionVersion,\n          factors: {',
        replace: '          factors: {',
      },
      {
        why: 'No factor is there twice.',
        find: '          factors: { $not: { $elemMatch: { $or: twins } } },\n',
        replace: '',
      },
      {
        why: 'Two factors of one kind never have one destination.',
        find: '...(destination === undefined ? [] : [{ kind, destination }])',
        replace: '...(destination === undefined ? [] : [{ id, kind }])',
      },
      {
        why: 'A further factor is added only beside another one.',
        find: "          'factors.0': { $exists: true },\n",
        replace: '',
      },
      {
        why: 'No account holds more than ten factors.',
        find: 'mostFactors - 1}`]: { $exists: false }',
        replace: 'mostFactors + 90}`]: { $exists: false }',
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
        why: 'A factor that was added waits for nothing more.',
        find: ' || account.factors.some(({ id }) => id === enrolment.factorId)',
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
        why: 'The change of one session is out of reach for every other.',
        find: 'return hashId(`account-change:$',
        replace: 'return hashId(String(typeof id) || `account-change:$',
      },
      {
        why: 'A change of an account that changed otherwise since is over.',
        find: 'attempt.accountId === account.id && attempt.sessionVersion === account.sessionVersion;',
        replace: 'attempt.accountId === account.id;',
      },
      {
        why: 'An account change that has ended is over.',
        find: 'return step && !attempt.finishedAt && ',
        replace: 'return step && ',
        secondGuardOf: 'An account change that has ended holds nothing.',
      },
    ],
  ),
  ...linesOf(
    'src/factors/first-factor.ts',
    ['test/unit/totp-enrolment.test.ts'],
    [
      {
        why: 'A sign-in adds no factor beside another one.',
        find: "flow.purpose === 'change' && account",
        replace: 'account',
      },
    ],
  ),
  ...linesOf(
    'src/routes/visit.ts',
    [guarded],
    [
      {
        why: 'No interaction has an account change.',
        find: ' || attempt.purpose)',
        replace: ')',
      },
    ],
  ),
  ...linesOf(
    'src/routes/account/add-forms.ts',
    [guarded],
    [
      {
        why: 'Nothing is added without a fresh proof.',
        find: "/begin`,\n    proof: { change: 'add_way' },",
        replace: "/begin`,\n    proof: 'session',",
      },
      {
        why: 'Nothing is added, and nothing sent, once the proof that began it is too old.',
        find: "proof: given.harmless ? 'session' : proof,",
        replace: "proof: given.harmless ? proof : 'session',",
        tests: [proofs],
      },
      {
        why: 'First recovery codes are saved while password and new factor are fresh.',
        find: '/save`, proof, fields',
        replace: "/save`, proof: path === '' ? proof : 'session', fields",
        tests: [proofs],
      },
      {
        why: 'A form of an account change is judged in its own stages only.',
        find: '  if (!stages.includes(next(step))) return to;\n',
        replace: '',
        tests: [flow],
      },
      {
        why: 'Wrong codes of an account change are counted at their address.',
        find: "const post = limited ? ({ limit: 'factor' } as const) : {};",
        replace: 'const post = limited ? {} : {};',
      },
      {
        why: 'Recovery codes that were begun otherwise need a proof of their own.',
        find: '?? proofs.findLast(({ factorId }) => factorId !== undefined)?.kind;',
        replace: "?? (proofs.length === 0 ? 'totp' : proofs.at(-1)?.kind);",
      },
    ],
  ),
  ...linesOf(
    'src/routes/account/add.ts',
    [proofs],
    [
      {
        why: 'Recovery codes show only while what was proved is fresh.',
        find: "return step && next(step) === 'recovery-codes' ? provedAgain(adding, visit) : 'session';",
        replace: "return step && next(step) === 'over' ? provedAgain(adding, visit) : 'session';",
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/enrol.ts',
    ['test/flow/account-attacks.test.ts'],
    [
      {
        why: 'A destination that is given twice at once is sent its code.',
        find: '    if (destination === pending.destination) return moved;\n',
        replace: '',
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/account-change.ts',
    ['test/flow/account-attacks.test.ts'],
    [
      {
        why: 'A double click begins a change once.',
        find: '!attempt || isPressedTwice(attempt, begun, deps.now())',
        replace: '!attempt || (isPressedTwice(attempt, begun, deps.now()) && attempt.revision < 0)',
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
