import { guarded } from './mutation.ts';

const attackUntold = 'test/flow/attack-untold.test.ts';
const timing = 'test/flow/timing.test.ts';
const enumeration = 'test/flow/enumeration.test.ts';
const provePassword = 'test/unit/prove-password.test.ts';
const proveFactor = 'test/unit/prove-factor.test.ts';
const takenFirst = 'test/unit/taken-first.test.ts';
const guessBudget = 'test/flow/guess-budget.test.ts';
const events = 'test/flow/events.test.ts';
const enrolmentGuesses = 'test/flow/enrolment-guesses.test.ts';
const confirmMail = 'test/unit/confirm-mail.test.ts';
const attempts = 'test/contract/attempts.test.ts';
const register = 'test/unit/register.test.ts';
const totpEnrolment = 'test/unit/totp-enrolment.test.ts';
const unsavedCodes = 'test/flow/unsaved-codes.test.ts';
const codesLevel = 'test/flow/codes-level.test.ts';
const recoveryCodes = 'test/flow/recovery-codes.test.ts';
const recovery = 'test/unit/recovery.test.ts';

export const proving = [
  ...guarded([proveFactor], [{ guard: 'busy-costs-no-guess' }]),
  ...guarded(
    [attackUntold],
    [
      {
        guard: 'wrong-answer-told-though-moved',
        replace: [
          'latest?.proofs.some(({ factorId }) => factorId !== undefined)',
          'latest?.revision !== step.attempt.revision',
        ],
      },
      { guard: 'wrong-answer-charged-though-moved', replace: [', failed: true', ''] },
    ],
  ),
  ...guarded(
    [provePassword],
    [
      { guard: 'waiting-password-not-judged', replace: ["guess.state === 'taken' && found.", ''] },
      { guard: 'disabled-password-not-judged', replace: ['&& found.account.active ', ''] },
      { guard: 'wrong-password-refused', replace: [' || !right', ''] },
      { guard: 'odd-name-same-cost', replace: ['nobody', "''"], tests: [timing, enumeration] },
      { guard: 'password-clears-earlier-proofs', replace: ['blank, ...', ''] },
      { guard: 'attempt-keeps-version', replace: ['account.sessionVersion', '0'] },
      { guard: 'full-queue-keeps-sign-in', replace: ['.catch(busy)', ''] },
    ],
  ),
  ...guarded(
    [provePassword],
    [
      {
        guard: 'wrong-password-mail-own-words',
        replace: [': address === undefined ? {} : { address }', ''],
        also: { guard: 'wrong-password-mail-own-words-too', replace: [': { address }', ''] },
      },
      { guard: 'wrong-password-mail-unawaited', replace: ['void', 'await'] },
      { guard: 'full-day-event', replace: ["...(found.dayFull ? ['password_day'] : [])", ''] },
    ],
  ),
  ...guarded(
    [proveFactor],
    [
      {
        guard: 'factor-guess-before-judging',
        replace: ['= factor.guessable', '= !factor.guessable'],
        tests: [takenFirst],
      },
      { guard: 'no-guess-no-judging', tests: [takenFirst] },
      { guard: 'try-before-guess-at-once', replace: ['await takeTry', 'undefined && await takeTry'] },
      {
        guard: 'over-budget-told-alike',
        replace: ['lockOutcome(account, now, guessed.taken)', 'undefined as Outcome | undefined'],
        tests: ['test/flow/app-guess.test.ts'],
      },
      { guard: 'try-before-judging', tests: [proveFactor, confirmMail, enrolmentGuesses] },
      {
        guard: 'challenges-share-budget',
        replace: [' = await deps.guesses.take(account.id, now)', ": Taken = { state: 'taken', failures: 0 }"],
        tests: [takenFirst, enrolmentGuesses],
      },
      { guard: 'shape-takes-no-guess', replace: ['success', 'success && step.account === undefined'] },
    ],
  ),
  ...guarded(
    ['test/flow/extra-factor.test.ts'],
    [
      { guard: 'tries-go-on', replace: ['{ tries, ', '{ tries: 0, '] },
      { guard: 'challenge-of-own-factor', replace: ['kind === offer.kind && factorId === offer.id', 'true'] },
      { guard: 'pending-takes-no-guess' },
    ],
  ),
  ...guarded(
    [guessBudget, events],
    [{ guard: 'owner-told-password-known', replace: ['failuresToTell', '1_000'] }, { guard: 'wrong-answer-recorded' }],
  ),
  ...guarded(
    [confirmMail],
    [
      { guard: 'known-address-no-code-right', replace: [' && !registrationOf(step.attempt)?.known', ''] },
      { guard: 'wished-name-within-limit', tests: ['test/flow/wished-names.test.ts'] },
      { guard: 'taken-wish-charged', tests: ['test/flow/wished-names.test.ts'] },
      { guard: 'mailbox-code-costs-no-guess', tests: [enrolmentGuesses] },
    ],
  ),
  ...guarded(
    [confirmMail, enrolmentGuesses],
    [
      {
        guard: 'mailbox-code-ends',
        replace: ['code.expiresAt <= now ? codeRejected(field, left) : undefined', 'undefined'],
        tests: [confirmMail, attempts],
      },
    ],
  ),
  ...guarded(
    [register],
    [
      { guard: 'known-address-same-hash', replace: ['await', "known ? '' : await"] },
      { guard: 'username-after-mailbox', replace: ['?.confirmed', ''] },
      { guard: 'registration-names-counted' },
      {
        guard: 'username-one-write',
        replace: [
          'attempt ? createAccount({ ...step, attempt }, registration) : moved',
          'createAccount(attempt ? { ...step, attempt } : step, registration)',
        ],
      },
      { guard: 'twenty-usernames', replace: ['20', '21'] },
      { guard: 'existing-account-not-taken' },
      {
        guard: 'changed-registration-no-proof',
        replace: ['stillProved(await deps.accounts.find(fresh.id), asMade)', 'await deps.accounts.find(fresh.id)'],
      },
    ],
  ),
  ...guarded(
    [proveFactor],
    [
      { guard: 'enrolment-ends', secondGuardOf: 'totp-enrolment-ends', tests: [proveFactor, totpEnrolment] },
      {
        guard: 'factor-counts-once-proved',
        replace: [
          "'\n      ? bound(step, account, { verdict, ...guess })",
          "' || account\n      ? bound(step, account, { verdict: verdict as Accepted, ...guess })",
        ],
      },
      { guard: 'enrolment-guesses-share-budget', replace: ['account', 'undefined'], tests: [enrolmentGuesses] },
      {
        guard: 'ended-enrolment-guess-charged',
        replace: ["code ? { outcome: 'moved', failed: true } : moved", 'moved'],
        tests: ['test/flow/enrolment-ended.test.ts'],
      },
      { guard: 'spent-code-not-wrong', replace: [' || isSpent', ''], tests: ['test/unit/mailed-factor.test.ts'] },
      { guard: 'further-enrolment-costs-no-guess', tests: [enrolmentGuesses] },
      { guard: 'owner-told-new-factor', replace: ['await', "if (account.id === '') await"] },
    ],
  ),
  ...guarded(
    [recovery],
    [
      {
        guard: 'codes-go-on-same-account',
        replace: [' && stillProved(found, asItLeftIt) !== undefined', ''],
      },
      { guard: 'kept-set-not-rehashed', lines: 2 },
      { guard: 'replacement-set-same-account', replace: ['stillProved(found, attempt)', 'found'] },
      { guard: 'set-saved-as-shown', tests: [unsavedCodes] },
      { guard: 'unsaved-codes-shown-again', replace: [' account', ' !account'], tests: [unsavedCodes] },
      { guard: 'codes-made-by-strongest', replace: ['&& meets(reached, needed) ', ''], tests: [codesLevel] },
      { guard: 'codes-kept-while-strongest', replace: ['undefined)', "'phr')"], tests: [codesLevel] },
      {
        guard: 'weaker-code-no-new-set',
        replace: [' || !mayMakeCodes(step)', ''],
        secondGuardOf: 'codes-kept-while-strongest',
        tests: [codesLevel],
      },
      { guard: 'owner-told-later-codes', replace: ['mailbox', 'password'], tests: [unsavedCodes] },
      { guard: 'unsaved-codes-none', tests: [recoveryCodes] },
    ],
  ),
];
