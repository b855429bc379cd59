import { guarded } from './mutation.ts';

const attackGivenBack = 'test/flow/attack-given-back.test.ts';
const connection = 'test/contract/connection.test.ts';
const checkedRows = 'test/contract/checked-rows.test.ts';
const accounts = 'test/contract/accounts.test.ts';
const strangerGuesses = 'test/contract/stranger-guesses.test.ts';
const passwordTry = 'test/contract/password-try.test.ts';
const attempts = 'test/contract/attempts.test.ts';
const unique = 'test/contract/unique.test.ts';
const indexes = 'test/contract/indexes.test.ts';

export const storage = [
  ...guarded(
    [attackGivenBack, 'test/contract/attempt-events.test.ts'],
    [{ guard: 'lone-password-gives-nothing-back', replace: [", detail: { $ne: '1fa' }", ''] }],
  ),
  ...guarded(
    [connection],
    [
      { guard: 'connection-majority' },
      { guard: 'outage-told-at-once' },
      { guard: 'bulk-outage-recognized' },
      { guard: 'absent-stays-absent', replace: ['true', 'false'] },
      { guard: 'server-state-outage' },
      { guard: 'lost-connection-outage' },
    ],
  ),
  ...guarded(
    [connection],
    [
      { guard: 'filter-not-empty' },
      { guard: 'filter-values-present' },
      { guard: 'filter-values-present-deep', replace: ['value', '{}'] },
    ],
  ),
  ...guarded(
    [checkedRows],
    [
      { guard: 'driver-filter-exact', replace: ['exact(filter)', 'filter'], tests: [connection] },
      { guard: 'filter-fields-known' },
      { guard: 'update-fields-known' },
      { guard: 'new-row-fields-known' },
      { guard: 'unknown-field-no-row' },
      { guard: 'part-filter-fields-known' },
      { guard: 'part-fields-known' },
      {
        guard: 'inherited-name-no-field',
        replace: ['Object.hasOwn(part.paths, segment) ? part.paths[segment] : undefined', 'part.paths[segment]'],
      },
    ],
  ),
  ...guarded(
    [accounts],
    [
      { guard: 'stored-wait-not-counted', replace: ['$not: [waiting]', '$literal: true'] },
      { guard: 'stored-closed-not-counted', replace: ['rule.closedAt', '1_000_000'] },
      { guard: 'stored-guess-counted', replace: ['1', '0'] },
      { guard: 'stored-wait-begins', replace: [", lockedUntil: { $add: [now, '$$wait'] }", ''] },
    ],
  ),
  ...guarded(
    [strangerGuesses],
    [
      { guard: 'stored-network-own-budget', replace: ['filtered(remembered, isOf(network))', 'remembered'] },
      { guard: 'stored-full-day-not-counted', replace: ['perDay', '1_000_000'] },
      { guard: 'stored-day-counted', replace: ['1', '0'] },
      { guard: 'stored-stranger-bounds', replace: ['isJudged(strangerRule.network, now)', '{ $literal: true }'] },
      { guard: 'stored-other-networks-kept', replace: ['overnight, ', ''] },
      { guard: 'stored-overnight-bounded', replace: ['{ $slice: [worst, kept] }', 'worst'] },
      { guard: 'stored-used-up-networks-kept', replace: [', usedUp', ''] },
      { guard: 'stored-network-kept-in-time', replace: ['forgottenMilliseconds', 'dayMilliseconds'] },
      { guard: 'stored-warning-noted', replace: ["untold('network')", '{ $literal: false }'] },
      { guard: 'stored-day-warning-noted', replace: ["untold('day')", '{ $literal: false }'] },
    ],
  ),
  ...guarded(
    [strangerGuesses],
    [{ guard: 'old-stranger-count-reopened', replace: ['noStrangers', '{ failures: failures ?? 0, networks: [] }'] }],
  ),
  ...guarded(
    [accounts],
    [
      { guard: 'foreign-browser-stranger', replace: ['?.accounts.includes(account)', ''] },
      {
        guard: 'browser-id-no-path',
        replace: ['/^[A-Za-z0-9_-]{16,64}$/.test(known.id) ? known.id : undefined', 'known.id'],
      },
      { guard: 'hash-replaced-as-verified', replace: [', passwordHash: from', ''] },
      { guard: 'refill-active-account', replace: [', active: true', ''] },
      {
        guard: 'unknown-name-same-write',
        replace: ['await', 'if (filter._id.length > 2) await'],
        tests: [passwordTry],
      },
      { guard: 'unknown-name-keeps-slot', replace: ['.slice(0, 2)', ''], tests: [passwordTry] },
      { guard: 'every-try-majority', replace: [', countTry', ''], tests: [passwordTry] },
    ],
  ),
  ...guarded(
    ['test/contract/attempts-with-accounts.test.ts'],
    [{ guard: 'ended-attempt-not-joined', replace: [', expiresAt: { $gt: now }', ''] }],
  ),
  ...guarded(
    [attempts],
    [
      { guard: 'ended-attempt-not-found', replace: [', expiresAt: { $gt: now }', ''] },
      { guard: 'advance-once-per-revision', replace: ['revision: attempt.revision, ', ''] },
      { guard: 'ended-attempt-not-changed', replace: [', expiresAt: { $gt: now }', ''] },
      { guard: 'no-try-passed-step', replace: ['revision: attempt.revision, ', ''] },
      { guard: 'no-try-ended-attempt', replace: [', expiresAt: { $gt: now }', ''] },
      { guard: 'no-sixth-try', replace: [' || tries >= triesPerChallenge', ''] },
      { guard: 'one-try-per-page', replace: [' ...running ', ''] },
      { guard: 'challenge-written-keeps-tries', replace: ["'challenge.tries': challenge.tries", ''] },
      { guard: 'one-mailed-try-per-page', replace: ["'deliveredCode.tries': deliveredCode?.tries, ", ''] },
      { guard: 'no-try-ended-code', replace: [", 'deliveredCode.expiresAt': { $gt: now }", ''] },
      { guard: 'one-shared-try-per-page', replace: ['...running, ', ''] },
      {
        guard: 'try-of-answered-code',
        replace: [" 'deliveredCode.hash': deliveredCode?.hash, 'deliveredCode.tries': { $lt: triesPerChallenge } ", ''],
      },
      { guard: 'ended-code-not-taken', replace: [", 'deliveredCode.expiresAt': { $gt: now }", ''] },
      { guard: 'taken-code-own-binding', replace: [' binding', ' { $exists: true }'] },
      {
        guard: 'spent-code-not-taken',
        replace: [" 'deliveredCode.tries': { $lt: triesPerChallenge }, expiresAt: { $gt: now } ", ''],
      },
      {
        guard: 'taken-code-over-there',
        replace: [" 'deliveredCode.expiresAt': now }, $unset: { 'deliveredCode.binding': 1 ", ''],
      },
      { guard: 'taken-code-moves-revision', replace: [', $inc: { revision: 1 }', ''] },
      { guard: 'newest-code-taken', replace: ['-', ''] },
      { guard: 'code-written-back-keeps-tries', replace: [', ...unspentSince(attempt, change)', ''] },
      { guard: 'client-forgotten-after-day', replace: [', removeAt: { $gt: now }', ''] },
      { guard: 'advance-keeps-identity', replace: ['(foreign', '(foreign && entries.length > 99'] },
      { guard: 'advance-new-revision', replace: ['1', '0'] },
    ],
  ),
  ...guarded(
    ['test/contract/factor-data.test.ts'],
    [
      { guard: 'factor-data-moved', replace: ['$exists: false', '$exists: true'] },
      { guard: 'factor-data-of-today-stays', replace: ['$eq', '$gte'] },
      { guard: 'wrong-answers-counted-on', replace: ['$exists: false', '$exists: true'] },
      { guard: 'pending-data-moved', replace: ['$exists: false', '$exists: true'] },
    ],
  ),
  ...guarded(
    [accounts],
    [
      { guard: 'email-unique', replace: [', unique: true', ''] },
      { guard: 'username-unique', replace: ['unique: true, ', ''] },
      { guard: 'username-skeleton-unique', replace: ['unique: true, ', ''] },
      { guard: 'consent-unique', replace: [', unique: true', ''], tests: [unique] },
      { guard: 'past-rows-expire', replace: [', expireAfterSeconds: 0', ''], tests: [indexes] },
    ],
  ),
];
