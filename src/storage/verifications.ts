import type { OpenVerifications } from '../delivery/open-verifications.ts';
import { hashId } from '../platform/hash.ts';
import type { Database } from './connection.ts';
import { exact } from './schema.ts';

interface VerificationRow {
  /** SHA-256 of the number: this needs no list of phones. */
  readonly _id: string;
  readonly reference: string;
  readonly expiresAt: Date;
}

const duplicateKey = 11000;

export function mongoVerifications({ connection }: Database): OpenVerifications {
  const verifications = connection.collection<VerificationRow>('verifications');
  return {
    async find(number, now) {
      const row = await verifications.findOne(exact({ _id: hashId(number), expiresAt: { $gt: now } })); // guard: verification-found-until-end
      return row?.reference;
    },

    async replace({ number, earlier, reference, expiresAt, now }) {
      const replaceable = [{ expiresAt: { $lte: now } }, ...(earlier === undefined ? [] : [{ reference: earlier }])];
      try {
        // Where another one stands, the filter finds nothing, and the row that the upsert then makes is refused: its key is taken.
        const filter = exact({ _id: hashId(number), $or: replaceable }); // guard: verification-replaced-as-seen
        await verifications.updateOne(filter, { $set: { reference, expiresAt } }, { upsert: true });
        return true;
      } catch (error) {
        if ((error as { code?: unknown }).code === duplicateKey) return false;
        throw error;
      }
    },

    async holds(reference, now) {
      return (await verifications.findOne(open(reference, now))) !== null;
    },

    async spend(reference, now) {
      const { deletedCount } = await verifications.deleteOne(open(reference, now));
      return deletedCount === 1; // guard: verification-spent-once
    },
  };
}

function open(reference: string, now: Date) {
  return exact({ reference, expiresAt: { $gt: now } }); // guard: verification-open-until-end
}
