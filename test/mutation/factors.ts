import { guarded } from './mutation.ts';

const totpEnrolment = 'test/unit/totp-enrolment.test.ts';
const totp = 'test/unit/totp.test.ts';
const deliveredCode = 'test/unit/delivered-code.test.ts';
const strongerProof = 'test/flow/stronger-proof.test.ts';

export const factors = [
  ...guarded(
    [totp],
    [
      { guard: 'totp-accepted-once-spent', replace: ['if (spent)', 'if (spent !== undefined)'] },
      {
        guard: 'totp-matched-step-spent',
        replace: ['defined({ step })', '{ step: Math.floor(now.getTime() / 30_000) }'],
      },
      { guard: 'totp-step-after-last' },
      { guard: 'totp-steps-around-now', replace: ['[-1, 0, 1]', '[0]'] },
      {
        guard: 'totp-refused-step-matches-none',
        replace: ['step !== undefined && refusedSteps?.includes(step)', 'step !== undefined && refusedSteps === null'],
      },
      { guard: 'totp-over-budget-nothing-sought', replace: ["taken.state !== 'taken' || ", ''] },
      { guard: 'totp-clock-set-back' },
      { guard: 'totp-one-step-tolerance', replace: ['periodSeconds', '2 * periodSeconds'] },
      {
        guard: 'totp-secret-sealed-to-factor',
        replace: [
          '`account:${accountId}:factor:${factorId}`',
          "accountId.slice(0, 0).concat('secret') || `account:${accountId}:factor:${factorId}`",
        ],
      },
      { guard: 'totp-gone-factor-rejected', replace: ['.find(({ id }) => id === factorId)', '[0]'] },
      { guard: 'totp-secret-160-bits', replace: ['20', '16'], tests: [totpEnrolment] },
      { guard: 'pending-enrolment-ten-minutes', replace: ['10', '60'], tests: [totpEnrolment] },
      { guard: 'totp-enrolment-ends', replace: [' || pending.expiresAt <= at', ''], tests: [totpEnrolment] },
      { guard: 'totp-confirming-step-spent', replace: ['step', '0'], tests: [totpEnrolment] },
      { guard: 'totp-bound-when-added', replace: ['rejected', 'accepted(id, at)'], tests: [totpEnrolment] },
    ],
  ),
  ...guarded(
    [deliveredCode],
    [
      { guard: 'delivered-code-accepted-once-spent' },
      { guard: 'delivered-code-needs-factor', replace: ['(await deps.spends.used(use))', 'use.now'] },
      { guard: 'delivered-code-matches' },
      { guard: 'destination-proved-before-bound' },
      { guard: 'delivered-code-own-purpose', replace: ['purpose === purpose && deliveredCode.', ''] },
      { guard: 'delivered-code-ends', replace: [' || deliveredCode.expiresAt <= now', ''] },
      { guard: 'delivered-code-own-destination' },
      { guard: 'enrolment-code-own-destination', replace: [' || sent.destination !== destination', ''] },
      { guard: 'own-mailbox-proved-here', replace: ['destination === account.email && ', ''] },
    ],
  ),
  ...guarded(
    [strongerProof],
    [
      {
        guard: 'recovery-level-of-set',
        replace: ['?? unmarked(account)', "=== undefined ? unmarked(account) : '2fa'"],
      },
      { guard: 'recovery-level-unmarked', replace: ['unmarked(account)', "'2fa'"] },
    ],
  ),
];
