import { triesPerChallenge } from '../../../src/protection/budgets.ts';
import type { Attempt, Attempts } from '../../../src/sign-in/attempt.ts';

const day = 24 * 60 * 60_000;
const fixed = ['id', 'revision', 'clientId', 'asked'];

/** Passes the same contract as storage/attempts. */
export function memoryAttempts(): Attempts {
  const rows = new Map<string, Attempt>();
  const emptied = new Set<string>();

  const running = (id: string, now: Date) => {
    const row = rows.get(id);
    return row && row.expiresAt > now ? row : undefined;
  };
  const unchanged = ({ id, revision }: Attempt, now: Date) => {
    const row = running(id, now);
    return row?.revision === revision ? row : undefined;
  };

  return {
    async open({ id, clientId, expiresAt, asked }) {
      if (rows.has(id)) throw new Error('duplicate id');
      rows.set(id, { id, clientId, expiresAt, asked, revision: 0, proofs: [], challengeTries: 0 });
    },

    async find(id, now) {
      return structuredClone(running(id, now));
    },

    async advance(attempt, change, now) {
      const foreign = Object.keys(change).find((field) => fixed.includes(field));
      if (foreign) throw new TypeError(`An advance cannot write ${foreign}`);
      const row = unchanged(attempt, now);
      const { mailCode } = change;
      if (!row) return undefined;
      const sameCode = attempt.mailCode && mailCode?.hash === attempt.mailCode.hash;
      if (sameCode && row.mailCode?.tries !== mailCode?.tries) return undefined;
      const entries = Object.entries({ ...row, ...change, revision: row.revision + 1 });
      const changed = Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as unknown as Attempt;
      rows.set(row.id, structuredClone(changed));
      return structuredClone(changed);
    },

    async takeTry(attempt, what, now) {
      const row = unchanged(attempt, now);
      if (!row) return false;
      if (what === 'challenge') {
        if (row.challengeTries !== attempt.challengeTries || row.challengeTries >= triesPerChallenge) return false;
        rows.set(row.id, { ...row, challengeTries: row.challengeTries + 1 });
        return true;
      }
      const { mailCode } = row;
      if (!mailCode || mailCode.tries !== attempt.mailCode?.tries) return false;
      if (mailCode.tries >= triesPerChallenge || mailCode.expiresAt <= now) return false;
      rows.set(row.id, { ...row, mailCode: { ...mailCode, tries: mailCode.tries + 1 } });
      return true;
    },

    async findClient(id, now) {
      const row = rows.get(id);
      return row && row.expiresAt.getTime() + day > now.getTime() ? row.clientId : undefined;
    },

    async sweep(now) {
      for (const { id, clientId, expiresAt, asked } of rows.values()) {
        if (expiresAt > now || emptied.has(id)) continue;
        emptied.add(id);
        rows.set(id, { id, clientId, expiresAt, asked, revision: 0, proofs: [], challengeTries: 0 });
      }
    },
  };
}
