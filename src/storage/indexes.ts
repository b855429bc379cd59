import type { Database } from './connection.ts';

interface Index {
  readonly key: Readonly<Record<string, 1 | -1>>;
  readonly unique?: true;
  /** Only rows that have the field. */
  readonly sparse?: true;
  /** Only rows of this model of the library. */
  readonly partialFilterExpression?: { readonly model: string };
  readonly name?: string;
  /** Sweeps a row once this date has passed. Never the judge of whether it is valid: every read compares the time itself. */
  readonly expireAfterSeconds?: 0;
}

const swept = (field: string): Index => ({ key: { [field]: 1 }, expireAfterSeconds: 0 }); // guard: past-rows-expire

/** Every index, by collection; a query that none of these serves fails test/contract/indexes.test.ts. */
export const indexes: Readonly<Record<string, readonly Index[]>> = {
  accounts: [
    { key: { email: 1 }, unique: true }, // guard: email-unique
    { key: { username: 1 }, unique: true, sparse: true }, // guard: username-unique
    { key: { usernameSkeleton: 1 }, unique: true, sparse: true }, // guard: username-skeleton-unique
    { key: { roles: 1, email: 1 } },
  ],
  attempts: [
    swept('removeAt'),
    { key: { emptied: 1, expiresAt: 1 } },
    sparse('accountId'),
    sparse('deliveredCode.accountId'),
    sparse('deliveredCode.binding'),
    sparse('events.event.at'),
  ],
  oidc: [
    swept('expiresAt'),
    // Over is over, for the library or by our own record.
    swept('libraryEndsAt'),
    ofModel('Session', 'accountId'),
    ofModel('Grant', 'accountId'),
    sparse('grantIdHash'),
    sparse('userCodeHash'),
    { key: { idHash: 1 }, unique: true, sparse: true }, // guard: session-id-unique
    sparse('endedAt'),
    sparse('clients.clientId'),
  ],
  consents: [{ key: { accountId: 1, clientId: 1 }, unique: true }], // guard: consent-unique
  logouts: [{ key: { dueAt: 1 } }],
  events: [{ key: { accountId: 1, at: -1 } }, { key: { kind: 1, at: -1 } }],
  links: [swept('expiresAt'), { key: { tokenHash: 1 } }, sparse('accountId')],
  remembered_devices: [swept('expiresAt'), { key: { accountId: 1 } }],
  send_budgets: [swept('expiresAt')],
  verifications: [swept('expiresAt'), { key: { reference: 1 } }],
  address_budgets: [swept('expiresAt')],
};

function sparse(field: string): Index {
  return { key: { [field]: 1 }, sparse: true };
}

function ofModel(model: string, field: string): Index {
  return { key: { [field]: 1 }, name: `${model}_${field}`, partialFilterExpression: { model } };
}

/** Makes what is missing; awaited before the first request, because a unique index is the guarantee it stands for. */
export async function createIndexes({ connection }: Database): Promise<void> {
  await Promise.all(
    Object.entries(indexes).map(([collection, wanted]) =>
      connection.collection(collection).createIndexes(wanted.map((index) => ({ ...index }))),
    ),
  );
}
