import { guarded } from './mutation.ts';

const oidcAdapterContract = 'test/contract/oidc-adapter.test.ts';
const librarySessions = 'test/contract/library-sessions.test.ts';
const libraryInteractions = 'test/contract/library-interactions.test.ts';
const attemptEvents = 'test/contract/attempt-events.test.ts';
const gatheredRows = 'test/contract/gathered-rows.test.ts';
const heldWrites = 'test/contract/held-writes.test.ts';
const redeemedCode = 'test/contract/redeemed-code.test.ts';
const oneCommand = 'test/flow/one-command.test.ts';
const joinedSessions = 'test/contract/joined-sessions.test.ts';
const dump = 'test/flow/dump.test.ts';

export const oidcAdapter = [
  ...guarded(
    [oidcAdapterContract],
    [
      { guard: 'token-consumed-once', replace: [', consumedAt: { $exists: false }', ''] },
      { guard: 'token-reuse-told', replace: ['new errors.InvalidGrant(`${model} was consumed before`)', 'undefined'] },
      { guard: 'consumed-known', replace: ['row.consumedAt ', 'row.payload === undefined '] },
      { guard: 'ended-not-found-by-time', replace: [', expiresAt: { $not: { $lte: this.#options.now() } }', ''] },
      {
        guard: 'payload-bound-to-row',
        replace: [
          '`oidc:${this.#model.model}:${_id}`',
          "_id.slice(0, 0).concat('oidc') || `oidc:${this.#model.model}:${_id}`",
        ],
      },
      {
        guard: 'token-id-hashed',
        replace: ['hashId', 'id.length === 43 ? id : hashId'],
        tests: [oidcAdapterContract, dump],
      },
      { guard: 'lookup-ids-hashed', replace: [')),', ')),\n      ...({ seen: JSON.stringify(payload) } as object),'] },
      { guard: 'library-outage-503', replace: ['this.#options.errors.unavailable(cause)', 'cause'] },
      { guard: 'revoked-grant-own-tokens', replace: ['deleteMany', 'find'] },
      { guard: 'rows-of-own-model', replace: [', model }', ' }'] },
    ],
  ),
  ...guarded(
    [libraryInteractions],
    [
      {
        guard: 'interaction-bound-to-row',
        replace: ['`oidc:Interaction:${attemptId}`', "attemptId.slice(0, 0).concat('oidc')"],
      },
      {
        guard: 'interaction-outage-503',
        replace: ['errors.unavailable(cause)', 'cause'],
        tests: [oidcAdapterContract],
      },
      { guard: 'ended-interaction-not-found', replace: [', expiresAt: { $gt: now() }', ''] },
      { guard: 'ended-interaction-not-revived', replace: ['live(uid)', '{ _id: hashId(uid) }'] },
      { guard: 'interaction-buried-once', replace: ['live(uid)', '{ _id: hashId(uid) }'] },
      { guard: 'interaction-ends-once', replace: ['!== 1', '> 1'] },
      { guard: 'resumed-moves-revision', replace: [', $inc: { revision: 1 }', ''] },
    ],
  ),
  ...guarded(
    [attemptEvents],
    [
      { guard: 'moved-event-once', replace: ['events: 1', 'consent: 1'] },
      { guard: 'erased-account-events-first' },
      { guard: 'untold-attempt-not-emptied', replace: [', events: { $exists: false }', ''] },
      { guard: 'only-taken-ids-passed-over', replace: ['!onlyTaken(error)', 'onlyTaken(error) === undefined'] },
      { guard: 'lone-password-waiting-gives-nothing', replace: [", 'event.detail': { $ne: '1fa' }", ''] },
    ],
  ),
  ...guarded(
    [librarySessions],
    [
      { guard: 'session-payload-bound', replace: ['`oidc:Session:${idHash}`', "idHash.slice(0, 0).concat('oidc')"] },
      { guard: 'session-outage-503', replace: ['errors.unavailable(cause)', 'cause'], tests: [oidcAdapterContract] },
      {
        guard: 'session-id-hashed',
        replace: ['hashId', 'id.length === 43 ? id : hashId'],
        tests: [librarySessions, dump],
      },
      { guard: 'session-payload-sealed', replace: [';', '.concat(JSON.stringify(said));'] },
      { guard: 'session-save-own-row', replace: [', idHash: kept.idHash ?? idHash, ...notEnding', ', ...notEnding'] },
      { guard: 'ended-session-not-begun', replace: ['kept.idHash === undefined', 'kept !== undefined'] },
      { guard: 'ending-session-not-found', replace: ['{ endedAt: { $exists: false } }', '{}'] },
      { guard: 'record-own-account' },
      { guard: 'saved-seen-never-back', replace: ['$max', '$set'] },
    ],
  ),
  ...guarded(
    [joinedSessions],
    [
      { guard: 'over-sessions-not-joined', replace: [', endedAt: { $exists: false }, expiresAt: { $gt: now }', ''] },
      { guard: 'joined-session-stays', replace: ["'$$new', '$$ROOT'", "'$$ROOT', '$$new'"] },
      { guard: 'session-without-record-ends', replace: ['discard', 'insert'] },
    ],
  ),
  ...guarded(
    [heldWrites],
    [
      { guard: 'held-outage-503', replace: ['errors.unavailable(cause)', 'cause'] },
      { guard: 'unmet-write-told' },
      { guard: 'unmet-update-last', replace: ["{ $setOnInsert: { _id: '' } }", '{}'] },
      { guard: 'held-found-by-its-request' },
      { guard: 'held-written-at-end', replace: ['take(of)', 'take(of).slice(0, 0)'], tests: [heldWrites, oneCommand] },
      { guard: 'ended-session-given-no-code', replace: ['some(givesCode)', 'every((one) => !one)'] },
      {
        guard: 'session-before-its-code',
        replace: [
          '[{ filter, update: { ...update, $set, $unset }, upsert: begins, unmet }, ...given]',
          '[...given, { filter, update: { ...update, $set, $unset }, upsert: begins, unmet }]',
        ],
      },
      { guard: 'refused-code-not-sent', tests: [oneCommand] },
    ],
  ),
  ...guarded(
    [redeemedCode],
    [
      { guard: 'read-ahead-once' },
      { guard: 'read-ahead-grant-live', replace: [', expiresAt: { $not: { $lte: now } }', ''] },
      { guard: 'read-ahead-session-live', replace: [', ...notEnding', ''] },
    ],
  ),
  ...guarded(
    [gatheredRows],
    [
      { guard: 'gathered-row-own-model', replace: ['{ model }', "{ model: 'Session' }"] },
      { guard: 'gathered-row-stays', replace: ['keepExisting', 'replace'] },
    ],
  ),
];
