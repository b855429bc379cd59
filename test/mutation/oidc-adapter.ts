import { guarded } from './mutation.ts';

const oidcAdapterContract = 'test/contract/oidc-adapter.test.ts';
const librarySessions = 'test/contract/library-sessions.test.ts';
const joinedSessions = 'test/contract/joined-sessions.test.ts';
const dump = 'test/flow/dump.test.ts';

export const oidcAdapter = [
  ...guarded(
    [oidcAdapterContract],
    [
      { guard: 'token-consumed-once', replace: [', consumedAt: { $exists: false }', ''] },
      { guard: 'token-reuse-told', replace: ['!==', '>'] },
      { guard: 'consumed-known', replace: ['row.consumedAt ', 'row.endedAt && row.consumedAt '] },
      { guard: 'ended-not-found-by-time', replace: ['expiresAt: { $not: { $lte: this.#options.now() } }, ', ''] },
      {
        guard: 'tombstone-not-found',
        replace: [', endedAt: { $exists: false }', ''],
        secondGuardOf: 'tombstone-empty',
      },
      { guard: 'tombstone-empty', replace: ['$unset: forgotten, ', ''] },
      { guard: 'interaction-ends-once', replace: ['!ended', 'ended === undefined'] },
      { guard: 'interaction-buried-once', replace: [', endedAt: { $exists: false }', ''] },
      { guard: 'ended-interaction-not-revived', replace: [', endedAt: { $exists: false }', ''] },
      { guard: 'tombstone-outlives-requests', replace: [', $max: tombstoneEnd', ''] },
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
      { guard: 'revoked-grant-own-tokens', replace: ['deleteMany', 'countDocuments'] },
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
];
