import { guarded } from './mutation.ts';

const offers = 'test/unit/offers.test.ts';
const askedLevel = 'test/flow/asked-level.test.ts';
const policy = 'test/unit/policy.test.ts';
const putOffArea = 'test/flow/put-off-area.test.ts';

export const settingUp = [
  ...guarded([offers, askedLevel], [{ guard: 'enrols-client-level', replace: ['0', 'all.length'] }]),
  ...guarded([askedLevel], [{ guard: 'first-enrolment-client-level', replace: ['leastLevel', "leastLevel && '1fa'"] }]),
  ...guarded([askedLevel], [{ guard: 'chosen-enrolment-client-level', replace: ['request.leastLevel', "'1fa'"] }]),
  ...guarded(
    [policy],
    [
      { guard: 'put-off-then-enrolled-asked', replace: ['? account', '&& !putOff ? account'] },
      { guard: 'put-off-must-be-chosen', replace: ["(demand === 'offer' && putOff)", "demand === 'offer'"] },
    ],
  ),
  ...guarded([putOffArea], [{ guard: 'too-weak-leaves-no-session' }]),
];
