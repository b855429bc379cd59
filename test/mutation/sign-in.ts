import { linesOf } from './mutation.ts';

const next = 'test/unit/next.test.ts';
const assurance = 'test/unit/assurance.test.ts';
const proveFactor = 'test/unit/prove-factor.test.ts';
const provePassword = 'test/unit/prove-password.test.ts';
const confirmMail = 'test/unit/confirm-mail.test.ts';
const register = 'test/unit/register.test.ts';

export const signIn = [
  ...linesOf(
    'src/accounts/level.ts',
    ['test/unit/assurance.test.ts'],
    [
      {
        why: 'A level is met by itself and by higher ones alone.',
        find: 'return rank(reached) >= rank(requested);',
        replace: 'return rank(reached) !== rank(requested) - 1;',
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/next.ts',
    [next],
    [
      {
        why: 'A sign-in begins with the right password of an account that is still as it was.',
        find: "  if (account && proved(attempt, 'password')) return undefined;\n",
        replace: '  if (account) return undefined;\n',
      },
      {
        why: 'A proved password counts only while its account is there.',
        find: "  if (account && proved(attempt, 'password')) return undefined;\n",
        replace: "  if (proved(attempt, 'password')) return undefined;\n",
      },
      {
        why: 'A registration goes on only once its mail is confirmed.',
        find: "  if (confirmed) return 'username';\n",
        replace: "  if (confirmed || !correcting) return 'username';\n",
      },
      {
        why: 'The fifth wrong answer ends the challenge.',
        find: "  if (attempt.challengeTries >= triesPerChallenge) return 'sign-in';\n",
        replace: '',
      },
      {
        why: 'Whoever has a factor proves it.',
        find: "      return 'factor';\n",
        replace: '      return undefined;\n',
      },
      {
        why: 'A first factor needs the confirmed mailbox beside the password.',
        find: "return proved(attempt, 'mailbox') ? 'enrol' : 'confirm-mail';",
        replace: "return 'enrol';",
      },
      {
        why: 'A client of somebody else gets nothing without consent.',
        find: '  if (request.firstParty || attempt.consent) return true;\n',
        replace: '  if (attempt.id !== "") return true;\n',
      },
      {
        why: 'A client that asks for consent anew gets the page.',
        find: 'return !request.asksConsent && request.scopes',
        replace: 'return request.scopes',
      },
      {
        why: 'Consent covers every scope that is asked for.',
        find: 'request.scopes.every((scope)',
        replace: 'request.scopes.some((scope)',
      },
      {
        why: 'Going on with a session is a choice that somebody made.',
        find: "if (request.prompt === 'select_account' && attempt.chosen === 'continue') return 'finish';",
        replace: "if (request.prompt === 'select_account') return 'finish';",
      },
      {
        why: 'Registration that is closed is not shown.',
        find: "request.prompt === 'create' && policy.registrationOpen ? 'register'",
        replace: "request.prompt === 'create' ? 'register'",
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/choose.ts',
    ['test/flow/choose-account.test.ts'],
    [
      {
        why: 'Who is not the owner of the session allows nothing in its name.',
        find: "return prompt === 'consent' && (chosen === 'other' || accountId !== undefined) ? 'login' : prompt;",
        replace: 'return prompt;',
      },
      {
        why: 'A restart leaves the session behind.',
        find: "const change = asksTheSession(attempt) ? ({ ...blankButCode, chosen: 'other' } as const) : blankButCode;",
        replace: 'const change = blankButCode;',
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/policy.ts',
    ['test/unit/policy.test.ts'],
    [
      {
        why: 'The last time that it may be put off is good to the end of its sign-in.',
        find: 'putOff ? {} : account',
        replace: 'account',
        tests: ['test/flow/attack-put-off.test.ts'],
      },
      {
        why: 'Where the policy asks for a second factor nobody goes without one.',
        find: "{ when: ({ demanded }) => demanded, demand: 'enrol' }",
        replace: "{ when: ({ demanded }) => demanded, demand: 'nothing' }",
      },
      {
        why: 'What a client asks for is asked of the person.',
        find: "{ when: ({ clientAsks }) => clientAsks, demand: 'enrol' }",
        replace: "{ when: ({ clientAsks, has }) => clientAsks && has, demand: 'enrol' }",
      },
      {
        why: 'Switched off by its owner, a factor is asked all the same where the policy wants one.',
        find: "{ when: ({ has, demanded }) => demanded && has, demand: 'prove' }",
        replace: "{ when: ({ has, demanded, off }) => demanded && has && !off, demand: 'prove' }",
      },
      {
        why: 'From the day on nothing can be put off.',
        find: '(enrolBy === undefined || now < enrolBy) && ',
        replace: '',
      },
      {
        why: 'A first way is put off no oftener than the policy says.',
        find: ' && skipsLeft(policy, account) !== 0;',
        replace: ';',
      },
      {
        why: 'A sign-in that ends now has to have asked for the factor that is there.',
        find: 'fresh ? account : {',
        replace: 'fresh && demands(policy, account) ? account : {',
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/assurance.ts',
    [assurance],
    [
      {
        why: 'auth_time is when something was proved, not when the rest was put off.',
        find: 'amr.length > 0 ? [at.getTime()]',
        replace: 'amr.length >= 0 ? [at.getTime()]',
        tests: ['test/flow/attack-put-off.test.ts'],
      },
      {
        why: 'A remembered device is told as a password alone.',
        find: "return level === 'remembered' ? '1fa' : level;",
        replace: "return level === 'remembered' ? '2fa' : level;",
      },
      {
        why: 'acr_values cannot lower an essential acr.',
        find: '  if (claim.essential && claim.values.length > 0) return { values: claim.values, required: true };\n',
        replace: '',
      },
      {
        why: 'What is asked by acr_values and not met is told, never passed over.',
        find: '  if (requested.required) return { met: false };\n',
        replace: '',
      },
      {
        why: 'Without a password only a passkey that verified its user is a sign-in.',
        find: "proofs.filter(({ level }) => level === 'phr')",
        replace: 'proofs',
      },
      {
        why: 'What was proved before the password does not count.',
        find: 'proofs.slice(password)',
        replace: 'proofs',
      },
      {
        why: 'An acr that is no text is never met.',
        find: "typeof value === 'string' ? value : ''",
        replace: 'String(value)',
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/finish.ts',
    ['test/unit/finish.test.ts'],
    [
      {
        why: 'Nothing is finished before every step is done.',
        find: "    if (next(step) !== 'finish') return undefined;\n",
        replace: '',
      },
      {
        why: 'Whoever ended an attempt otherwise has the last word.',
        find: '(await deps.attempts.advance(step.attempt, { finishedAt: now }, now))',
        replace: '((await deps.attempts.advance(step.attempt, { finishedAt: now }, now)) || now)',
      },
      {
        why: 'A password alone gives the guesses back only at the end.',
        find: "    if (login?.level === '1fa') await deps.accounts.refillPassword(account.id);\n",
        replace: '',
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/proceed.ts',
    [register, confirmMail],
    [
      {
        why: '"Not you?" takes out whose account it was.',
        find: '  accountId: undefined,\n',
        replace: '',
        tests: ['test/flow/account-switch.test.ts', register],
      },
      {
        why: '"Not you?" takes out every proof.',
        find: '  proofs: [],\n',
        replace: '',
        tests: ['test/flow/account-switch.test.ts', register],
      },
      {
        why: 'A spent challenge of one person is no head start for another.',
        find: '  challengeTries: 0,\n',
        replace: '',
        tests: ['test/flow/account-switch.test.ts', 'test/flow/guess-budget.test.ts'],
      },
      {
        why: 'A consent of one person is not another’s.',
        find: '  consent: undefined,\n',
        replace: '',
        tests: ['test/flow/account-switch.test.ts', provePassword],
      },
      {
        why: 'A pending enrolment of one person is not another’s.',
        find: '  enrolment: undefined,\n',
        replace: '',
        tests: ['test/flow/account-switch.test.ts', 'test/flow/ways-round-races.test.ts', provePassword],
      },
      {
        why: 'Only whoever won the advance sends the mail.',
        find: '    if (!advanced) return moved;\n    if (awaited) await deps.deliver({ ...step, attempt: advanced, account });\n',
        replace:
          '    const sent = awaited && { ...after, deliveredCode: deps.deliveredCodes.awaiting(awaited) };\n    if (sent) await deps.deliver({ ...step, attempt: advanced ?? sent, account });\n    if (!advanced) return moved;\n',
        tests: [register, confirmMail, 'test/contract/send-budget.test.ts'],
        secondGuardOf: 'The server judges every window of a recipient in the same write that keeps the message.',
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/lock.ts',
    [proveFactor],
    [
      {
        why: 'A closed budget judges nothing.',
        find: "      return refused('', 'code_locked_closed');\n",
        replace: '      return undefined;\n',
        tests: ['test/flow/guess-budget.test.ts'],
      },
      {
        why: 'A waiting budget judges nothing.',
        find: "      return refused('', 'code_locked', {",
        replace: "      return account.id !== '' ? undefined : refused('', 'code_locked', {",
      },
    ],
  ),
];
