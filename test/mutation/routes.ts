import { guarded } from './mutation.ts';

const plantedCookies = 'test/flow/planted-cookies.test.ts';
const signOut = 'test/flow/sign-out.test.ts';
const waysRoundForgery = 'test/flow/ways-round-forgery.test.ts';
const waysRoundSteps = 'test/flow/ways-round-steps.test.ts';
const waysRoundCodeForms = 'test/flow/ways-round-code-forms.test.ts';
const recipients = 'test/flow/recipients.test.ts';
const waysRoundResume = 'test/flow/ways-round-resume.test.ts';
const tabs = 'test/flow/tabs.test.ts';
const doubleClick = 'test/flow/double-click.test.ts';
const mailCode = 'test/flow/mail-code.test.ts';
const waysRoundParked = 'test/flow/ways-round-parked.test.ts';
const password = 'test/flow/password.test.ts';
const chooseAccount = 'test/flow/choose-account.test.ts';
const sessionLife = 'test/flow/session-life.test.ts';
const consent = 'test/flow/consent.test.ts';
const hosts = 'test/flow/hosts.test.ts';
const registration = 'test/flow/registration.test.ts';
const addressLimits = 'test/flow/address-limits.test.ts';
const accountProof = 'test/flow/account-proof.test.ts';
const addressCharges = 'test/flow/address-charges.test.ts';
const headers = 'test/flow/headers.test.ts';
const spellings = 'test/flow/spellings.test.ts';

export const routes = [
  ...guarded(
    [plantedCookies],
    [{ guard: 'attempt-own-browser', replace: [' && deps.marks.holds(ctx, attempt.browserMark)', ''] }],
  ),
  ...guarded(
    [signOut],
    [
      { guard: 'foreign-sign-out-ignored', replace: [' || !isSameOrigin(ctx, origin)', ''] },
      { guard: 'posted-sign-out-parameters', replace: ['parameters.includes(name)', 'name !== ""'] },
    ],
  ),
  ...guarded(
    [plantedCookies],
    [
      { guard: 'resume-own-browser-mark', replace: [' && marks.holds(ctx, attempt.browserMark)', ''] },
      { guard: 'finished-not-resumed', replace: ['throw', 'if (attempt)'] },
      { guard: 'resume-address-any-spelling', replace: ['.+)$/i', '[\\w-]+)$/'] },
      { guard: 'resume-cookie-decides', replace: ['resumed ?? ', ''] },
    ],
  ),
  ...guarded(
    [waysRoundSteps],
    [
      { guard: 'passed-stage-not-judged', replace: ['&& open', '|| open'] },
      { guard: 'form-forgery-checked', tests: [waysRoundForgery] },
      {
        guard: 'form-own-fields',
        replace: [
          'schema)',
          "{ ...schema, shape: { ...schema.shape, ...Object.fromEntries(['skip', 'mfa', 'level', 'acr', 'remember', 'time', 'secret', 'email'].map((name) => [name, schema])) } } as typeof schema)",
        ],
        tests: [waysRoundSteps, waysRoundCodeForms, recipients],
      },
      {
        guard: 'finished-is-over',
        replace: ["throw over(before) ?? new Problem('sign_in_ended', 410, { clientId })", "return seeOther(ctx, '/')"],
        tests: [waysRoundResume, tabs, doubleClick, mailCode],
      },
      { guard: 'changed-account-ends-sign-in', tests: [waysRoundParked] },
      { guard: 'redirect-303', replace: ['303', '307'], tests: [password] },
    ],
  ),
  ...guarded(
    [waysRoundParked],
    [
      {
        guard: 'attempt-needs-cookie',
        replace: [
          'deps.interactions.holds(ctx, uid) ? await deps.attemptsWithAccounts.find(id, deps.now()) : undefined',
          'await deps.attemptsWithAccounts.find(id, deps.now())',
        ],
        secondGuardOf: 'attempt-own-browser',
        tests: [waysRoundResume],
      },
      { guard: 'changed-account-not-gone-on', replace: ['stillProved(found?.account, attempt)', 'found?.account'] },
      { guard: 'changed-account-proves-nothing', replace: ['stillProved(account, proved)', 'account'] },
      {
        guard: 'dead-session-names-nobody',
        replace: [
          'const record = sessionId === undefined ? undefined : await deps.sessions.seen(sessionId, deps.now());\n  return record && ownAccount(deps, record',
          'return ownAccount(deps, { sessionVersion: 0, ...(sessionId ? { accountId: sessionId } : {}) }',
        ],
        tests: [chooseAccount, waysRoundParked, sessionLife],
      },
      {
        guard: 'dead-session-no-consent',
        replace: ["ofSession && !account && attempt.asked.prompt === 'consent' ? 'login' : ", ''],
        tests: [chooseAccount],
      },
      {
        guard: 'consent-asked-anew',
        replace: [' || request.asksConsent', ''],
        secondGuardOf: 'consent-prompt-shown',
        tests: [consent],
      },
    ],
  ),
  ...guarded([hosts], [{ guard: 'outbox-own-host' }]),
  ...guarded([signOut], [{ guard: 'ended-session-record-gone' }]),
  ...guarded([registration], [{ guard: 'closed-registration-no-form' }]),
  ...guarded([addressLimits], [{ guard: 'username-form-limited' }]),
  ...guarded(
    [sessionLife],
    [
      {
        guard: 'stay-only-where-offered',
        replace: ['deps.staySeconds > 0 && ', ''],
      },
      {
        guard: 'confirming-own-account',
        replace: ['identifier: confirms.email', 'identifier: typed.identifier ?? confirms.email'],
        also: { guard: 'confirming-own-account-too', replace: ['step.request.confirms ? again : ', ''] },
        tests: [accountProof],
      },
    ],
  ),
  ...guarded([consent], [{ guard: 'consent-decision-explicit', replace: ["=== 'allow'", "!== 'deny'"] }]),
  ...guarded(
    [hosts],
    [
      {
        guard: 'production-no-outbox',
        replace: [" || config.environment === 'production'", ''],
        secondGuardOf: 'production-sends-mail',
      },
    ],
  ),
  ...guarded(
    [addressLimits],
    [
      { guard: 'unreadable-form-charged' },
      { guard: 'foreign-form-not-charged', replace: [' || !isOurs', ''] },
      { guard: 'waiting-address-told' },
      { guard: 'last-wrong-code-charged', replace: ['outcome.failed === true', 'false'], tests: [addressCharges] },
      {
        guard: 'unjudged-not-charged',
        replace: ['outcome.failed === true', '!outcome.reached'],
        tests: [addressCharges],
      },
    ],
  ),
  ...guarded(
    [spellings],
    [
      { guard: 'own-host-first', tests: [hosts] },
      { guard: 'security-headers-everywhere', tests: [headers] },
      { guard: 'one-spelling-everywhere' },
      { guard: 'own-paths-small-letters', replace: ['{ sensitive: true, strict: true }', ''] },
    ],
  ),
];
