import { guarded } from './mutation.ts';

const assurance = 'test/unit/assurance.test.ts';
const next = 'test/unit/next.test.ts';
const chooseAccount = 'test/flow/choose-account.test.ts';
const attackPutOff = 'test/flow/attack-put-off.test.ts';
const policy = 'test/unit/policy.test.ts';
const finish = 'test/unit/finish.test.ts';
const accountSwitch = 'test/flow/account-switch.test.ts';
const guessBudget = 'test/flow/guess-budget.test.ts';
const register = 'test/unit/register.test.ts';
const confirmMail = 'test/unit/confirm-mail.test.ts';
const sendBudget = 'test/contract/send-budget.test.ts';
const proveFactor = 'test/unit/prove-factor.test.ts';

export const signIn = [
  ...guarded(
    [assurance],
    [{ guard: 'level-met-by-higher', replace: ['>= rank(requested)', '!== rank(requested) - 1'] }],
  ),
  ...guarded(
    [next],
    [
      { guard: 'password-begins-sign-in', replace: [" && proved(attempt, 'password')", ''] },
      { guard: 'password-while-account-stands', replace: ['account && ', ''] },
      { guard: 'registration-after-mailbox', replace: ['confirmed', 'confirmed || !correcting'] },
      { guard: 'fifth-wrong-ends-challenge' },
      { guard: 'factor-must-be-proved', replace: ["'factor'", 'undefined'] },
      { guard: 'first-factor-mailbox', replace: ["proved(attempt, 'mailbox') ? 'enrol' : 'confirm-mail'", "'enrol'"] },
      { guard: 'foreign-client-consent', replace: ['request.firstParty || attempt.consent', 'attempt.id !== ""'] },
      { guard: 'consent-prompt-shown', replace: ['!request.asksConsent && ', ''] },
      { guard: 'consent-every-scope', replace: ['every', 'some'] },
      { guard: 'continue-is-chosen', replace: [" && attempt.chosen === 'continue'", ''] },
      { guard: 'closed-registration-hidden', replace: ['&& policy.registrationOpen ', ''] },
    ],
  ),
  ...guarded(
    [chooseAccount],
    [
      {
        guard: 'consent-session-owner',
        replace: [" === 'consent' && (chosen === 'other' || accountId !== undefined) ? 'login' : prompt", ''],
      },
      {
        guard: 'restart-leaves-session',
        replace: ["asksTheSession(attempt) ? ({ ...blankButCode, chosen: 'other' } as const) : ", ''],
      },
    ],
  ),
  ...guarded(
    [policy],
    [
      { guard: 'last-put-off-holds', replace: ['putOff ? {} : ', ''], tests: [attackPutOff] },
      { guard: 'demanded-factor-enrolled', replace: ['enrol', 'nothing'] },
      { guard: 'client-level-asked', replace: [' }) => clientAsks', ', has }) => clientAsks && has'] },
      {
        guard: 'switched-off-yet-demanded',
        replace: [' }) => demanded && has', ', off }) => demanded && has && !off'],
      },
      { guard: 'put-off-ends-on-day', replace: ['(enrolBy === undefined || now < enrolBy) && ', ''] },
      { guard: 'put-off-times-bounded', replace: [' && skipsLeft(policy, account) !== 0', ''] },
      { guard: 'fresh-sign-in-asks-factor', replace: ['? account', '&& demands(policy, account) ? account'] },
    ],
  ),
  ...guarded(
    [assurance],
    [
      { guard: 'auth-time-of-proof', replace: ['> 0', '>= 0'], tests: [attackPutOff] },
      {
        guard: 'mailed-code-no-mfa',
        replace: ["level === '2fa-email'", 'amr.length === 0'],
        tests: ['test/flow/mailed-mfa.test.ts'],
      },
      { guard: 'remembered-told-as-1fa', replace: ['1fa', '2fa'] },
      { guard: 'acr-values-no-downgrade' },
      { guard: 'unmet-acr-told' },
      { guard: 'passkey-alone-signs-in', replace: [".filter(({ level }) => level === 'phr')", ''] },
      { guard: 'proofs-after-password-count', replace: ['.slice(password)', ''] },
      { guard: 'odd-acr-never-met', replace: ["typeof value === 'string' ? value : ''", 'String(value)'] },
    ],
  ),
  ...guarded(
    [finish],
    [
      { guard: 'finish-needs-all-stages' },
      {
        guard: 'ended-attempt-not-finished',
        replace: [
          'await deps.attempts.advance(step.attempt, await lastChange(step), deps.now())',
          '(await deps.attempts.advance(step.attempt, await lastChange(step), deps.now())) ?? step.attempt',
        ],
      },
      { guard: 'lone-password-refills-at-end' },
    ],
  ),
  ...guarded(
    [accountSwitch, register],
    [
      {
        guard: 'mail-by-advance-winner',
        replace: [
          'if (!advanced) return moved;\n    if (awaited) await deps.deliver(stepAt(step, { attempt: advanced, account }))',
          'const sent = awaited && { ...attempt, deliveredCode: deps.deliveredCodes.awaiting(awaited) };\n    if (sent) await deps.deliver(stepAt(step, { attempt: advanced ?? sent, account }));\n    if (!advanced) return moved',
        ],
        secondGuardOf: 'send-judged-in-write',
        tests: [register, confirmMail, sendBudget],
      },
    ],
  ),
  ...guarded(
    [guessBudget],
    [
      { guard: 'closed-budget-judges-nothing', replace: ["invalid('', 'code_locked_closed')", 'undefined'] },
      {
        guard: 'waiting-budget-judges-nothing',
        replace: ['invalid', "account.id !== '' ? undefined : refused"],
        tests: [proveFactor],
      },
    ],
  ),
];
