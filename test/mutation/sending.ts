import { linesOf } from './mutation.ts';

const mailedFactor = 'test/unit/mailed-factor.test.ts';

export const sending = [
  ...linesOf(
    'src/sign-in/awaited.ts',
    [mailedFactor],
    [
      {
        why: 'Nobody is sent a code during a lock.',
        find: 'const chosen = lockRefusal(account, now)\n',
        replace: 'const chosen = now.getTime() === 0\n',
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
    ],
  ),
];
