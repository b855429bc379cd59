import { guarded } from './mutation.ts';

const flow = 'test/flow/history.test.ts';
const unit = 'test/unit/history.test.ts';

export const history = guarded(
  [flow],
  [
    {
      guard: 'waiting-events-told',
      replace: ['await waitingOf(accountId)', '(await waitingOf(accountId)).slice(0, 0)'],
    },
    { guard: 'history-rough-place', replace: ['await deps.places.of(address)', 'address'] },
    {
      guard: 'history-ninety-days',
      replace: ['lookedBackMilliseconds', '2 * lookedBackMilliseconds'],
      tests: [flow, unit],
    },
    { guard: 'history-plain-time', replace: ['/^\\d{1,15}$/', '/^/'] },
  ],
);
