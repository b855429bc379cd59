import mongoose from 'mongoose';
import { defined } from '../platform/defined.ts';

export interface Database {
  readonly connection: mongoose.Connection;
  /** Throws when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Tells an outage within two seconds instead of queueing; every write waits for the majority, because guarantees rest on it. */
export async function connect(options: { readonly uri: string; readonly databaseName?: string }): Promise<Database> {
  const connection = await mongoose
    .createConnection(options.uri, {
      ...defined({ dbName: options.databaseName }),
      bufferCommands: false,
      autoIndex: false,
      autoCreate: false,
      // In a row: absent stays absent instead of becoming null. A filter never gets as far (schema.ts).
      ignoreUndefined: true, // guard: absent-stays-absent
      serverSelectionTimeoutMS: 2_000, // guard: outage-told-at-once
      connectTimeoutMS: 2_000,
      waitQueueTimeoutMS: 2_000,
      socketTimeoutMS: 10_000,
      // A server that accepts and never answers is noticed by the next two of these, and what waits for it is told.
      heartbeatFrequencyMS: 2_000,
      writeConcern: { w: 'majority', wtimeoutMS: 5_000 }, // guard: connection-majority
    })
    .asPromise();
  return {
    connection,
    async ping() {
      await connection.getClient().db().command({ ping: 1 });
    },
    close: () => connection.close(),
  };
}

const duplicateKey = 11_000;

/** The field whose unique index refused the write, or undefined when `error` is something else. */
export function takenField(error: unknown): string | undefined {
  if (!(error instanceof mongoose.mongo.MongoServerError) || error.code !== duplicateKey) return undefined;
  return Object.keys(error.keyPattern ?? { _id: 1 })[0];
}

/** Of what befell several rows that were to be inserted: nothing but that their ids are taken. */
export function onlyTaken(error: unknown): boolean {
  if (!(error instanceof mongoose.mongo.MongoBulkWriteError)) return takenField(error) === '_id';
  const failed = [error.writeErrors].flat();
  return failed.length > 0 && failed.every(({ code }) => code === duplicateKey) && !error.result.getWriteConcernError();
}

const immutableField = 66;

/** Of several in a row, the place of the one that was refused for its row: it is none that may be changed, or its id is taken. */
export function unmetPlace(error: unknown): number | undefined {
  if (!(error instanceof mongoose.mongo.MongoBulkWriteError)) return undefined;
  const [refused] = [error.writeErrors].flat();
  return refused?.code === duplicateKey || refused?.code === immutableField ? refused.index : undefined;
}

/** Server codes that say "not now", from MongoDB's list of error codes: no primary, shutting down, time-outs, unconfirmed writes, disk full. */
const outageCodes: ReadonlySet<unknown> = new Set([
  6, 7, 50, 64, 79, 89, 91, 100, 112, 133, 134, 189, 262, 9001, 10058, 10107, 11600, 11602, 13435, 13436, 14031, 15986,
]);

const outageNames: ReadonlySet<string> = new Set([
  'MongooseServerSelectionError',
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoServerSelectionError',
  'MongoNotConnectedError',
  'MongoTopologyClosedError',
  'MongoClientClosedError',
  'MongoExpiredSessionError',
  'MongoPoolClearedError',
  'MongoPoolClosedError',
  'MongoStalePrimaryError',
  'PoolClearedOnNetworkError',
  'MongoWaitQueueTimeoutError',
  'MongoOperationTimeoutError',
  'MongoWriteConcernError',
  'MongoServerClosedError',
]);

/** A command written in the moment in which the server hangs up: the driver hands on the socket's error as it is. */
const socketCodes: ReadonlySet<unknown> = new Set(['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED']);

/** True when the database could not be asked, as against having refused: the 503s, and never a reason to let anybody in. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (outageNames.has(error.name) || socketCodes.has((error as NodeJS.ErrnoException).code)) return true; // guard: lost-connection-outage
  if (error instanceof mongoose.mongo.MongoServerError && outageCodes.has(error.code)) return true; // guard: server-state-outage
  // Of what befell several rows at once the driver hands on the words alone, unless the server answered: that has a code.
  if (error instanceof mongoose.mongo.MongoBulkWriteError && error.code === undefined) return true; // guard: bulk-outage-recognized
  // Server and driver say so themselves, of codes too that are not in our list.
  if (error instanceof mongoose.mongo.MongoError && error.hasErrorLabel('RetryableWriteError')) return true;
  // mongoose wraps, and says only in words that it was never connected.
  if (error instanceof mongoose.MongooseError && error.message.includes('before initial connection')) return true;
  return error.cause !== undefined && error.cause !== error && isOutage(error.cause);
}
