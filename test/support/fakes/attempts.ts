import type { DeliveredCodeSpends } from '../../../src/factors/delivered-code.ts';
import { triesPerChallenge } from '../../../src/protection/budgets.ts';
import type { Attempt, Attempts } from '../../../src/sign-in/attempt.ts';

const day = 24 * 60 * 60_000;
const fixed = ['id', 'revision', 'clientId', 'asked', 'browserMark', 'purpose', 'sessionId', 'mailbox'];

export interface MemoryAttempts extends Attempts {
  readonly spendCode: DeliveredCodeSpends['spend'];
}

/** Passes the same contract as storage/attempts; `spendCode` that of storage/second-factor. */
export function memoryAttempts(): MemoryAttempts {
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
    async open({ id, ...given }) {
      if (rows.has(id)) throw new Error('duplicate id');
      rows.set(id, { id, purpose: 'sign-in', ...given, revision: 0, proofs: [], challenge: { tries: 0 } });
    },

    async openChange(given, now) {
      const { id } = given;
      const fresh = { revision: 0, proofs: [], challenge: { tries: 0 }, purpose: 'change' } as const;
      if (!running(id, now)) rows.set(id, { ...given, ...fresh });
      emptied.delete(id);
    },

    async openReset(given, now) {
      const { id } = given;
      const fresh = { revision: 0, proofs: [], challenge: { tries: 0 }, purpose: 'reset' } as const;
      if (!running(id, now)) rows.set(id, { ...given, ...fresh });
      emptied.delete(id);
    },

    async find(id, now) {
      return structuredClone(running(id, now));
    },

    async advance(attempt, change, now) {
      const foreign = Object.keys(change).find((field) => fixed.includes(field));
      if (foreign) throw new TypeError(`An advance cannot write ${foreign}`);
      const row = unchanged(attempt, now);
      const { deliveredCode } = change;
      if (!row) return undefined;
      const sameCode = attempt.deliveredCode && deliveredCode?.hash === attempt.deliveredCode.hash;
      if (sameCode && row.deliveredCode?.tries !== deliveredCode?.tries) return undefined;
      const { challenge } = change;
      const goesOn = challenge?.kind !== undefined && challenge.tries >= attempt.challenge.tries;
      if (goesOn && row.challenge.tries !== attempt.challenge.tries) return undefined;
      const entries = Object.entries({ ...row, ...change, revision: row.revision + 1 });
      const changed = Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as unknown as Attempt;
      rows.set(row.id, structuredClone(changed));
      return structuredClone(changed) as typeof attempt;
    },

    async takeTry(attempt, what, now) {
      const row = unchanged(attempt, now);
      if (!row) return false;
      const { deliveredCode } = row;
      if (what !== 'deliveredCode') {
        const { tries } = row.challenge;
        if (tries !== attempt.challenge.tries || tries >= triesPerChallenge) return false;
        const same = deliveredCode && deliveredCode.hash === attempt.deliveredCode?.hash;
        if (what === 'both' && (!same || deliveredCode.tries >= triesPerChallenge)) return false;
        const code =
          what === 'both' && same ? { deliveredCode: { ...deliveredCode, tries: deliveredCode.tries + 1 } } : {};
        rows.set(row.id, { ...row, ...code, challenge: { ...row.challenge, tries: tries + 1 } });
        return true;
      }
      if (!deliveredCode || deliveredCode.tries !== attempt.deliveredCode?.tries) return false;
      if (deliveredCode.tries >= triesPerChallenge || deliveredCode.expiresAt <= now) return false;
      rows.set(row.id, { ...row, deliveredCode: { ...deliveredCode, tries: deliveredCode.tries + 1 } });
      return true;
    },

    async takeCode({ binding, attemptId, now }) {
      const sent = ({ deliveredCode: code }: Attempt) => code?.sentAt?.getTime() ?? 0;
      const [newest] = [...rows.values()]
        .filter(({ id, expiresAt, deliveredCode: code }) => {
          if (id === attemptId || expiresAt <= now || code?.binding !== binding) return false;
          return code.expiresAt > now && code.tries < triesPerChallenge;
        })
        .sort((one, other) => sent(other) - sent(one));
      if (!newest?.deliveredCode) return undefined;
      const { binding: _, ...ended } = { ...newest.deliveredCode, expiresAt: now };
      rows.set(newest.id, { ...newest, deliveredCode: ended, revision: newest.revision + 1 });
      return structuredClone(newest.deliveredCode);
    },

    async spendCode({ flowId, hash, now }) {
      const row = rows.get(flowId);
      const code = row?.deliveredCode;
      if (!row || code?.hash !== hash || code.expiresAt <= now) return false;
      const { deliveredCode: _spent, ...rest } = row;
      rows.set(flowId, rest);
      return true;
    },

    async findClient(id, now) {
      const row = rows.get(id);
      return row && row.expiresAt.getTime() + day > now.getTime() ? row.clientId : undefined;
    },

    async sweep(now) {
      for (const { id, clientId, expiresAt } of rows.values()) {
        if (expiresAt > now || emptied.has(id)) continue;
        emptied.add(id);
        const kept = { id, clientId, expiresAt, revision: 0, proofs: [], challenge: { tries: 0 } };
        rows.set(id, { ...kept, purpose: 'change', sessionId: '' });
      }
    },
  };
}
