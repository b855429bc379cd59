import type { Account, EnrolledFactor } from '../../../src/accounts/account.ts';
import { type FurtherFactors, mostFactors, type Twin } from '../../../src/factors/first-factor.ts';

/** Passes the same contract as storage/factor-additions. */
export function memoryFurtherFactors(rows: Map<string, Account>): FurtherFactors {
  return {
    async add({ accountId, sessionVersion, factor, kinds, twin }) {
      const account = rows.get(accountId);
      const { id, kind } = factor;
      const isTwin = (one: EnrolledFactor) => one.id === id || (one.kind === kind && isAlike(one.data, twin));
      if (!account?.active || account.sessionVersion !== sessionVersion || account.factors.some(isTwin)) return false;
      if (account.factors.some((one) => !kinds.includes(one.kind))) return false;
      if (account.factors.length === 0 || account.factors.length >= mostFactors) return false;
      rows.set(accountId, { ...account, factors: [...account.factors, structuredClone(factor)] });
      return true;
    },
  };
}

function isAlike(data: unknown, twin: Twin | undefined): boolean {
  if (twin === undefined) return false;
  return Object.entries(twin).every(([name, value]) => (data as Readonly<Record<string, unknown>>)[name] === value);
}
