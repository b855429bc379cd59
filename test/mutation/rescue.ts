import { guarded } from './mutation.ts';

const slots = 'test/unit/slots.test.ts';
const helpAsked = 'test/flow/help-asked.test.ts';
const channels = 'test/unit/channels.test.ts';

export const rescue = [
  ...guarded(
    [channels],
    [
      { guard: 'rescue-a-day-after-reset', replace: ["rescue: 'a-day-apart'", "rescue: 'apart'"] },
      { guard: 'reset-a-day-after-rescue', replace: ["reset: 'a-day-apart'", "reset: 'apart'"] },
      { guard: 'reset-and-rescue-a-day-apart', replace: ['24', '23'] },
      { guard: 'channel-one-proof-per-sign-in', replace: ['before(used) && ', 'used.at > now && '] },
      { guard: 'channel-in-all-spellings', replace: ['foldedRecipient(destination)', 'destination'] },
    ],
  ),
  ...guarded(
    [slots],
    [{ guard: 'slot-held-its-whole-time', replace: ['{ limit: 1, milliseconds }', '{ limit: 2, milliseconds }'] }],
  ),
  ...guarded(
    [helpAsked],
    [
      { guard: 'help-three-an-hour', replace: ['limit: 3', 'limit: 4'] },
      { guard: 'help-limit-sends-nothing' },
      { guard: 'help-limited-in-all' },
      { guard: 'nobody-to-write-to', replace: ['if (administrators) ', ''] },
      { guard: 'help-mail-rough-place', replace: ['await deps.places.of(origin.address)', 'origin.address'] },
      { guard: 'help-mail-failure-untold', replace: ['deps.report(cause)', 'throw cause'] },
    ],
  ),
];
