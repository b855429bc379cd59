import { linesOf } from './mutation.ts';

const mailedFactor = 'test/unit/mailed-factor.test.ts';
const enrolmentGuesses = 'test/flow/enrolment-guesses.test.ts';

const earlierCode = 'test/unit/earlier-code.test.ts';
const deliveredCodes = 'test/unit/delivered-codes.test.ts';

export const sending = [
  ...linesOf(
    'src/accounts/code-binding.ts',
    [deliveredCodes],
    [
      {
        why: 'A code counts in its own browser alone, or in its own sign-in.',
        find: "browser === undefined ? ['sign-in', id] : ['browser', browser]",
        replace: "browser === undefined ? ['sign-in'] : ['browser']",
      },
      {
        why: 'A code counts for its own account, purpose, courier and destination alone.',
        find: '[...where, accountId, purpose, courier, destination, proves]',
        replace: '[...where, proves]',
      },
      {
        why: 'A code that was sent to sign in counts for its own factor alone.',
        find: "const proves = purpose === 'enrolment' ? '' : factorId;",
        replace: "const proves = purpose === 'enrolment' ? factorId : '';",
      },
      {
        why: 'A code that was sent for another account or destination does not stand here.',
        find: 'code.binding === binding && ',
        replace: '',
        tests: [earlierCode],
      },
      {
        why: 'A code that is used up does not stand in the same sign-in begun anew.',
        find: ' && code.tries < tries',
        replace: '',
        tests: [earlierCode],
      },
      {
        why: 'A code that ended does not stand in the same sign-in begun anew.',
        find: ' && code.expiresAt > now;',
        replace: ';',
        tests: [earlierCode],
      },
    ],
  ),
  ...linesOf(
    'src/accounts/addresses.ts',
    [deliveredCodes],
    [
      {
        why: 'A code that nobody was sent is found for nobody.',
        find: 'const unsent = (awaited: AwaitedCode) => ({ ...keep(',
        replace: "const unsent = (awaited: AwaitedCode) => ({ binding: bindingOf({ id: '' }, awaited), ...keep(",
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/earlier-code.ts',
    [earlierCode],
    [
      {
        why: 'A challenge that goes on with an earlier code has its tries behind it.',
        find: '{ challengeTries: Math.max(challengeTries, code.tries) }',
        replace: '{ challengeTries }',
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/prove-factor.ts',
    [earlierCode],
    [
      {
        why: 'A code that was sent counts its own answers, over all sign-ins that it goes through.',
        find: "sent.factorId === id ? 'both' : 'challenge'",
        replace: "sent.factorId === id ? 'challenge' : 'challenge'",
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/deliver.ts',
    [earlierCode],
    [
      {
        why: 'A code is taken from another sign-in only where none is running here.',
        find: 'awaited.unsent ? await takeEarlier',
        replace: 'awaited ? await takeEarlier',
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/awaited.ts',
    [mailedFactor],
    [
      {
        why: 'Nobody is sent a code during a lock.',
        find: '  if (lockRefusal(account, now)) return undefined;\n',
        replace: '  if (now.getTime() === 0) return undefined;\n',
      },
      {
        why: 'A code under way for another purpose is none.',
        find: '    running?.purpose === awaited.purpose &&\n',
        replace: '    running !== undefined &&\n',
      },
      {
        why: 'A code under way for another factor is none.',
        find: '    running.factorId === awaited.factorId &&\n',
        replace: '',
      },
      {
        why: 'A code under way to another address is none.',
        find: ' &&\n    running.destination === awaited.destination\n',
        replace: '\n',
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/send-another.ts',
    [mailedFactor],
    [
      {
        why: 'Another code may be asked for where none is running.',
        find: '    if (!running || !isUnderWay(attempt, awaited)) return',
        replace: '    if (!running) return moved;\n    if (!isUnderWay(attempt, awaited)) return',
      },
      {
        why: 'What is being set up has its whole time from the code that was asked for after a lock.',
        find: '  return enrolment ? { enrolment: renewed(enrolment, now) } : {};\n',
        replace: '  return enrolment && now.getTime() === 0 ? { enrolment: renewed(enrolment, now) } : {};\n',
        tests: [enrolmentGuesses],
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/enrol.ts',
    [enrolmentGuesses],
    [
      {
        why: 'What went to one number is no code for another, also where none may be sent now.',
        find: ', deliveredCode: undefined };\n    return deps.proceed(step, { account, change });',
        replace: ' };\n    return deps.proceed(step, { account, change });',
      },
    ],
  ),
];
