import { guarded } from './mutation.ts';

const passes = 'test/contract/passes.test.ts';
const lostWays = 'test/unit/lost-ways.test.ts';
const pass = 'test/flow/pass.test.ts';

export const lostWaysGuards = [
  ...guarded(
    [passes],
    [
      { guard: 'pass-spent-once', replace: ["'pass.hash': hash, ", ''] },
      { guard: 'ended-pass-not-spent', replace: [", 'pass.expiresAt': { $gt: now }", ''] },
      { guard: 'pass-active-account', replace: [', active: true', ''] },
      { guard: 'lost-replaced-as-proved', replace: [' sessionVersion,', ''] },
      { guard: 'lost-replaced-once', replace: [", 'factors.id': { $ne: factor.id }", ''] },
    ],
  ),
  ...guarded(
    [lostWays],
    [
      { guard: 'lost-way-caps-level', replace: ['found.find(isForLost)?.level ?? ', ''] },
      {
        guard: 'lost-way-told-alone',
        replace: ['lost === -1 ? found : found.slice(0, lost + 1)', 'lost === 99 ? [] : found'],
      },
      { guard: 'lost-way-re-enrolled-enough' },
    ],
  ),
  ...guarded(
    [pass],
    [
      { guard: 'ended-pass-not-offered', replace: [' && pass.expiresAt > now()', ''] },
      { guard: 'pass-accepted-once-spent', replace: ['!spent', 'spent === null'] },
      { guard: 'lost-way-ends-in-enrolment' },
      { guard: 'lost-ways-replaced' },
      { guard: 'lost-way-set-up-again', replace: ['proofs.some(isForLost)', 'proofs.length > 99'] },
    ],
  ),
];
