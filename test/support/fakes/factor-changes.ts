import type { Account, EnrolledFactor } from '../../../src/accounts/account.ts';
import type { FactorChanges, HeldFactor } from '../../../src/factors/factor-changes.ts';
import { type Change, raisesOf } from '../../../src/protection/consequences.ts';

/** Passes the same contract as storage/factor-changes, on the rows of fakes/accounts. */
export function memoryFactorChanges(rows: Map<string, Account>): FactorChanges {
  const asRead = ({ accountId, sessionVersion }: Pick<HeldFactor, 'accountId' | 'sessionVersion'>) => {
    const account = rows.get(accountId);
    return account?.active && account.sessionVersion === sessionVersion ? account : undefined;
  };
  const holding = (change: HeldFactor) => {
    const account = asRead(change);
    if (account?.factors.some(({ kind }) => !change.kinds.includes(kind))) return undefined;
    return account?.factors.some(({ id }) => id === change.factorId) ? account : undefined;
  };
  const write = (account: Account) => {
    rows.set(account.id, account);
    return structuredClone(account);
  };

  return {
    async rename({ name, ...held }) {
      const account = holding(held);
      if (!account) return false;
      const named = (factor: EnrolledFactor) => (factor.id === held.factorId ? { ...factor, name } : factor);
      write({ ...account, factors: account.factors.map(named) });
      return true;
    },

    async prefer(held) {
      const account = holding(held);
      if (account) write({ ...account, preferredFactorId: held.factorId });
      return account !== undefined;
    },

    async remove({ beside, unmarked, ...held }) {
      const account = holding(held);
      if (!account) return undefined;
      const factors = account.factors.filter(({ id }) => id !== held.factorId);
      if (beside && !factors.some(({ kind }) => beside.includes(kind))) return undefined;
      const { recovery, recoveryDue, twoStepOff, preferredFactorId, ...rest } = account;
      const left = factors.length > 0;
      return write({
        ...rest,
        ...raisedBy(account, 'factor_removed'),
        factors,
        ...(left && recovery ? { recovery: { level: unmarked, ...recovery } } : {}),
        ...(left && recoveryDue ? { recoveryDue } : {}),
        ...(left && twoStepOff !== undefined ? { twoStepOff } : {}),
        ...(factors.some(({ id }) => id === preferredFactorId) && preferredFactorId ? { preferredFactorId } : {}),
      });
    },

    async switchTwoStep({ off, ...read }) {
      const account = asRead(read);
      if (!account || (account.twoStepOff === true) === off || (off && account.factors.length === 0)) return undefined;
      if (off && account.factors.some(({ kind }) => !read.kinds.includes(kind))) return undefined;
      const { twoStepOff: _before, ...rest } = account;
      const raised = raisedBy(account, off ? 'two_step_off' : 'two_step_on');
      return write({ ...rest, ...raised, ...(off ? { twoStepOff: true } : {}) });
    },
  };
}

function raisedBy(account: Account, change: Change): Pick<Account, 'sessionVersion' | 'securityVersion'> {
  const { sessionVersion, securityVersion } = raisesOf(change);
  return {
    sessionVersion: account.sessionVersion + sessionVersion,
    securityVersion: account.securityVersion + securityVersion,
  };
}
