import { linesOf } from './mutation.ts';

const mailedFactor = 'test/unit/mailed-factor.test.ts';
const enrolmentGuesses = 'test/flow/enrolment-guesses.test.ts';

export const sending = [
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
