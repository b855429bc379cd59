import type { OpenVerifications } from '../../../src/delivery/open-verifications.ts';

/** Passes the same contract as storage/verifications. */
export function memoryVerifications(): OpenVerifications {
  const rows = new Map<string, { readonly reference: string; readonly expiresAt: Date }>();
  const numberOf = (reference: string, now: Date) =>
    [...rows].find(([, row]) => row.reference === reference && row.expiresAt > now)?.[0];
  return {
    async find(number, now) {
      const row = rows.get(number);
      return row && row.expiresAt > now ? row.reference : undefined;
    },
    async replace({ number, earlier, reference, expiresAt, now }) {
      const row = rows.get(number);
      if (row && row.expiresAt > now && row.reference !== earlier) return false;
      rows.set(number, { reference, expiresAt });
      return true;
    },
    async holds(reference, now) {
      return numberOf(reference, now) !== undefined;
    },
    async spend(reference, now) {
      return rows.delete(numberOf(reference, now) ?? '');
    },
  };
}
