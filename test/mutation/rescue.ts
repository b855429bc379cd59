import { guarded } from './mutation.ts';

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
];
