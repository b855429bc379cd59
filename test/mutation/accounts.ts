import { linesOf } from './mutation.ts';

const password = 'test/unit/password.test.ts';
const identifier = 'test/unit/identifier.test.ts';

export const accounts = [
  ...linesOf(
    'src/accounts/password.ts',
    [password],
    [
      {
        why: 'A missing or unreadable hash costs what a wrong password costs.',
        find: 'await turn(() => argon2.verify(judged ?? decoy, comparable(password)))',
        replace: 'judged !== undefined && (await turn(() => argon2.verify(judged, comparable(password))))',
        tests: ['test/flow/timing.test.ts'],
      },
      {
        why: 'A hash of other shape or absurd cost is never judged.',
        find: 'hash !== undefined && readParameters(hash) !== undefined ? hash',
        replace: 'hash !== undefined ? hash',
      },
      {
        why: 'Text that is not well formed is no password.',
        find: "return password !== '' && password.isWellFormed();",
        replace: "return password !== '';",
      },
      {
        why: 'Today’s cost is OWASP’s.',
        find: 'memoryKib: 19_456, passes: 2',
        replace: 'memoryKib: 19_456, passes: 1',
      },
      {
        why: 'A hash that was made with other parameters is renewed.',
        find: 'made?.memoryKib !== parameters.memoryKib || made.passes !== parameters.passes ||',
        replace: 'made?.memoryKib !== parameters.memoryKib ||',
      },
      {
        why: 'A guess is taken only once there is a place to judge it in.',
        find: 'queue.admit(async (turn) => {\n        const hash = await stored();',
        replace: 'stored().then((hash) => queue.admit(async (turn) => {',
        also: {
          find: 'judged !== undefined && matched;\n      })',
          replace: 'judged !== undefined && matched;\n      }))',
        },
        tests: ['test/unit/password.test.ts', 'test/unit/prove-password.test.ts'],
      },
    ],
  ),
  ...linesOf(
    'src/accounts/hash-queue.ts',
    ['test/unit/hash-queue.test.ts'],
    [
      {
        why: 'A full queue of hashes is told at once.',
        find: 'if (admitted >= bounds.concurrency + bounds.queue) {',
        replace: 'if (admitted >= bounds.concurrency + bounds.queue + 1_000) {',
      },
      {
        why: 'No more hashes run at a time than were allowed.',
        find: 'if (running < bounds.concurrency) running += 1;',
        replace: 'if (running < bounds.concurrency + 1) running += 1;',
      },
      {
        why: 'A turn goes straight to the next in line.',
        find: '    if (next) next();\n    else running -= 1;\n',
        replace: '    if (next) setImmediate(next);\n    running -= 1;\n',
      },
    ],
  ),
  ...linesOf(
    'src/accounts/identifier.ts',
    [identifier],
    [
      {
        why: 'Signs that look alike are one identifier.',
        find: "withoutIgnorable(typed).normalize('NFKC').toLowerCase()",
        replace: 'withoutIgnorable(typed).toLowerCase()',
      },
      {
        why: 'Capitals are one identifier with small letters.',
        find: "withoutIgnorable(typed).normalize('NFKC').toLowerCase()",
        replace: "withoutIgnorable(typed).normalize('NFKC')",
      },
      {
        why: 'What is unseen makes no other identifier.',
        find: '  return withoutIgnorable(plain)\n',
        replace: '  return plain\n',
      },
      {
        why: 'Names are compared by what they look like.',
        find: "unhomoglyph(unhomoglyph(username.normalize('NFD'))",
        replace: "(username.normalize('NFD')",
      },
      {
        why: 'An address has exactly one @.',
        find: 'typedDomain === undefined || more.length > 0)',
        replace: 'typedDomain === undefined)',
      },
      {
        why: 'A local part is a plain dot-atom.',
        find: 'localPart.length > longestLocalPart || !localPartShape.test(localPart)',
        replace: 'localPart.length > longestLocalPart',
      },
      {
        why: 'What may stand in a domain is judged before it is made ASCII.',
        find: '  if (!typedDomainShape.test(typed)) return undefined;\n',
        replace: '',
      },
      {
        why: 'No IP address is a domain.',
        find: 'return domainShape.test(domain) ? domain : undefined;',
        replace: "return domain === '' ? undefined : domain;",
      },
      {
        why: 'No username looks like an address.',
        find: '&& usernameShape.test(username) ? username : undefined;',
        replace: '? username : undefined;',
      },
      {
        why: 'Tags of one mailbox share its send budget.',
        find: "localPart.replace(/(?<=.)\\+.*$/, '')",
        replace: 'localPart',
      },
      {
        why: 'Gmail’s dots are one mailbox.',
        find: "mailbox.replaceAll('.', '')",
        replace: 'mailbox',
      },
      {
        why: 'A masked address tells one letter and its domain.',
        find: 'localPart.slice(0, 1)',
        replace: 'localPart.slice(0, 2)',
      },
    ],
  ),
  ...linesOf(
    'src/accounts/password-rules.ts',
    ['test/unit/password-rules.test.ts'],
    [
      {
        why: 'A password is not short.',
        find: "  if (length < minimum) return { code: 'password_short', params: { min: minimum } };\n",
        replace: '',
      },
      {
        why: 'A password has an upper end, and so has the cost of its hash.',
        find: "  if (length > longestTyped) return { code: 'password_long', params: { max: longestTyped } };\n",
        replace: '',
      },
      {
        why: 'A widely known password is refused.',
        find: "  if (isCommonPassword(folded) || isCommonPassword(unit)) return { code: 'password_common' };\n",
        replace: '',
      },
      {
        why: 'What repeats itself or only runs along keys is no password.',
        find: "  if ([...unit].length < shortestUnit || isRuns(unit)) return { code: 'password_regular' };\n",
        replace: '',
      },
      {
        why: 'An own word with digits around it is no password.',
        find: '|| words.map(lettersOf).filter(isWord).includes(lettersOf(folded))',
        replace: '|| words.length < 0',
      },
      {
        why: 'A widely known password is refused in capitals too.',
        find: "return text.normalize('NFKC').toLowerCase();",
        replace: "return text.normalize('NFKC');",
      },
      {
        why: 'The own address, its local part, name and product are no passwords.',
        find: "[email, localPart, username ?? '', productName]",
        replace: "[email, username ?? '', productName]",
      },
    ],
  ),
  ...linesOf(
    'src/accounts/registration.ts',
    ['test/flow/password.test.ts'],
    [
      {
        why: 'A new password is compared with the address that it comes with.',
        find: "    email: email ?? '',\n",
        replace: "    email: '',\n",
      },
    ],
  ),
  ...linesOf(
    'src/storage/accounts.ts',
    ['test/contract/accounts.test.ts'],
    [
      {
        why: 'A password alone gives no guesses at a second factor back.',
        find: "{ 'guesses.password': noStrangers, 'guesses.browsers': {} }",
        replace: '{ guesses: noGuesses }',
      },
    ],
  ),
];
