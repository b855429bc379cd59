import { type Connection, Schema } from 'mongoose';
import type { SessionRecord, ToldClient } from '../sign-in/sessions.ts';
import { checkedRows } from './checked-rows.ts';
import { part, storedIn } from './schema.ts';

/** An id is a token, a cookie or a code: only its hash is stored, and everything said under it is sealed to that hash. */
export type OidcRow = Partial<Omit<SessionRecord, 'id'>> & {
  /** SHA-256 of the id; of a session, of its uid. */
  readonly _id: string;
  /** The library's name for what this is: each question is for rows of one model, or of those it lists. */
  readonly model?: string;
  readonly payload?: string;
  readonly clientId?: string;
  readonly uidHash?: string;
  readonly userCodeHash?: string;
  readonly grantIdHash?: string;
  /** Of a grant and a code: the session it was given in (the id of its record). Of a grant: how well that was proved, when, and when it was used last. */
  readonly sessionUidHash?: string;
  readonly level?: string;
  readonly givenAt?: Date;
  readonly usedAt?: Date;
  readonly consumedAt?: Date;
  /** Ended, or its end has begun: worth nothing any more. */
  readonly endedAt?: Date;
  /** Of a session: SHA-256 of the library's id of it, which is the cookie: changes where the library rotates it. */
  readonly idHash?: string;
  /** Of a session: when it is over for the library. Our own end is another. */
  readonly libraryEndsAt?: Date;
  /** Of a session: clients that are told of its end, and what each of them knows it by. */
  readonly clients?: readonly ToldClient[];
};

const schema = storedIn<OidcRow>('oidc', {
  ...{ _id: String, model: String, payload: String, accountId: String, clientId: String, expiresAt: Date },
  ...{ uidHash: String, userCodeHash: String, grantIdHash: String, sessionUidHash: String, level: String },
  ...{ givenAt: Date, usedAt: Date, consumedAt: Date, endedAt: Date },
  ...{ idHash: String, libraryEndsAt: Date },
  ...{ sessionVersion: Number, signedInAt: Date, lastSeen: Date, idleSeconds: Number },
  ...{ browser: String, address: String },
  proofs: { type: [Schema.Types.Mixed], default: undefined },
  clients: { type: [part({ clientId: String, sid: String })], default: undefined },
});

/** One of several writes that go in one command, of whatever models. */
export interface OidcWrite {
  readonly filter: OidcFilter;
  readonly update: object;
  readonly upsert?: boolean;
  /** It has to meet a row that it may change; what whoever asked for it is told if it met none. */
  readonly unmet?: () => Error | undefined;
}

export type OidcFilter = { readonly _id: string; readonly model: string };

export type OidcRows = ReturnType<typeof oidcRows>;

/** Rows of these models alone: a row of another one is never found, changed or ended by them, whatever its id. */
export function oidcRows(connection: Connection, ...models: readonly string[]) {
  const rows = checkedRows(connection, schema);
  const model = models.length === 1 ? models[0] : { $in: models };
  const own = (filter: object) => ({ ...filter, model }); // guard: rows-of-own-model
  type Rows = typeof rows;
  return {
    findOne: (filter: object, options?: Parameters<Rows['findOne']>[1]) => rows.findOne(own(filter), options),
    find: (filter: object, options?: Parameters<Rows['find']>[1]) => rows.find(own(filter), options),
    findOneAndUpdate: (filter: object, update: object, options: Parameters<Rows['findOneAndUpdate']>[2]) =>
      rows.findOneAndUpdate(own(filter), update, options),
    updateOne: (filter: object, update: object, options?: Parameters<Rows['updateOne']>[2]) =>
      rows.updateOne(own(filter), update, options),
    /** Each names its model itself. */
    updateInOrder: (writes: readonly OidcWrite[]) => rows.updateInOrder(writes),
    updateMany: (filter: object, update: object) => rows.updateMany(own(filter), update),
    inParts: (filter: object, options: Parameters<Rows['inParts']>[1]) => rows.inParts(own(filter), options),
    aggregate: <Found>(filter: object, stages: readonly object[]) => rows.aggregate<Found>(own(filter), stages),
    deleteOne: (filter: object) => rows.deleteOne(own(filter)),
    deleteMany: (filter: object) => rows.deleteMany(own(filter)),
  };
}
