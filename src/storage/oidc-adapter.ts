import type { Cipher } from '../platform/cipher.ts';
import { hashId } from '../platform/hash.ts';
import type { Database } from './connection.ts';
import type { HeldWrites } from './held-writes.ts';
import { libraryInteractions } from './library-interactions.ts';
import { librarySessions } from './library-sessions.ts';
import { loadModel, type OidcModel } from './oidc-models.ts';
import { type OidcRow, type OidcRows, oidcRows } from './oidc-rows.ts';
import type { RedeemedCodes } from './redeemed-code.ts';

/** What the adapter reads of a payload; the rest is sealed unseen. */
export interface OidcPayload {
  [field: string]: unknown;
  accountId?: string | undefined;
  clientId?: string | undefined;
  grantId?: string | undefined;
  uid?: string | undefined;
  userCode?: string | undefined;
  sessionUid?: string | undefined;
  level?: string | undefined;
  iat?: number | undefined;
  usedAt?: number | undefined;
  consumed?: number;
}

/** oidc-provider's Adapter, told structurally: the library itself is imported in oidc/ only. */
export interface OidcAdapter {
  upsert(id: string, payload: OidcPayload, expiresInSeconds?: number): Promise<void>;
  find(id: string): Promise<OidcPayload | undefined>;
  findByUid(uid: string): Promise<OidcPayload | undefined>;
  findByUserCode(userCode: string): Promise<OidcPayload | undefined>;
  consume(id: string): Promise<void>;
  destroy(id: string): Promise<void>;
  revokeByGrantId(grantId: string): Promise<void>;
}

/** The library's errors, handed in because it answers a stranger's as its own 500. */
export interface OidcErrors {
  readonly InvalidGrant: new (detail: string) => Error;
  readonly SessionNotFound: new (description: string) => Error;
  readonly LoginRequired: new (description: string) => Error;
  /** What an outage becomes: a 503 that the library passes on. */
  readonly unavailable: (cause: unknown) => Error;
}

export interface OidcAdapterOptions {
  readonly db: Database;
  readonly cipher: Pick<Cipher, 'seal' | 'open'>;
  readonly now: () => Date;
  readonly errors: OidcErrors;
  readonly held: HeldWrites;
  readonly redeemed: RedeemedCodes;
}

/** What a request gives before it saves the session that it is given in. */
const given: readonly string[] = ['Grant', 'AuthorizationCode'];

export function createOidcAdapter(options: OidcAdapterOptions): (model: string) => OidcAdapter {
  return (model) => {
    const adapter = new MongoOidcAdapter(loadModel(model), options);
    if (model === 'Interaction') return Object.assign(adapter, libraryInteractions(options));
    return model === 'Session' ? Object.assign(adapter, librarySessions(options)) : adapter;
  };
}

class MongoOidcAdapter implements OidcAdapter {
  readonly #model: OidcModel;
  readonly #options: OidcAdapterOptions;
  readonly #rows: OidcRows;

  constructor(model: OidcModel, options: OidcAdapterOptions) {
    this.#model = model;
    this.#options = options;
    this.#rows = oidcRows(options.db.connection, model.model);
  }

  async upsert(id: string, payload: OidcPayload, expiresInSeconds?: number): Promise<void> {
    const { held } = this.#options;
    const filter = { _id: hashId(id), model: this.#model.model };
    const write = { filter, update: this.#updateOf(filter._id, payload, expiresInSeconds), upsert: true };
    if (given.includes(filter.model) && held.hold(write)) return;
    await held.send([...held.take(), write]);
  }

  find(id: string): Promise<OidcPayload | undefined> {
    return this.#findLive({ _id: hashId(id) }); // guard: token-id-hashed
  }

  findByUid(uid: string): Promise<OidcPayload | undefined> {
    return this.#findLive({ uidHash: hashId(uid) });
  }

  findByUserCode(userCode: string): Promise<OidcPayload | undefined> {
    return this.#findLive({ userCodeHash: hashId(userCode) });
  }

  /** The library looks whether it is consumed, then asks this: only this update decides which of many at once is the one (RFC 6749 section 4.1.2). */
  async consume(id: string): Promise<void> {
    const { held, errors, now } = this.#options;
    const { model } = this.#model;
    const filter = { _id: hashId(id), model, consumedAt: { $exists: false } }; // guard: token-consumed-once
    const unmet = () => new errors.InvalidGrant(`${model} was consumed before`); // guard: token-reuse-told
    const write = { filter, update: { $set: { consumedAt: now() } }, unmet };
    // Before the token that is given for it, in the same command: whoever consumed it second has none.
    if (!held.hold(write)) await held.send([write]);
  }

  async destroy(id: string): Promise<void> {
    await this.#ask((rows) => rows.deleteOne({ _id: hashId(id) }));
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    const granted = { grantIdHash: hashId(grantId) };
    await this.#ask((rows) => rows.deleteMany(granted)); // guard: revoked-grant-own-tokens
  }

  async #findLive(key: Partial<OidcRow>): Promise<OidcPayload | undefined> {
    // "Not past" rather than "later than": a row without an end has no date to compare.
    const live = { ...key, expiresAt: { $not: { $lte: this.#options.now() } } }; // guard: ended-not-found-by-time
    const row = await this.#read(live);
    if (!row?.payload) return undefined;
    const payload: OidcPayload = JSON.parse(this.#options.cipher.open(row.payload, this.#context(row._id)));
    return row.consumedAt ? { ...payload, consumed: Math.floor(row.consumedAt.getTime() / 1000) } : payload; // guard: consumed-known
  }

  async #read(live: { readonly _id?: string }): Promise<OidcRow | null | undefined> {
    const { redeemed } = this.#options;
    const read = redeemed.take(this.#model.model, live._id);
    if (read) return read.row;
    const isCode = this.#model.model === 'AuthorizationCode';
    return this.#ask((rows) => (isCode ? redeemed.find(live) : rows.findOne(live)));
  }

  /** Never touches consumedAt: a late save cannot undo it. */
  #updateOf(_id: string, payload: OidcPayload, expiresInSeconds: number | undefined) {
    const { accountId, clientId, uid, userCode, grantId, sessionUid } = payload;
    const set = {
      payload: this.#options.cipher.seal(JSON.stringify(payload), this.#context(_id)), // guard: lookup-ids-hashed
      ...(accountId ? { accountId } : {}),
      ...(clientId ? { clientId } : {}),
      ...(uid ? { uidHash: hashId(uid) } : {}),
      ...(userCode ? { userCodeHash: hashId(userCode) } : {}),
      ...(grantId ? { grantIdHash: hashId(grantId) } : {}),
      ...(given.includes(this.#model.model) && sessionUid ? { sessionUidHash: hashId(sessionUid) } : {}),
      ...(this.#model.model === 'Grant' ? givenIn(payload) : {}),
    };
    if (expiresInSeconds === undefined) return { $set: set, $unset: { expiresAt: 1 as const } };
    return { $set: { ...set, expiresAt: new Date(this.#options.now().getTime() + expiresInSeconds * 1000) } };
  }

  #context(_id: string): string {
    return `oidc:${this.#model.model}:${_id}`; // guard: payload-bound-to-row
  }

  async #ask<Answer>(question: (rows: OidcRows) => Promise<Answer>): Promise<Answer> {
    await this.#options.held.settle(); // guard: held-found-by-its-request
    try {
      return await question(this.#rows);
    } catch (cause) {
      throw this.#options.errors.unavailable(cause); // guard: library-outage-503
    }
  }
}

function givenIn({ level, iat, usedAt }: OidcPayload): Partial<OidcRow> {
  const times = {
    ...(iat ? { givenAt: new Date(iat * 1000) } : {}),
    ...(usedAt ? { usedAt: new Date(usedAt * 1000) } : {}),
  };
  return { ...(level ? { level } : {}), ...times };
}
