import type { Cipher } from '../platform/cipher.ts';
import { hashId } from '../platform/hash.ts';
import { attemptRows } from './attempts.ts';
import type { OidcAdapter, OidcAdapterOptions, OidcPayload } from './oidc-adapter.ts';

/** The library's half of a sign-in's row, as it is kept there: bound to that row. */
export function interactionSeal(cipher: Pick<Cipher, 'seal' | 'open'>) {
  const context = (attemptId: string) => `oidc:Interaction:${attemptId}`; // guard: interaction-bound-to-row
  return {
    seal: (attemptId: string, payload: object): string => cipher.seal(JSON.stringify(payload), context(attemptId)),
    open: (attemptId: string, sealed: string): OidcPayload => JSON.parse(cipher.open(sealed, context(attemptId))),
  };
}

/**
 * The library's Interaction is half of the row of its attempt, made with it (oidc/opening.ts) and written with it. What was
 * resumed or ended has none any more, and nothing that the library saves brings it back.
 */
export function libraryInteractions({
  db,
  cipher,
  now,
  errors,
}: OidcAdapterOptions): Pick<OidcAdapter, 'find' | 'upsert' | 'destroy'> {
  const attempts = attemptRows(db.connection);
  const sealed = interactionSeal(cipher);
  const ask = async <Answer>(question: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await question();
    } catch (cause) {
      throw errors.unavailable(cause); // guard: interaction-outage-503
    }
  };
  const live = (uid: string) => ({ _id: hashId(uid), interaction: { $exists: true }, expiresAt: { $gt: now() } }); // guard: ended-interaction-not-found

  return {
    async find(uid) {
      const row = await ask(() => attempts.findOne(live(uid)));
      return row?.purpose === undefined && row?.interaction ? sealed.open(row._id, row.interaction) : undefined;
    },

    async upsert(uid, payload) {
      const $set = { interaction: sealed.seal(hashId(uid), payload) };
      await ask(() => attempts.updateOne(live(uid), { $set })); // guard: ended-interaction-not-revived
    },

    /** Resume is not atomic in the library: of 20 at once 20 got a code, until the one that ends the interaction goes on alone. What is in flight in the attempt ends with it. */
    async destroy(uid) {
      const ended = { $unset: { interaction: 1 }, $inc: { revision: 1 } }; // guard: resumed-moves-revision
      const { modifiedCount } = await ask(() => attempts.updateOne(live(uid), ended)); // guard: interaction-buried-once
      if (modifiedCount !== 1) throw new errors.SessionNotFound('the interaction is finished'); // guard: interaction-ends-once
    },
  };
}
