import { guarded } from './mutation.ts';

const deliveredCodeSpends = 'test/contract/delivered-code-spends.test.ts';
const secondFactor = 'test/contract/second-factor.test.ts';
const stepGuesses = 'test/contract/step-guesses.test.ts';
const waysRoundRaces = 'test/flow/ways-round-races.test.ts';
const endings = 'test/contract/endings.test.ts';
const sessions = 'test/contract/sessions.test.ts';
const redemption = 'test/unit/redemption.test.ts';
const librarySessions = 'test/contract/library-sessions.test.ts';
const protection = 'test/contract/protection.test.ts';
const verifications = 'test/contract/verifications.test.ts';
const recoverySets = 'test/contract/recovery-sets.test.ts';
const putOffs = 'test/contract/put-offs.test.ts';

export const storageSpending = [
  ...guarded(
    [stepGuesses],
    [
      { guard: 'totp-step-active-account', replace: [', active: true', ''] },
      { guard: 'no-account-no-step-guess', replace: ["'closed' }", "'taken', failures: 0 }"] },
      { guard: 'step-spent-within-budget', replace: ["taken.state === 'taken' && ", ''] },
      { guard: 'before-row-own-factor', replace: ['factor.id !== factorId || ', ''] },
      { guard: 'before-row-own-kind', replace: ["factor.kind !== 'totp'", 'factor.kind === undefined'] },
      { guard: 'before-row-step-greater', replace: ['lastStep < step', 'lastStep !== step + 1'] },
      {
        guard: 'before-row-step-not-refused',
        replace: [' && !refusedSteps?.includes(step)', ' && refusedSteps !== null'],
      },
      { guard: 'step-guess-within-budget', replace: ['$cond: [judged, {', '$cond: [true, {'] },
      { guard: 'step-guess-refilled-by-spend', replace: ['[unspent, refilled,', '[unspent, counted,'] },
      { guard: 'step-guess-counted', replace: [', counted] }', ", '$guesses'] }"] },
      { guard: 'step-guess-keeps-others', replace: ["'$guesses', ", ''] },
      { guard: 'over-budget-step-stays', replace: ['judged', 'true'] },
      { guard: 'totp-step-own-factor', replace: ['$eq: ', '$ne: '] },
      { guard: 'totp-step-own-kind' },
      { guard: 'totp-step-after-known' },
      { guard: 'totp-step-greater' },
      { guard: 'totp-refused-step-stays' },
      { guard: 'totp-spent-step-kept', replace: ['{ lastStep: step }', '{}'] },
      { guard: 'spent-step-keeps-secret', replace: ["'$$one.data', ", ''] },
    ],
  ),
  ...guarded(
    [secondFactor],
    [
      {
        guard: 'delivered-spent-before-end',
        replace: [", 'deliveredCode.expiresAt': { $gt: now }", ''],
        tests: [deliveredCodeSpends],
      },
      { guard: 'delivered-spent-newest', replace: ["'deliveredCode.hash': hash, ", ''], tests: [deliveredCodeSpends] },
      {
        guard: 'delivered-spent-once',
        replace: ['$unset: { deliveredCode: 1', '$set: { stay: false'],
        tests: [deliveredCodeSpends],
      },
      { guard: 'delivered-use-active-account', replace: ['active: true, ', ''], tests: [deliveredCodeSpends] },
      {
        guard: 'delivered-use-current-destination',
        replace: [", 'data.destination': destination", ''],
        tests: [deliveredCodeSpends],
      },
      { guard: 'first-factor-only-first', replace: [', factors: { $size: 0 }', ''] },
      { guard: 'first-factor-active-account', replace: ['active: true, ', ''] },
      { guard: 'first-factor-as-proved', replace: ['sessionVersion, ', ''], tests: [secondFactor, waysRoundRaces] },
      { guard: 'guess-active-account', replace: [', active: true', ''] },
      { guard: 'guess-given-back-own', replace: [", 'guesses.secondFactor.failures': taken.failures", ''] },
      { guard: 'no-account-no-guess', replace: ["closed' };", "taken', failures: 0 };"] },
    ],
  ),
  ...guarded(
    [sessions],
    [
      { guard: 'record-ends' },
      { guard: 'record-idle-ends', replace: ['$gt', '$ne'] },
      { guard: 'ended-session-own-account', replace: [', accountId', ''] },
      { guard: 'ending-session-own-account', replace: [', accountId', ''] },
      { guard: 'ended-before-its-grants', tests: [endings] },
      { guard: 'ending-record-worthless', replace: [', endedAt: { $exists: false }', ''], tests: [endings] },
      {
        guard: 'changing-session-carried',
        replace: ['sessionVersion - 1', '{ $lt: sessionVersion }'],
        tests: [endings],
      },
      { guard: 'older-records-gone', tests: [endings] },
      { guard: 'read-record-ends', tests: [redemption] },
      { guard: 'read-record-idles', replace: ['idleSeconds === undefined ||', 'true ||'], tests: [redemption] },
      { guard: 'session-id-unique', tests: [librarySessions] },
      { guard: 'last-seen-never-back', replace: ['$max', '$set'] },
    ],
  ),
  ...guarded(
    [sessions],
    [
      {
        guard: 'parallel-consents-kept',
        replace: ['$addToSet: { scopes: { $each: [...scopes] }', '$set: { scopes: [...scopes]'],
      },
    ],
  ),
  ...guarded([protection], [{ guard: 'event-fields-known', replace: ['}', '  code: String,\n}'] }]),
  ...guarded(
    [endings],
    [
      { guard: 'change-ends-sent-codes', replace: ["$set: { 'deliveredCode.expiresAt': now }, ", ''] },
      { guard: 'running-code-ended', replace: [", 'deliveredCode.expiresAt': { $gt: now }", ''] },
      { guard: 'ended-code-revision-moves', replace: [', $inc: { revision: 1 }', ''] },
    ],
  ),
  ...guarded(
    [verifications],
    [
      { guard: 'verification-found-until-end', replace: [', expiresAt: { $gt: now }', ''] },
      { guard: 'verification-open-until-end', replace: [', expiresAt: { $gt: now }', ''] },
      {
        guard: 'verification-replaced-as-seen',
        replace: ['replaceable', '[...replaceable, { expiresAt: { $gt: now } }]'],
      },
      { guard: 'verification-spent-once', replace: ['==', '<'] },
    ],
  ),
  ...guarded([endings], [{ guard: 'grants-end-with-account' }]),
  ...guarded(
    [recoverySets],
    [
      { guard: 'recovery-code-spent-once' },
      { guard: 'recovery-code-still-left', replace: [", 'recovery.hashes': hash", ''] },
      { guard: 'recovery-code-active-account', replace: ['active: true, ', ''] },
      { guard: 'first-set-only-first', replace: [' recovery: { $exists: false } ', ''] },
      { guard: 'set-kept-as-proved', replace: ['active: true, sessionVersion, ', ''] },
    ],
  ),
  ...guarded(
    [putOffs],
    [
      {
        guard: 'put-off-counted-once',
        replace: [' enrolmentSkips: { $exists: false } } : { enrolmentSkips: before ', '} : {'],
      },
      { guard: 'put-off-active-factorless', replace: ['active: true, factors: { $size: 0 }, ', ''] },
      { guard: 'put-off-once-per-sign-in', replace: ['putOffIn: { $ne: attemptId }, ', ''] },
    ],
  ),
];
