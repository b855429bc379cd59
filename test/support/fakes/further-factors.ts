import type { Account, EnrolledFactor } from '../../../src/accounts/account.ts';
import { type FurtherFactors, mostFactors } from '../../../src/factors/first-factor.ts';

/** Passes the same contract as storage/second-factor. */
export function memoryFurtherFactors(rows: Map<string, Account>): FurtherFactors {
  return {
    async add({ accountId, sessionVersion, factor, kinds }) {
      const account = rows.get(accountId);
      const { id, kind, destination } = factor;
      const isTwin = (one: EnrolledFactor) =>
        one.id === id || (destination !== undefined && one.kind === kind && one.destination === destination);
      if (!account?.active || account.sessionVersion !== sessionVersion || account.factors.some(isTwin)) return false;
      if (account.factors.some((one) => !kinds.includes(one.kind))) return false;
      if (account.factors.length === 0 || account.factors.length >= mostFactors) return false;
      rows.set(accountId, { ...account, factors: [...account.factors, structuredClone(factor)] });
      return true;
    },
  };
}
