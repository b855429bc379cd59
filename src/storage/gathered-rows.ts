import type { Database } from './connection.ts';

const done = { _id: 'oidc_rows' };

/** Where the rows of each model were kept. */
const before = {
  ...{ sessions: 'Session', oidc_grant: 'Grant', oidc_authorization_code: 'AuthorizationCode' },
  ...{ oidc_access_token: 'AccessToken', oidc_refresh_token: 'RefreshToken', oidc_device_code: 'DeviceCode' },
  oidc_pushed_authorization_request: 'PushedAuthorizationRequest',
  ...{ oidc_replay_detection: 'ReplayDetection', oidc_client: 'Client' },
};

/**
 * Once for each database: what the library keeps had a collection for each model and comes into one, sealed as it is, so that
 * people stay signed in and what they gave to clients goes on. Begun anew after a crash: a row that has come over is of today.
 */
export async function gatherOidcRows({ connection }: Database, now: Date): Promise<void> {
  const migrations = connection.collection<{ readonly _id: string; readonly at: Date }>('migrations');
  if (await migrations.findOne(done)) return;
  for (const [collection, model] of Object.entries(before)) {
    const rows = connection.collection(collection);
    await rows.aggregate([{ $set: { model } }, intoOne]).toArray(); // guard: gathered-row-own-model
    await rows.drop();
  }
  await migrations.updateOne(done, { $set: { at: now } }, { upsert: true });
}

const intoOne = {
  $merge: {
    into: 'oidc',
    on: '_id',
    whenMatched: 'keepExisting', // guard: gathered-row-stays
    whenNotMatched: 'insert',
  },
} as const;
