import { guarded } from './mutation.ts';

const clientSettings = 'test/unit/client-settings.test.ts';
const reach = 'test/unit/reach.test.ts';
const sending = 'test/unit/back-channel.test.ts';
const logouts = 'test/contract/logouts.test.ts';
const faults = 'test/flow/back-channel-faults.test.ts';
const processes = 'test/flow/back-channel-processes.test.ts';
const endings = 'test/flow/back-channel-logout.test.ts';
const claims = 'test/flow/claims.test.ts';

export const backChannel = [
  ...guarded(
    [clientSettings],
    [{ guard: 'logout-uri-no-fragment' }, { guard: 'logout-uri-https', replace: ['production', 'test'] }],
  ),
  ...guarded(
    [reach],
    [
      { guard: 'logout-no-metadata', replace: [' || metadata.includes(read.toString())', ''] },
      { guard: 'logout-private-known' },
      { guard: 'logout-public-alone', replace: ["'never'", "'public'"] },
    ],
  ),
  ...guarded(
    [sending],
    [
      { guard: 'logout-address-judged' },
      { guard: 'logout-literal-judged' },
      { guard: 'logout-timeout', replace: ['timeoutMilliseconds', '10 * timeoutMilliseconds'], tests: [faults] },
    ],
  ),
  ...guarded(
    [processes],
    [
      { guard: 'logout-client-share', replace: ['mostOf(id)', 'most.all'] },
      { guard: 'logout-silent-share', replace: ['silent.has(id) ? most.ofSilent : ', ''] },
    ],
  ),
  ...guarded(
    [logouts],
    [
      { guard: 'logout-queued-once', replace: ['$setOnInsert', '$set'] },
      { guard: 'logout-not-before-due', replace: ['dueAt: { $lte: now }, ', ''] },
      { guard: 'logout-held', replace: ['$set: { dueAt: heldUntil }, ', ''] },
      { guard: 'logout-tries-counted', replace: [', $inc: { tries: 1 }', ''] },
      { guard: 'logout-put-back-by-holder', replace: ['id, tries', 'id'] },
      { guard: 'over-before-queued', replace: ['$set', '$setOnInsert'] },
      { guard: 'clients-told-of-end' },
      { guard: 'telling-session-not-dropped', replace: [' clients: { $exists: false } ', ''] },
      { guard: 'marked-session-left-to-its-end', replace: ['endedAt: { $exists: false }, ', ''] },
      { guard: 'marked-session-queued' },
      { guard: 'raised-session-queued', replace: ['endings.endOne({ _id, sessionVersion }, now)', 'undefined'] },
    ],
  ),
  ...guarded([endings], [{ guard: 'session-keeps-told-clients' }, { guard: 'logout-token-session' }]),
  ...guarded([claims], [{ guard: 'sid-in-id-tokens' }]),
];
