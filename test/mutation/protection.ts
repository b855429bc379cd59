import { guarded } from './mutation.ts';

const guessBudget = 'test/flow/guess-budget.test.ts';
const budgets = 'test/unit/budgets.test.ts';
const strangerGuesses = 'test/contract/stranger-guesses.test.ts';
const provePassword = 'test/unit/prove-password.test.ts';
const strangerGuessesUnit = 'test/unit/stranger-guesses.test.ts';
const addressPace = 'test/unit/address-pace.test.ts';
const attackPace = 'test/flow/attack-pace.test.ts';
const addressLimits = 'test/flow/address-limits.test.ts';
const sendBudget = 'test/unit/send-budget.test.ts';
const sendBudgetContract = 'test/contract/send-budget.test.ts';
const addressBudget = 'test/unit/address-budget.test.ts';
const places = 'test/unit/places.test.ts';

export const protection = [
  ...guarded(
    [budgets],
    [
      { guard: 'hundred-failures-close' },
      { guard: 'waiting-try-not-counted' },
      { guard: 'each-guess-counted', replace: [' + 1', ''] },
      { guard: 'last-wait-holds', replace: ['Math.min(failures, rule.waits.length - 1)', 'failures'] },
      { guard: 'password-waits-from-fifth', replace: [', minute', ', 0, minute'] },
      { guard: 'factor-waits-from-tenth', replace: ['10', '11'] },
      { guard: 'challenge-five-tries', replace: ['5', '6'] },
      { guard: 'owner-told-third-wrong-answer', replace: ['3', '4'], tests: [guessBudget] },
    ],
  ),
  ...guarded(
    [strangerGuessesUnit],
    [
      { guard: 'day-judges-so-many', replace: ['= strangerRule.perDay', ' 1_000_000'] },
      { guard: 'day-is-three-networks', replace: ['300', '301'] },
      { guard: 'guess-day-24-hours', replace: [': day', ': 2 * day'], tests: [strangerGuesses] },
      { guard: 'network-failures-outlive-days', replace: ['30', '7'], tests: [strangerGuesses] },
      { guard: 'kept-networks-bounded', replace: ['90', '5_000'] },
      { guard: 'used-up-networks-kept', replace: [', usedUp', ''] },
      {
        guard: 'worst-networks-kept',
        replace: ['other.failures - one', 'one.failures - other'],
        tests: [strangerGuesses],
      },
      { guard: 'network-own-failures', replace: ['=== network', '!== ""'] },
      { guard: 'owner-told-ten-from-network', replace: ['10', '11'], tests: [strangerGuesses, provePassword] },
      { guard: 'owner-not-mailed-each-guess', replace: ['(at?.getTime() ?? 0) <= since', 'since > 0'] },
    ],
  ),
  ...guarded(
    [addressPace],
    [
      { guard: 'address-pace-per-minute', replace: ['counted.endsAt', 'undefined'] },
      { guard: 'paced-networks-bounded', replace: ['> mostNetworks', '< 0'] },
    ],
  ),
  ...guarded([addressLimits], [{ guard: 'paced-requests-not-stored', replace: ['(!until', '(until || !until'] }]),
  ...guarded(
    [attackPace],
    [{ guard: 'early-resume-paced' }, { guard: 'sign-out-question-paced', replace: [", '/session/end'", ''] }],
  ),
  ...guarded(
    [strangerGuessesUnit],
    [
      {
        guard: 'network-key-no-address',
        replace: [
          "mac(networkOf(address), 'password-network').split('.')",
          "[mac(networkOf(address), ''), networkOf(address)]",
        ],
      },
      { guard: 'tries-by-network', replace: ['networkOf(address)', "address ?? ''"] },
    ],
  ),
  ...guarded(
    [sendBudget],
    [
      { guard: 'recipient-every-window', replace: ['all', 'all + 100'] },
      { guard: 'stranger-smaller-share', replace: ['? strangers', '&& strangers > 100 ? strangers'] },
      { guard: 'window-counts-recent', replace: ['> since', '>= since'] },
      { guard: 'own-messages-spare-strangers', replace: [' && (!stranger || earlier.stranger)', ''] },
      { guard: 'foreign-wait-not-told', replace: ['.filter(({ by }) => by !== undefined && by === message.by)', ''] },
    ],
  ),
  ...guarded(
    [sendBudgetContract],
    [{ guard: 'finished-messages-alone-back', replace: [': finished', ''] }, { guard: 'finished-message-given-back' }],
  ),
  ...guarded(
    [sendBudgetContract],
    [
      {
        guard: 'finished-once-recorded',
        replace: [
          'signIns.filter((signIn) => finished.has(signInRecord(signIn)) || finished.has(signIn))',
          '[...signIns, ...finished]',
        ],
      },
    ],
  ),
  ...guarded(
    [sendBudget],
    [
      { guard: 'strangers-half-of-shared', replace: ['half(limit)', 'limit'] },
      { guard: 'network-quarter-of-strangers', replace: ['Math.ceil(half(total) / 4', 'half(total'] },
      { guard: 'sending-network-not-address', replace: ['shortenedAddress(address) ?? ', ''] },
    ],
  ),
  ...guarded(
    [sendBudgetContract],
    [
      { guard: 'refusal-keeps-recipient-budget' },
      { guard: 'refusal-keeps-shared-budget' },
      {
        guard: 'shared-end-not-told',
        replace: ['...(budget.own ? { retryAt: counted.endsAt } : {})', 'retryAt: counted.endsAt'],
      },
    ],
  ),
  ...guarded(
    [addressBudget],
    [
      { guard: 'failed-address-waits', replace: ['known || !everyTry', '!everyTry'] },
      { guard: 'taken-names-per-address', replace: ['limits.takenUsernamesPerHour', '0'] },
      {
        guard: 'registrations-count-first',
        replace: ['counted.within ? undefined : block(key, counted.endsAt)', 'undefined'],
      },
    ],
  ),
  ...guarded(
    [sendBudget],
    [
      { guard: 'ipv4-one-spelling', replace: ['process', 'parse'] },
      { guard: 'ipv6-client-64', replace: [' 4', ' 8'] },
      { guard: 'mail-ipv4-shortened', replace: ['slice(0, 3).', ''], tests: [places] },
      { guard: 'mail-ipv6-shortened', replace: [', 3)}', ', 8)}'], tests: [places] },
    ],
  ),
  ...guarded(
    [sendBudgetContract],
    [
      { guard: 'send-judged-in-write', replace: ['{ $and: recipientRule.map(room) }', 'true'] },
      { guard: 'strangers-counted-alone', replace: ["message.stranger ? ['$$this.stranger'] : ", ''] },
      {
        guard: 'finished-not-in-day',
        replace: ["unfinished ? [{ $ne: ['$$this.finished', true] }] : [", "[{ $ne: ['$$this.finished', true] }"],
      },
      { guard: 'finished-not-in-stored-day', replace: ["unfinished ? [{ $ne: ['$$this.finished', true] }] : ", ''] },
      { guard: 'message-given-back-once', replace: [' && !is', ''] },
      { guard: 'very-message-given-back', replace: [', stranger', ''] },
    ],
  ),
  ...guarded(
    [sendBudgetContract],
    [
      { guard: 'counter-stops-at-limit', replace: ["{ $lt: ['$count', limit] }", 'true'] },
      { guard: 'share-stops-at-limit', replace: ['{ $lt: [shared, share] }', 'true'] },
      { guard: 'share-begins-anew', replace: ["{ $cond: [fresh, '$$REMOVE', '$shared'] }", "'$shared'"] },
      { guard: 'given-back-to-own-share', replace: [', ...(shared ? { shared: -1 } : {})', ''] },
      { guard: 'given-back-to-own-time', replace: ['expiresAt: endsAt, ', ''] },
    ],
  ),
];
