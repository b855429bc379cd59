import { linesOf } from './mutation.ts';

const codesLevel = 'test/flow/codes-level.test.ts';

const proveFactor = 'test/unit/prove-factor.test.ts';
const provePassword = 'test/unit/prove-password.test.ts';
const confirmMail = 'test/unit/confirm-mail.test.ts';
const enrolmentGuesses = 'test/flow/enrolment-guesses.test.ts';
const register = 'test/unit/register.test.ts';

export const proving = [
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
    'src/sign-in/wrong-password.ts',
    [provePassword],
    [
      {
        why: 'Nothing that a stranger sent stands in the mail about wrong passwords.',
        find: 'origin: address === undefined ? {} : { address } }',
        replace: 'origin }',
        also: { find: '{ origin: { address } }: Step,', replace: '{ origin }: Step,' },
      },
      {
        why: 'No answer waits for the mail about wrong passwords.',
        find: 'void Promise.all(noticesOf(',
        replace: 'await Promise.all(noticesOf(',
      },
      {
        why: 'That the day is full is an event.',
        find: "...(found.dayFull ? ['password_day'] : [])",
        replace: '',
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/prove-factor.ts',
    [proveFactor],
    [
      {
        why: 'A guess of a factor is taken before it is judged.',
        find: 'const guess = chosen.factor.guessable ? await',
        replace: 'const guess = !chosen.factor.guessable ? await',
      },
      {
        why: 'Nothing is judged once no guess is left.',
        find: '    if (guess?.refusal) return guess.refusal;\n',
        replace: '',
      },
      {
        why: 'The running challenge has its own budget.',
        find: '    if (!(await deps.attempts.takeTry(step.attempt, triesOf(step.attempt, offer), now))) return { refusal: moved };\n',
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
        why: 'A right code to the mailbox costs no guess.',
        find: '    if (stored && account && taken) await deps.guesses.giveBack(account.id, taken);\n',
        replace: '',
        tests: [enrolmentGuesses],
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/code-guess.ts',
    [confirmMail, enrolmentGuesses],
    [
      {
        why: 'A code that proves a mailbox or a phone is over at its end.',
        find: '    if (left > 0 && ',
        replace: '    if (left > 99 && ',
        tests: [confirmMail, 'test/contract/attempts.test.ts'],
      },
      {
        why: 'A try of such a code is taken before it is judged.',
        find: "    if (!(await deps.attempts.takeTry(attempt, 'deliveredCode', now))) return { refusal: moved };\n",
        replace: '',
      },
      {
        why: 'Such codes share the account’s budget.',
        find: '    if (!account) return {};\n',
        replace: '    if (!account || now > new Date(0)) return {};\n',
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
        why: 'One registration is told of so many usernames.',
        find: "    if (namesTried > mostNames) return refused('username', 'usernames_spent');\n",
        replace: '',
      },
      {
        why: 'A username is asked for by the one write that took the try.',
        find: 'return attempt ? createAccount({ ...step, attempt }, registration) : moved;',
        replace: 'return createAccount(attempt ? { ...step, attempt } : step, registration);',
      },
      {
        why: 'Twenty usernames are enough for one registration.',
        find: 'const mostNames = 20;',
        replace: 'const mostNames = 21;',
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
        find: "verdict.outcome === 'accepted'\n      ? bound(step, account, { verdict, ...guess })",
        replace:
          "verdict.outcome === 'accepted' || account\n      ? bound(step, account, { verdict: verdict as Accepted, ...guess })",
      },
      {
        why: 'Guesses at a code that sets up a mailbox or a phone share the account’s budget.',
        find: 'await takeCodeGuess(step, code, account) : {};',
        replace: 'await takeCodeGuess(step, code, undefined) : {};',
        tests: [enrolmentGuesses],
      },
      {
        why: 'A right code that sets up a further way costs no guess.',
        find: '    if (taken && account.factors.length > 0) await deps.guesses.giveBack(account.id, taken);\n',
        replace: '',
        tests: [enrolmentGuesses],
      },
      {
        why: 'The owner hears of a new factor.',
        find: '    await deps.carryOut({ ...deed, origin, clientId, keep: keptBy(attempt) });\n',
        replace:
          "    if (account.id === '') await deps.carryOut({ ...deed, origin, clientId, keep: keptBy(attempt) });\n",
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/recovery.ts',
    ['test/flow/recovery-codes.test.ts'],
    [
      {
        why: 'Recovery codes that were made before go on only with the account as it was.',
        find: 'return own && found.sessionVersion === account.sessionVersion + raised;',
        replace: 'return own;',
        tests: ['test/unit/recovery.test.ts'],
      },
      {
        why: 'A set that is kept already is not hashed and kept again.',
        find: '    if (account.recovery?.salt === pending.salt)\n      return deps.proceed(step, { account, change: { recovery: undefined } });\n',
        replace: '',
        tests: ['test/unit/recovery.test.ts'],
      },
      {
        why: 'A set in the place of one that another window saved is begun only while the account is as it was.',
        find: ' && found.recovery && found.sessionVersion === account.sessionVersion;',
        replace: ' && found.recovery;',
        tests: ['test/unit/recovery.test.ts'],
      },
      {
        why: 'What was written down is what is saved.',
        find: '    if (form.set !== undefined && form.set !== pending.salt) return moved;\n',
        replace: '',
        tests: ['test/flow/unsaved-codes.test.ts'],
      },
      {
        why: 'Whoever left without saving codes is shown some at the next sign-in.',
        find: 'if (!recovery || !account.recoveryDue || account.recovery) return {};',
        replace: 'if (!recovery || !account.recoveryDue || !account.recovery) return {};',
        tests: ['test/flow/unsaved-codes.test.ts'],
      },
      {
        why: 'Recovery codes are made by what is worth all that is set up.',
        find: 'reached !== undefined && meets(reached, needed) ? needed : undefined',
        replace: 'reached !== undefined ? needed : undefined',
        tests: [codesLevel],
      },
      {
        why: 'Codes that were shown are kept only while nothing stronger is set up.',
        find: '    if (level === undefined) return deps.proceed(step, { account, change: { recovery: undefined } });\n',
        replace: "    if (level === 'phr') return deps.proceed(step, { account, change: { recovery: undefined } });\n",
        tests: [codesLevel],
      },
      {
        why: 'A weaker recovery code makes no new set.',
        find: '|| !deps.recovery || !mayMakeCodes(step))',
        replace: '|| !deps.recovery)',
        secondGuardOf: 'Codes that were shown are kept only while nothing stronger is set up.',
        tests: [codesLevel],
      },
      {
        why: 'The owner hears of codes that are saved later than the way they stand in for.',
        find: "kind === 'mailbox')",
        replace: "kind === 'password')",
        tests: ['test/flow/unsaved-codes.test.ts'],
      },
      {
        why: 'Codes that nobody saved are none.',
        find: "    if (form.saved !== 'yes') return refused('saved', 'not_saved');\n",
        replace: '',
      },
    ],
  ),
];
