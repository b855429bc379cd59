import { type Connection, Schema } from 'mongoose';
import { defined } from '../platform/defined.ts';
import { triesPerChallenge } from '../protection/budgets.ts';
import type {
  AccountChangeAttempt,
  Attempt,
  AttemptChange,
  Attempts,
  ResetAttempt,
  SignInAttempt,
  TriesOf,
} from '../sign-in/attempt.ts';
import { checkedRows } from './checked-rows.ts';
import { type Database, takenField } from './connection.ts';
import { storedIn } from './schema.ts';

interface Stored {
  readonly _id: string;
  readonly removeAt: Date;
  readonly emptied: boolean;
}

/** A row without a purpose is a sign-in. */
type SignInRow = Omit<SignInAttempt, 'id' | 'purpose'> & Stored & { readonly purpose?: undefined };

type ChangeRow = Omit<AccountChangeAttempt, 'id' | 'sessionId'> &
  Stored & { readonly asked: Pick<AccountChangeAttempt, 'sessionId'> };

type ResetRow = Omit<ResetAttempt, 'id' | 'mailbox'> & Stored & { readonly asked: Pick<ResetAttempt, 'mailbox'> };

export type AttemptRow = SignInRow | ChangeRow | ResetRow;

const day = 24 * 60 * 60_000;
const asGiven = Schema.Types.Mixed;

const schema = storedIn<AttemptRow>('attempts', {
  _id: String,
  revision: Number,
  clientId: String,
  expiresAt: Date,
  asked: asGiven,
  browserMark: String,
  interaction: String,
  purpose: String,
  shown: String,
  accountId: String,
  sessionVersion: Number,
  proofs: { type: [asGiven], default: undefined },
  stay: Boolean,
  knownBrowser: Boolean,
  registration: asGiven,
  deliveredCode: asGiven,
  enrolment: asGiven,
  challenge: asGiven,
  way: String,
  clockOffSeconds: Number,
  recovery: asGiven,
  recoveryLeft: Number,
  consent: { type: [String], default: undefined },
  chosen: String,
  finishedAt: Date,
  refused: Boolean,
  events: { type: [asGiven], default: undefined },
  removeAt: Date,
  emptied: Boolean,
});

export function attemptRows(connection: Connection) {
  return checkedRows(connection, schema);
}

/** The update that leaves the client alone: the page for an expired sign-in leads back to it. */
export const emptiedAttempt = [
  {
    $replaceWith: {
      _id: '$_id',
      clientId: '$clientId',
      expiresAt: '$expiresAt',
      removeAt: '$removeAt',
      emptied: { $literal: true },
    },
  },
];

/** What an advance may write: everything but what says which attempt, whose, and in which state it is. */
const changeable: readonly string[] = Object.keys(schema.paths).filter(
  (path) => !['_id', 'revision', 'clientId', 'asked', 'browserMark', 'purpose', 'removeAt', 'emptied'].includes(path), // guard: advance-keeps-purpose, advance-keeps-browser
);

export function mongoAttempts({ connection }: Database): Attempts {
  const attempts = attemptRows(connection);

  async function openInPlace(id: string, row: Omit<ChangeRow | ResetRow, '_id'>, now: Date): Promise<void> {
    const over = { _id: id, expiresAt: { $lte: now } }; // guard: running-change-not-replaced
    try {
      await attempts.replaceOne(over, row, { upsert: true });
    } catch (error) {
      // One that is not over holds the id: it stays.
      if (takenField(error) !== '_id') throw error;
    }
  }

  return {
    async open({ id, browserMark, interaction, ...fresh }) {
      await attempts.insertOne({ _id: id, browserMark, ...defined({ interaction }), ...rowOf(fresh) });
    },

    async openChange({ id, sessionId, ...fresh }, now) {
      await openInPlace(id, { ...rowOf({ ...fresh, asked: { sessionId } }), purpose: 'change' }, now);
    },

    async openReset({ id, mailbox, accountId, sessionVersion, shown, ...fresh }, now) {
      const whose = { accountId, sessionVersion, shown };
      await openInPlace(id, { ...rowOf({ ...fresh, asked: { mailbox } }), ...whose, purpose: 'reset' }, now);
    },

    async find(id, now) {
      const row = await attempts.findOne({ _id: id, expiresAt: { $gt: now } }); // guard: ended-attempt-not-found
      return row ? toAttempt(row) : undefined;
    },

    async advance(attempt, change, now) {
      const running = { _id: attempt.id, revision: attempt.revision, expiresAt: { $gt: now } }; // guard: advance-once-per-revision, ended-attempt-not-changed
      const row = await attempts.findOneAndUpdate({ ...running, ...unspentSince(attempt, change) }, updateOf(change), {
        // guard: code-written-back-keeps-tries
        returnDocument: 'after',
      });
      // Its purpose is never written: it stays what it was read as.
      return (row ? toAttempt(row) : undefined) as typeof attempt | undefined;
    },

    async takeTry(attempt, what, now) {
      const running = { _id: attempt.id, revision: attempt.revision, expiresAt: { $gt: now } }; // guard: no-try-passed-step, no-try-ended-attempt
      const { challenge, deliveredCode } = attempt;
      const tries = what === 'deliveredCode' ? deliveredCode?.tries : challenge.tries;
      if (tries === undefined || tries >= triesPerChallenge) return false; // guard: no-sixth-try
      const { filter, taken } = triesUpdate(attempt, what, now);
      const { modifiedCount } = await attempts.updateOne({ ...running, ...filter }, { $inc: taken });
      return modifiedCount === 1;
    },

    async takeCode({ binding, attemptId, now }) {
      const code = { 'deliveredCode.binding': binding, 'deliveredCode.expiresAt': { $gt: now } }; // guard: ended-code-not-taken, taken-code-own-binding
      const open = { 'deliveredCode.tries': { $lt: triesPerChallenge }, expiresAt: { $gt: now } }; // guard: spent-code-not-taken
      // The revision moves, so that no request in flight there judges it or writes it back.
      const ended = { $set: { 'deliveredCode.expiresAt': now }, $unset: { 'deliveredCode.binding': 1 } }; // guard: taken-code-over-there
      const row = await attempts.findOneAndUpdate(
        { _id: { $ne: attemptId }, ...code, ...open },
        { ...ended, $inc: { revision: 1 } }, // guard: taken-code-moves-revision
        { sort: { 'deliveredCode.sentAt': -1 }, returnDocument: 'before' }, // guard: newest-code-taken
      );
      return row?.deliveredCode;
    },

    async findClient(id, now) {
      const row = await attempts.findOne({ _id: id, removeAt: { $gt: now } }, { projection: { clientId: 1 } }); // guard: client-forgotten-after-day
      return row?.clientId;
    },

    async sweep(now) {
      const over = { emptied: false, expiresAt: { $lte: now }, events: { $exists: false } }; // guard: untold-attempt-not-emptied
      await attempts.updateMany(over, emptiedAttempt);
    },
  };
}

/** Which tries are taken, and where they must stand as they were read. */
function triesUpdate({ challenge, deliveredCode }: Attempt, what: TriesOf, now: Date) {
  const running = { 'challenge.tries': challenge.tries };
  switch (what) {
    case 'challenge':
      return { filter: { ...running }, taken: { 'challenge.tries': 1 } }; // guard: one-try-per-page
    case 'both': {
      const code = { 'deliveredCode.hash': deliveredCode?.hash, 'deliveredCode.tries': { $lt: triesPerChallenge } }; // guard: try-of-answered-code
      return { filter: { ...running, ...code }, taken: { 'challenge.tries': 1, 'deliveredCode.tries': 1 } }; // guard: one-shared-try-per-page
    }
    case 'deliveredCode': {
      const code = { 'deliveredCode.tries': deliveredCode?.tries, 'deliveredCode.expiresAt': { $gt: now } }; // guard: one-mailed-try-per-page, no-try-ended-code
      return { filter: code, taken: { 'deliveredCode.tries': 1 } };
    }
  }
}

/** An unspent code or a challenge that goes on must not give back, as it is written, the tries that were taken since it was read. */
function unspentSince({ deliveredCode, challenge }: Attempt, change: AttemptChange): object {
  const sameCode = deliveredCode && change.deliveredCode?.hash === deliveredCode.hash;
  const goesOn = change.challenge?.kind !== undefined && change.challenge.tries >= challenge.tries;
  return {
    ...(sameCode ? { 'deliveredCode.tries': change.deliveredCode?.tries } : {}),
    ...(goesOn ? { 'challenge.tries': challenge.tries } : {}), // guard: challenge-written-keeps-tries
  };
}

function updateOf(change: AttemptChange): object {
  const entries = Object.entries(change);
  const foreign = entries.find(([field]) => !changeable.includes(field));
  if (foreign) throw new TypeError(`An advance cannot write ${foreign[0]}`); // guard: advance-keeps-identity
  const { expiresAt } = change;
  return {
    $set: {
      ...Object.fromEntries(entries.filter(([, value]) => value !== undefined)),
      ...(expiresAt ? { removeAt: removalOf(expiresAt) } : {}),
    },
    $unset: Object.fromEntries(entries.filter(([, value]) => value === undefined).map(([field]) => [field, 1])),
    $inc: { revision: 1 }, // guard: advance-new-revision
  };
}

function rowOf<A>({ clientId, expiresAt, asked }: { clientId: string; expiresAt: Date; asked: A }) {
  const fresh = { revision: 0, proofs: [], challenge: { tries: 0 }, emptied: false };
  return { clientId, expiresAt, asked, removeAt: removalOf(expiresAt), ...fresh };
}

function removalOf(expiresAt: Date): Date {
  return new Date(expiresAt.getTime() + day);
}

export function toAttempt({ _id: id, removeAt: _removeAt, emptied: _emptied, ...row }: AttemptRow): Attempt {
  if (row.purpose === undefined) return { ...row, id, purpose: 'sign-in' };
  if (row.purpose === 'reset') {
    const { asked, ...rest } = row;
    return { ...rest, id, mailbox: asked.mailbox };
  }
  const { asked, ...rest } = row;
  return { ...rest, id, sessionId: asked.sessionId };
}
