import { guarded } from './mutation.ts';

const attempts = 'test/contract/attempts.test.ts';
const furtherFactors = 'test/contract/further-factors.test.ts';
const next = 'test/unit/next.test.ts';
const accountChange = 'test/unit/account-change.test.ts';
const totpEnrolment = 'test/unit/totp-enrolment.test.ts';
const accountAddGuarded = 'test/flow/account-add-guarded.test.ts';
const accountChangeProof = 'test/flow/account-change-proof.test.ts';
const accountKeyShown = 'test/flow/account-key-shown.test.ts';
const accountAdd = 'test/flow/account-add.test.ts';
const accountAttacks = 'test/flow/account-attacks.test.ts';

export const adding = [
  ...guarded(
    [attempts],
    [
      { guard: 'running-change-not-replaced', replace: [', expiresAt: { $lte: now }', ''] },
      { guard: 'advance-keeps-purpose', replace: ["purpose', '", ''] },
      { guard: 'advance-keeps-browser', replace: ["'browserMark', ", ''] },
    ],
  ),
  ...guarded(
    [furtherFactors],
    [
      { guard: 'further-factor-active-account' },
      { guard: 'further-factor-as-read' },
      { guard: 'factor-once' },
      { guard: 'destination-once-per-kind', replace: ['kind, ...pathsOf(twin)', 'id, kind'] },
      { guard: 'further-factor-beside-another' },
      { guard: 'at-most-ten-factors', replace: ['- 1', '+ 90'] },
    ],
  ),
  ...guarded(
    [next],
    [
      { guard: 'change-never-signs-in', replace: ["position.attempt.purpose === 'sign-in'", 'true'] },
      {
        guard: 'added-factor-ends-change',
        replace: [' || account.factors.some(({ id }) => id === enrolment.factorId)', ''],
      },
      { guard: 'change-without-account-over', replace: ["'over'", "attempt.recovery ? 'recovery-codes' : 'enrol'"] },
      { guard: 'area-first-factor-mailbox', replace: ['toEnrol(attempt)', "'enrol'"] },
    ],
  ),
  ...guarded(
    [accountChange],
    [
      { guard: 'change-bound-to-session', replace: ['(', '(String(typeof id) || '] },
      { guard: 'overtaken-change-over', replace: ['stillProved(account, attempt)', 'account'] },
      { guard: 'finished-change-over', replace: ['!attempt.finishedAt && ', ''], secondGuardOf: 'ended-change-empty' },
    ],
  ),
  ...guarded([totpEnrolment], [{ guard: 'sign-in-adds-first-alone', replace: ["flow.purpose === 'change' && ", ''] }]),
  ...guarded(
    [accountAddGuarded],
    [
      {
        guard: 'interaction-no-change',
        replace: [
          "found?.attempt.purpose === 'sign-in' ? found.attempt : undefined",
          'found?.attempt as SignInAttempt | undefined',
        ],
      },
    ],
  ),
  ...guarded(
    [accountAddGuarded],
    [
      { guard: 'adding-needs-fresh-proof', replace: ["fresh('add_way')", "{ who: 'signed-in' } as const"] },
      {
        guard: 'adding-asks-proof-again',
        replace: ['harmless ?', '!harmless ?'],
        tests: [accountChangeProof],
      },
      {
        guard: 'first-codes-while-fresh',
        replace: ['freshAs((visit: AccountVisit) => provedAgain(adding, visit))', 'signedIn'],
        tests: [accountChangeProof],
      },
      { guard: 'change-form-own-stage', tests: [accountAdd] },
      { guard: 'change-codes-charged' },
      {
        guard: 'other-codes-own-proof',
        replace: [
          'proofs.findLast(({ factorId }) => factorId !== undefined)?.kind',
          "(proofs.length === 0 ? 'totp' : proofs.at(-1)?.kind)",
        ],
      },
    ],
  ),
  ...guarded([accountChangeProof], [{ guard: 'adding-codes-shown-fresh', replace: ['recovery-codes', 'over'] }]),
  ...guarded([accountKeyShown], [{ guard: 'adding-key-shown-fresh', replace: ["stage === 'enrol' && ", 'false && '] }]),
  ...guarded([accountAttacks], [{ guard: 'destination-given-twice' }]),
  ...guarded(
    [accountAttacks],
    [
      {
        guard: 'change-begun-once',
        replace: [
          'isPressedTwice(attempt, begun, deps.now()',
          '(isPressedTwice(attempt, begun, deps.now()) && attempt.revision < 0',
        ],
      },
    ],
  ),
  ...guarded([accountChange], [{ guard: 'ended-change-empty' }]),
];
