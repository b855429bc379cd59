import { accountRows } from './account-row.ts';
import { attemptRows } from './attempts.ts';
import type { Database } from './connection.ts';

const done = { _id: 'factor_data' };
/** What kinds kept beside what every factor has, before each had a place of its own for it. */
const moved = ['sealedSecret', 'lastStep', 'refusedSteps', 'destination'] as const;

/**
 * Once for each database: rows from before factors owned their data get it. Each row is rewritten by one update that looks at
 * what stands there itself, so two processes at once do no more than one, and one that was broken off begins again.
 */
export async function moveFactorData({ connection }: Database, now: Date): Promise<void> {
  const migrations = connection.collection<{ readonly _id: string; readonly at: Date }>('migrations');
  if (await migrations.findOne(done)) return;
  const without = { $elemMatch: { data: { $exists: false } } }; // guard: factor-data-moved
  await accountRows(connection).updateMany({ factors: without }, [{ $set: { factors: movedFactors } }]);
  const pending = { enrolment: { $exists: true }, 'enrolment.data': { $exists: false } }; // guard: pending-data-moved
  await attemptRows(connection).updateMany(pending, [{ $set: { enrolment: movedEnrolment } }]);
  const counted = { emptied: false, challenge: { $exists: false } }; // guard: wrong-answers-counted-on
  await attemptRows(connection).updateMany(counted, [{ $set: { challenge } }, { $unset: 'challengeTries' }]);
  await migrations.updateOne(done, { $set: { at: now } }, { upsert: true });
}

/** Members that a row does not have are in what is made of it none either. */
const ownData = (row: string) => Object.fromEntries(moved.map((name) => [name, `${row}.${name}`]));

const movedFactors = {
  $map: {
    input: '$factors',
    as: 'factor',
    in: {
      $cond: [
        { $eq: [{ $type: '$$factor.data' }, 'missing'] }, // guard: factor-data-of-today-stays
        { ...named('$$factor', ['id', 'kind', 'name', 'createdAt', 'lastUsedAt']), data: ownData('$$factor') },
        '$$factor',
      ],
    },
  },
};

/** Replaced as a whole: an object alone would be merged with what stands there. */
const movedEnrolment = {
  $cond: [
    { $eq: [{ $type: '$enrolment.data' }, 'missing'] },
    { ...named('$enrolment', ['factorId', 'kind', 'expiresAt', 'renewed']), data: ownData('$enrolment') },
    '$enrolment',
  ],
};

const challenge = { tries: { $ifNull: ['$challengeTries', 0] } };

function named(row: string, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, `${row}.${name}`]));
}
