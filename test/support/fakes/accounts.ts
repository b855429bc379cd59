import type { Account, Accounts, EnrolledFactor, PasswordGuess } from '../../../src/accounts/account.ts';
import type { AdministeredAccounts } from '../../../src/accounts/administration.ts';
import { usernameSkeleton } from '../../../src/accounts/identifier.ts';
import type { DeliveredCodeSpends } from '../../../src/factors/delivered-code.ts';
import type { DeliveredData } from '../../../src/factors/delivered-data.ts';
import type { FactorChanges } from '../../../src/factors/factor-changes.ts';
import type { FirstFactors, FurtherFactors } from '../../../src/factors/first-factor.ts';
import type { PassSpends } from '../../../src/factors/pass.ts';
import type { RecoverySets } from '../../../src/factors/recovery-codes.ts';
import type { Rescues } from '../../../src/factors/rescue.ts';
import type { TotpSteps } from '../../../src/factors/totp.ts';
import { totpData } from '../../../src/factors/totp-data.ts';
import {
  type Budget,
  judgeTake,
  noBudget,
  noGuesses,
  passwordRule,
  type SecondFactorGuesses,
  secondFactorRule,
  type Taken,
} from '../../../src/protection/budgets.ts';
import { type Change, raisesOf } from '../../../src/protection/consequences.ts';
import { takeAsStranger } from '../../../src/protection/stranger-guesses.ts';
import type { PutOffs } from '../../../src/sign-in/enrolment/put-off.ts';

import { memoryAdministration } from './administration.ts';
import { memoryFactorChanges } from './factor-changes.ts';
import { memoryFurtherFactors } from './further-factors.ts';

export interface MemoryAccounts extends Accounts, AdministeredAccounts {
  readonly totpSteps: TotpSteps;
  readonly firstFactors: FirstFactors;
  readonly furtherFactors: FurtherFactors;
  readonly secondFactorGuesses: SecondFactorGuesses;
  readonly factorChanges: FactorChanges;
  readonly recoverySets: RecoverySets;
  readonly passes: PassSpends;
  readonly rescues: Rescues;
  readonly putOffs: PutOffs;
  readonly codeUsed: DeliveredCodeSpends['used'];
  /** What an administrator or another part would change. */
  change(id: string, change: Partial<Account>): Promise<void>;
}

/** Passes the same contract as storage/accounts and the stores of its factors. */
export function memoryAccounts(): MemoryAccounts {
  const rows = new Map<string, Account>();
  const write = (account: Account, change: Partial<Account>) => rows.set(account.id, { ...account, ...change });
  const copy = (account: Account | undefined) => account && structuredClone(account);
  const by = (wanted: (account: Account) => boolean) => [...rows.values()].find(wanted);
  const active = (id: string) => by((account) => account.id === id && account.active);

  function takeAsKnown(account: Account, browser: string, now: Date): PasswordGuess {
    const { guesses } = account;
    const guess = judgeTake(guesses.browsers[browser] ?? noBudget, passwordRule, now);
    const next = counted(guess);
    if (next) write(account, { guesses: { ...guesses, browsers: { ...guesses.browsers, [browser]: next } } });
    return { account: structuredClone(account), guess, dayFull: false, tell: [] };
  }

  function takeOfNetwork(account: Account, network: string, now: Date): PasswordGuess {
    const { guesses, toldOfGuesses } = account;
    const before = { guesses: guesses.password, warnedAt: toldOfGuesses ?? {} };
    const { after, ...taken } = takeAsStranger(before, network, now);
    const warnedAt = Object.keys(after.warnedAt).length === 0 ? {} : { toldOfGuesses: after.warnedAt };
    write(account, { guesses: { ...guesses, password: after.guesses }, ...warnedAt });
    return { account: structuredClone(account), ...taken };
  }

  return {
    find: async (id) => copy(rows.get(id)),
    findByEmail: async (email) => copy(by((account) => account.email === email)),
    findByIdentifier: async (identifier) =>
      copy(by((account) => account[identifier.includes('@') ? 'email' : 'username'] === identifier)),

    async takePasswordGuess({ identifier, known, network, now }) {
      const field = identifier.includes('@') ? 'email' : 'username';
      const account = by((one) => one[field] === identifier);
      if (!account) return undefined;
      const isKnown = known && /^[A-Za-z0-9_-]{16,64}$/.test(known.id) && known.accounts.includes(account.id);
      return isKnown ? takeAsKnown(account, known.id, now) : takeOfNetwork(account, network, now);
    },

    async create(fresh) {
      if (rows.has(fresh.id)) return 'exists';
      if (by((one) => one.email === fresh.email)) return 'email_taken';
      if (fresh.username !== undefined && by((one) => looksLike(one.username, fresh.username))) return 'username_taken';
      const made = {
        roles: fresh.roles ?? [],
        active: true,
        sessionVersion: 0,
        securityVersion: 0,
        factors: [],
        guesses: noGuesses,
      };
      rows.set(fresh.id, structuredClone({ ...fresh, ...made }));
      return 'created';
    },

    async rehash({ id, from, to }) {
      const account = rows.get(id);
      if (account?.passwordHash === from) write(account, { passwordHash: to });
    },

    async refillPassword(id) {
      const account = active(id);
      if (account) write(account, { guesses: { ...noGuesses, secondFactor: account.guesses.secondFactor } });
    },

    async change(id, change) {
      const account = rows.get(id);
      if (account) write(account, change);
    },

    ...memoryAdministration(rows),
    factorChanges: memoryFactorChanges(rows),

    totpSteps: {
      async guess({ accountId, factorId, step = -1, now }) {
        const account = active(accountId);
        if (!account) return { taken: { state: 'closed' }, spent: false };
        const taken = judgeTake(account.guesses.secondFactor, secondFactorRule, now);
        const next = counted(taken);
        if (!next) return { taken, spent: false };
        const found = account.factors.find((one) => {
          if (one.id !== factorId || one.kind !== 'totp') return false;
          const { lastStep, refusedSteps = [] } = totpData(one);
          return lastStep < step && !refusedSteps.includes(step);
        });
        if (!found) {
          write(account, { guesses: { ...account.guesses, secondFactor: next } });
          return { taken, spent: false };
        }
        const spent = { ...found, lastUsedAt: now, data: { ...totpData(found), lastStep: step } };
        write(account, {
          factors: account.factors.map((one) => (one === found ? spent : one)),
          guesses: noGuesses,
        });
        return { taken, spent: true };
      },
      async refuse({ accountId, factorId, step }) {
        const account = by(({ id }) => id === accountId);
        if (!account) return;
        const refused = (one: EnrolledFactor) => {
          const data = totpData(one);
          return { ...one, data: { ...data, refusedSteps: [...(data.refusedSteps ?? []), step].slice(-20) } };
        };
        write(account, { factors: account.factors.map((one) => (one.id === factorId ? refused(one) : one)) });
      },
    },

    async codeUsed({ accountId, factorId, destination, now }) {
      const account = active(accountId);
      const goesThere = ({ data }: EnrolledFactor) => (data as Partial<DeliveredData>).destination === destination;
      const found = account?.factors.find((factor) => factor.id === factorId && goesThere(factor));
      if (!account || !found) return false;
      const factors = account.factors.map((one) => (one === found ? { ...found, lastUsedAt: now } : one));
      write(account, { factors, guesses: noGuesses });
      return true;
    },

    firstFactors: {
      async add({ accountId, sessionVersion, factor }) {
        const account = active(accountId);
        if (account?.sessionVersion !== sessionVersion || account.factors.length > 0) return false;
        write(account, { factors: [structuredClone(factor)], guesses: noGuesses, recoveryDue: true });
        return true;
      },
      async replaceLost({ accountId, sessionVersion, factor }) {
        const account = active(accountId);
        if (account?.sessionVersion !== sessionVersion || account.factors.some(({ id }) => id === factor.id))
          return false;
        const { preferredFactorId: _preferred, twoStepOff: _off, ...rest } = account;
        const factors = [structuredClone(factor)];
        rows.set(accountId, { ...rest, factors, guesses: noGuesses, recoveryDue: true });
        return true;
      },
    },

    passes: {
      async spend({ accountId, hash, now }) {
        const account = active(accountId);
        if (!account || account.pass?.hash !== hash || account.pass.expiresAt <= now) return undefined;
        const { pass: _pass, recovery: _recovery, ...rest } = account;
        const raises = raisesOf('pass_used');
        const sessionVersion = rest.sessionVersion + raises.sessionVersion;
        const securityVersion = rest.securityVersion + raises.securityVersion;
        rows.set(accountId, { ...rest, guesses: noGuesses, sessionVersion, securityVersion });
        return structuredClone(rows.get(accountId));
      },
    },

    rescues: {
      async use({ accountId, address, sessionVersion, now }) {
        const account = active(accountId);
        if (account?.email !== address || account.sessionVersion !== sessionVersion) return undefined;
        const { pass: _pass, recovery: _recovery, ...rest } = account;
        const raises = raisesOf('rescue_used');
        rows.set(accountId, {
          ...rest,
          guesses: noGuesses,
          mailboxUses: { ...rest.mailboxUses, rescue: { address, at: now } },
          sessionVersion: sessionVersion + raises.sessionVersion,
          securityVersion: rest.securityVersion + raises.securityVersion,
        });
        return structuredClone(rows.get(accountId));
      },
    },

    furtherFactors: memoryFurtherFactors(rows),

    putOffs: {
      async count({ accountId, attemptId, before }) {
        const account = active(accountId);
        if (account?.putOffIn === attemptId) return true;
        if (!account || account.factors.length > 0 || (account.enrolmentSkips ?? 0) !== before) return false;
        write(account, { enrolmentSkips: before + 1, putOffIn: attemptId });
        return true;
      },
    },

    recoverySets: {
      async spend({ accountId, salt, hash }) {
        const account = active(accountId);
        const { recovery } = account ?? {};
        if (!account || recovery?.salt !== salt || !recovery.hashes.includes(hash)) return false;
        const hashes = recovery.hashes.filter((one) => one !== hash);
        const raised = raisedBy(account, 'recovery_code_used');
        write(account, { ...raised, recovery: { ...recovery, hashes }, guesses: noGuesses });
        return true;
      },
      async keep({ accountId, sessionVersion, set, replaces }) {
        const account = active(accountId);
        if (!account || account.sessionVersion !== sessionVersion || account.recovery?.salt !== replaces)
          return undefined;
        const change = replaces === undefined ? 'factor_added' : 'recovery_codes_replaced';
        const { recoveryDue: _saved, ...rest } = account;
        rows.set(accountId, { ...rest, ...raisedBy(account, change), recovery: structuredClone(set) });
        return copy(rows.get(accountId));
      },
    },

    secondFactorGuesses: {
      async take(accountId, now) {
        const account = active(accountId);
        if (!account) return { state: 'closed' };
        const guess = judgeTake(account.guesses.secondFactor, secondFactorRule, now);
        const next = counted(guess);
        if (next) write(account, { guesses: { ...account.guesses, secondFactor: next } });
        return guess;
      },
      async giveBack(accountId, taken) {
        const account = rows.get(accountId);
        if (taken.state !== 'taken' || account?.guesses.secondFactor.failures !== taken.failures) return;
        write(account, { guesses: { ...account.guesses, secondFactor: { failures: taken.failures - 1 } } });
      },
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

function counted(guess: Taken): Budget | undefined {
  if (guess.state !== 'taken') return undefined;
  const { failures, lockedUntil } = guess;
  return lockedUntil === undefined ? { failures } : { failures, lockedUntil };
}

function looksLike(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && usernameSkeleton(one) === usernameSkeleton(other);
}
