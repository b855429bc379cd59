import { guarded } from './mutation.ts';

const oidcAdapterContract = 'test/contract/oidc-adapter.test.ts';
const sessions = 'test/contract/sessions.test.ts';
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
      { guard: 'session-ends-once', replace: [', endedAt: { $exists: false }', ''] },
      {
        guard: 'ended-session-no-row',
        replace: [', endedAt: { $exists: false }', ''],
        secondGuardOf: 'tombstone-empty',
        tests: [oidcAdapterContract, sessions],
      },
      { guard: 'ended-session-not-revived', replace: [', endedAt: { $exists: false }', ''] },
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
];
