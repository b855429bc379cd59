import type { Account } from '../../../src/accounts/account.ts';
import type { AdministeredAccounts } from '../../../src/accounts/administration.ts';
import { noGuesses } from '../../../src/protection/budgets.ts';
import type { Raises } from '../../../src/protection/consequences.ts';

/** Passes the same contract as storage/administration, on the rows of fakes/accounts. */
export function memoryAdministration(rows: Map<string, Account>): AdministeredAccounts {
  const change = async (id: string, raises: Raises, changed: (account: Account) => Partial<Account>) => {
    const account = rows.get(id);
    if (!account) return undefined;
    const raised = {
      sessionVersion: account.sessionVersion + raises.sessionVersion,
      securityVersion: account.securityVersion + raises.securityVersion,
    };
    rows.set(id, { ...account, ...changed(account), ...raised });
    return structuredClone(rows.get(id));
  };

  return {
    async list({ email = '', role, active, after = '', limit }) {
      const found = [...rows.values()].filter(
        (one) =>
          one.email > after &&
          one.email.startsWith(email) &&
          (role === undefined || one.roles.includes(role)) &&
          (active === undefined || one.active === active),
      );
      return structuredClone(found.sort((a, b) => (a.email < b.email ? -1 : 1)).slice(0, limit));
    },
    setActive: (id, active, raises) => change(id, raises, () => ({ active })),
    changeRoles: (id, { add, remove }, raises) =>
      change(id, raises, ({ roles }) => ({
        roles: [...new Set([...roles, ...add])].filter((role) => !remove.includes(role)),
      })),
    async setPass(id, pass, raises) {
      const { pass: _before, ...account } = (await change(id, raises, () => ({}))) ?? {};
      if (!('id' in account)) return undefined;
      rows.set(id, { ...(account as Account), ...(pass ? { pass } : {}) });
      return structuredClone(rows.get(id));
    },
    unlock: (id, raises) => change(id, raises, () => ({ guesses: noGuesses })),
    async resetFactors(id, raises) {
      const reset = await change(id, raises, () => ({ factors: [] }));
      if (!reset) return undefined;
      const { recovery: _recovery, recoveryDue: _due, preferredFactorId: _preferred, ...kept } = reset;
      const { twoStepOff: _off, pass: _pass, ...account } = kept;
      rows.set(id, account);
      return structuredClone(account);
    },
    raise: (id, raises) => change(id, raises, () => ({})),
    async delete(id) {
      rows.delete(id);
    },
  };
}
