import { guarded } from './mutation.ts';

const earlierCode = 'test/unit/earlier-code.test.ts';
const deliveredCodes = 'test/unit/delivered-codes.test.ts';
const mailedFactor = 'test/unit/mailed-factor.test.ts';
const enrolmentGuesses = 'test/flow/enrolment-guesses.test.ts';

export const sending = [
  ...guarded(
    [deliveredCodes],
    [
      { guard: 'code-own-browser', replace: [", id] : ['browser', browser", "] : ['browser'"] },
      { guard: 'code-own-binding', replace: ['accountId, purpose, courier, destination, ', ''] },
      { guard: 'code-own-factor', replace: ["'' : factorId", "factorId : ''"] },
      { guard: 'foreign-code-not-standing', replace: ['code.binding === binding && ', ''], tests: [earlierCode] },
      { guard: 'spent-code-not-standing', replace: [' && code.tries < tries', ''], tests: [earlierCode] },
      { guard: 'ended-code-not-standing', replace: [' && code.expiresAt > now', ''], tests: [earlierCode] },
    ],
  ),
  ...guarded(
    [deliveredCodes],
    [{ guard: 'unsent-code-unfindable', replace: [' .', " binding: bindingOf({ id: '' }, awaited), ."] }],
  ),
  ...guarded(
    [earlierCode],
    [{ guard: 'earlier-code-keeps-tries', replace: ['code.tries > challenge.tries', 'code.tries < 0'] }],
  ),
  ...guarded([earlierCode], [{ guard: 'sent-code-own-tries', replace: ['both', 'challenge'] }]),
  ...guarded([earlierCode], [{ guard: 'taken-code-where-none-runs', replace: ['.unsent', ''] }]),
  ...guarded(
    [mailedFactor],
    [
      { guard: 'locked-sends-nothing', replace: ['lockOutcome(account, now)', 'now.getTime() === 0'] },
      { guard: 'code-underway-own-purpose', replace: ['?.purpose === awaited.purpose', ' !== undefined'] },
      { guard: 'code-underway-own-factor' },
      { guard: 'code-underway-own-destination', replace: [' &&\n    running.destination === awaited.destination', ''] },
    ],
  ),
  ...guarded(
    [mailedFactor],
    [
      { guard: 'another-code-where-none-runs', replace: [' || ', ') return moved;\n    if ('] },
      { guard: 'enrolment-time-from-last-code', replace: ['?', '&& now.getTime() === 0 ?'], tests: [enrolmentGuesses] },
    ],
  ),
  ...guarded([enrolmentGuesses], [{ guard: 'new-number-drops-code', replace: [', deliveredCode: undefined', ''] }]),
];
