import { guarded } from './mutation.ts';

const timing = 'test/flow/timing.test.ts';
const password = 'test/unit/password.test.ts';
const provePassword = 'test/unit/prove-password.test.ts';
const hashQueue = 'test/unit/hash-queue.test.ts';
const identifier = 'test/unit/identifier.test.ts';
const stillProved = 'test/unit/still-proved.test.ts';
const passwordRules = 'test/unit/password-rules.test.ts';
const passwordFlow = 'test/flow/password.test.ts';
const accountsContract = 'test/contract/accounts.test.ts';

export const accounts = [
  ...guarded(
    [stillProved],
    [
      { guard: 'proved-while-active', replace: ['?.active', ''] },
      { guard: 'proved-own-account' },
      { guard: 'proved-under-version', replace: [' === proved.sessionVersion', ' >= 0'] },
    ],
  ),
  ...guarded(
    [password],
    [
      {
        guard: 'unknown-hash-same-cost',
        replace: [
          'await turn(() => argon2.verify(judged ?? decoy, comparable(password',
          'judged !== undefined && (await turn(() => argon2.verify(judged, comparable(password)',
        ],
        tests: [timing],
      },
      { guard: 'absurd-hash-not-judged', replace: ['&& readParameters(hash) !== undefined ', ''] },
      { guard: 'malformed-text-no-password', replace: [' && password.isWellFormed()', ''] },
      { guard: 'argon2-owasp-cost', replace: [' 2', ' 1'] },
      { guard: 'older-hash-renewed', replace: [' made.passes !== parameters.passes ||', ''] },
      {
        guard: 'guess-after-queue-place',
        replace: [
          'queue.admit(async (turn) => {\n        const hash = await stored();',
          'stored().then((hash) => queue.admit(async (turn) => {',
        ],
        also: { guard: 'guess-after-queue-place-too', replace: [')', '))'] },
        tests: [password, provePassword],
      },
    ],
  ),
  ...guarded(
    [hashQueue],
    [
      { guard: 'full-queue-told-at-once', replace: ['queue', 'queue + 1_000'] },
      { guard: 'hash-concurrency-bounded', replace: ['concurrency', 'concurrency + 1'] },
      { guard: 'hash-turn-in-order', replace: ['next();', '{ setImmediate(next); running -= 1; }'] },
    ],
  ),
  ...guarded(
    [identifier],
    [
      { guard: 'look-alikes-one-identifier', replace: ["normalize('NFKC').", ''] },
      { guard: 'case-one-identifier', replace: ['.toLowerCase()', ''] },
      { guard: 'unseen-signs-no-identifier', replace: ['withoutIgnorable(plain)', 'plain'] },
      {
        guard: 'usernames-by-skeleton',
        replace: ["unhomoglyph(unhomoglyph(username.normalize('NFD')", "(username.normalize('NFD'"],
      },
      { guard: 'address-one-at', replace: [' || more.length > 0', ''] },
      { guard: 'local-part-dot-atom', replace: [' || !localPartShape.test(localPart)', ''] },
      { guard: 'domain-judged-before-ascii' },
      {
        guard: 'no-ip-domain',
        replace: ['domainShape.test(domain) ? domain : undefined', "domain === '' ? undefined : domain"],
      },
      { guard: 'username-no-address', replace: ['&& usernameShape.test(username) ', ''] },
      { guard: 'mailbox-tags-one-recipient', replace: [".replace(/(?<=.)\\+.*$/, '')", ''] },
      { guard: 'gmail-dots-one-recipient', replace: [".replaceAll('.', '')", ''] },
      { guard: 'masked-address-one-letter', replace: ['1', '2'] },
    ],
  ),
  ...guarded(
    [passwordRules],
    [
      { guard: 'password-minimum' },
      { guard: 'password-maximum' },
      { guard: 'common-password-refused' },
      { guard: 'patterned-password-refused' },
      {
        guard: 'own-word-with-digits-refused',
        replace: ['map(lettersOf).filter(isWord).includes(lettersOf(folded))', 'length < 0'],
      },
      { guard: 'common-password-any-case', replace: ['.toLowerCase()', ''] },
      { guard: 'own-words-refused', replace: ['localPart, ', ''] },
    ],
  ),
  ...guarded([passwordFlow], [{ guard: 'new-password-beside-address', replace: ['email ?? ', ''] }]),
  ...guarded(
    [accountsContract],
    [
      {
        guard: 'password-refills-password-alone',
        replace: ["'guesses.password': noStrangers, 'guesses.browsers': {}", 'guesses: noGuesses'],
      },
    ],
  ),
];
