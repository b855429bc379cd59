import { linesOf } from './mutation.ts';

const next = 'test/unit/next.test.ts';
const assurance = 'test/unit/assurance.test.ts';
const proveFactor = 'test/unit/prove-factor.test.ts';
const provePassword = 'test/unit/prove-password.test.ts';
const confirmMail = 'test/unit/confirm-mail.test.ts';
const register = 'test/unit/register.test.ts';

export const signIn = [
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
        find: "return attempt.registration.confirmed ? 'username' : 'confirm-mail';",
        replace: "return 'username';",
      },
      {
        why: 'The fifth wrong answer ends the challenge.',
        find: "  if (attempt.challengeTries >= triesPerChallenge) return 'sign-in';\n",
        replace: '',
      },
      {
        why: 'Whoever has a factor proves it.',
        find: "  if (account && account.factors.length > 0) return 'factor';\n",
        replace: '',
      },
      {
        why: 'Where the policy asks for a second factor nobody goes without one.',
        find: "if (policy.secondFactor !== 'required' && request.leastLevel === '1fa') return undefined;",
        replace: "if (request.leastLevel === '1fa') return undefined;",
      },
      {
        why: 'What a client asks for is asked of the person.',
        find: "if (policy.secondFactor !== 'required' && request.leastLevel === '1fa') return undefined;",
        replace: "if (policy.secondFactor !== 'required') return undefined;",
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
    'src/sign-in/assurance.ts',
    [assurance],
    [
      {
        why: 'A remembered device is told as a password alone.',
        find: "return level === 'remembered' ? '1fa' : level;",
        replace: "return level === 'remembered' ? '2fa' : level;",
      },
      {
        why: 'A level is met by itself and by higher ones alone.',
        find: 'return rank(reached) >= rank(requested);',
        replace: 'return rank(reached) !== rank(requested) - 1;',
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
    'src/sign-in/prove-password.ts',
    [provePassword],
    [
      {
        why: 'No password is judged during a wait.',
        find: "found && found.guess.state === 'taken' && found.account.active",
        replace: 'found && found.account.active',
      },
      {
        why: 'No password of a disabled account is judged.',
        find: "found.guess.state === 'taken' && found.account.active ?",
        replace: "found.guess.state === 'taken' ?",
      },
      {
        why: 'A wrong password is refused.',
        find: 'if (!judged || !right) {',
        replace: 'if (!judged) {',
      },
      {
        why: 'What cannot be canonicalised costs what an unknown name costs.',
        find: "canonicalIdentifier(form.identifier ?? '') ?? nobody;",
        replace: "canonicalIdentifier(form.identifier ?? '') ?? '';",
        tests: ['test/flow/timing.test.ts', 'test/flow/enumeration.test.ts'],
      },
      {
        why: 'A right password takes out what anybody proved before it.',
        find: 'return { ...blank, ...fresh,',
        replace: 'return { ...fresh,',
      },
      {
        why: 'An attempt remembers the version that its password was proved under.',
        find: 'sessionVersion: account.sessionVersion, proofs: [proof] };',
        replace: 'sessionVersion: 0, proofs: [proof] };',
      },
      {
        why: 'A full queue never turns a right password away for an older hash’s sake.',
        find: 'await deps.passwords.hash(password).catch(busy);',
        replace: 'await deps.passwords.hash(password);',
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/prove-factor.ts',
    [proveFactor],
    [
      {
        why: 'A guess of a factor is taken before it is judged.',
        find: 'const guess = chosen.factor.guessable ? await takeGuess(step, account) : undefined;',
        replace: 'const guess = chosen.factor.guessable ? undefined : await takeGuess(step, account);',
      },
      {
        why: 'Nothing is judged once no guess is left.',
        find: '    if (guess?.refusal) return guess.refusal;\n',
        replace: '',
      },
      {
        why: 'The running challenge has its own budget.',
        find: "    if (!(await deps.attempts.takeTry(step.attempt, 'challenge', now))) return { refusal: moved };\n",
        replace: '',
      },
      {
        why: 'All challenges share the account’s budget.',
        find: '    const taken = await deps.guesses.take(account.id, now);\n    const refusal = lockRefusal(account, now, taken);',
        replace:
          "    const taken: Taken = { state: 'taken', failures: 0 };\n    const refusal = lockRefusal(account, now, taken);",
      },
      {
        why: 'A shape that is no code takes no guess.',
        find: '    if (!answer.success) return refused(',
        replace: '    if (!answer.success && step.account === undefined) return refused(',
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/wrong-answer.ts',
    ['test/flow/guess-budget.test.ts', 'test/flow/events.test.ts'],
    [
      {
        why: 'The owner hears that somebody has the password.',
        find: 'if (taken.failures === failuresToTell)',
        replace: 'if (taken.failures === 1_000)',
      },
      {
        why: 'A wrong answer is recorded.',
        find: '    await deps.events.append(event);\n    if (taken',
        replace: '    if (taken',
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/confirm-mail.ts',
    [confirmMail],
    [
      {
        why: 'For an address that has an account no code is right.',
        find: ' && !step.attempt.registration?.known;',
        replace: ';',
      },
      {
        why: 'A mailed code is over at its end.',
        find: '    if (left > 0 && ',
        replace: '    if (left > 99 && ',
        tests: [confirmMail, 'test/contract/attempts.test.ts'],
      },
      {
        why: 'A try of the mailed code is taken before it is judged.',
        find: "    if (!(await deps.attempts.takeTry(step.attempt, 'deliveredCode', now))) return { refusal: moved };\n",
        replace: '',
      },
      {
        why: 'Codes for a first factor share the account’s budget.',
        find: "    if (deliveredCode.purpose !== 'first-factor' || !step.account) return {};\n",
        replace: '    if (step) return {};\n',
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/register.ts',
    [register],
    [
      {
        why: 'A known address costs the same hash.',
        find: 'const passwordHash = await deps.passwords.hash(checked.password);',
        replace: "const passwordHash = known ? '' : await deps.passwords.hash(checked.password);",
      },
      {
        why: 'A username is chosen only once the mail is confirmed.',
        find: '    if (!pending?.confirmed) return moved;\n',
        replace: '    if (!pending) return moved;\n',
      },
      {
        why: 'An account that was there before is never taken over.',
        find: "    if (made === 'email_taken') return deps.proceed(step, { account: undefined, change: blank });\n",
        replace: '',
      },
      {
        why: 'An account that this attempt made and that changed since proves nothing.',
        find: 'const account = found?.active && found.sessionVersion === 0 ? found : undefined;',
        replace: 'const account = found;',
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/enrol.ts',
    [proveFactor],
    [
      {
        why: 'A pending enrolment is over at its end.',
        find: "    if (pending.expiresAt <= deps.now()) return refused('code', 'form_old');\n",
        replace: '',
        tests: [proveFactor, 'test/unit/totp-enrolment.test.ts'],
        secondGuardOf: 'The factor itself refuses an enrolment after its end.',
      },
      {
        why: 'A factor counts only once it is proved.',
        find: "verdict.outcome === 'accepted' ? bound(step, pending, verdict)",
        replace:
          "verdict.outcome === 'accepted' || account ? bound(step, pending, verdict as Extract<Verdict, { outcome: 'accepted' }>)",
      },
      {
        why: 'The owner hears of a new factor.',
        find: "    await deps.notices.tell({ to: account.email, event: 'factor_added'",
        replace: "    if (account.id === '') await deps.notices.tell({ to: account.email, event: 'factor_added'",
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
        why: 'A sign-in without proofs never becomes a session.',
        find: 'if (level === undefined || attempt.sessionVersion === undefined)',
        replace: 'if (level === undefined && attempt.sessionVersion === undefined)',
        secondGuardOf: 'Nothing is finished before every step is done.',
      },
      {
        why: 'A password alone gives the guesses back only at the end.',
        find: "    if (login?.level === '1fa') await deps.accounts.refill(account.id);\n",
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
        find: '    if (!advanced) return moved;\n',
        replace: '    if (!advanced && !mailed) return moved;\n',
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
