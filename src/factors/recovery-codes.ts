import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Account, AccountId } from '../accounts/account.ts';
import type { Level } from '../accounts/level.ts';
import type { Passwords } from '../accounts/password.ts';
import type { RecoverySet } from '../accounts/recovery-set.ts';
import type { Cipher } from '../platform/cipher.ts';
import { defined } from '../platform/defined.ts';
import type { FactorGuessedBefore, PendingRecovery, Verdict } from './factor.ts';
import { recovery as declared } from './kinds.ts';
import { grouped, longCodeField, newLongCode } from './long-code.ts';

/** The port to the kept sets. */
export interface RecoverySets {
  /** Takes the code out of this very set of the active account, gives the guesses back and ends what a used code ends, in one update: true for exactly one caller per code. */
  spend(use: {
    readonly accountId: AccountId;
    readonly salt: string;
    readonly hash: string;
    /** A reset gives none back. */
    readonly keepsGuesses?: boolean;
  }): Promise<boolean>;
  /** Puts the set in the place of `replaces` (undefined: of none), in one update that ends what the change ends, after which no set is due; answers the account as it is then. */
  keep(change: {
    readonly accountId: AccountId;
    /** As it was read: an account that changed since is not given a set. */
    readonly sessionVersion: number;
    readonly set: RecoverySet;
    readonly replaces: string | undefined;
  }): Promise<Account | undefined>;
}

export interface RecoveryAnswer {
  readonly code: string;
}

export interface RecoveryDeps {
  readonly sets: RecoverySets;
  readonly passwords: Pick<Passwords, 'derive'>;
  readonly cipher: Pick<Cipher, 'seal' | 'open'>;
  /** What a set is worth that was kept without its level: no more than the least that the account has set up. */
  readonly unmarked: (account: Account) => Level;
  readonly now: () => Date;
}

/** What "Save your recovery codes" does: a set is shown until its owner says that it is saved, and counts from then on. */
export interface RecoveryCodes {
  begin(account: Account): PendingRecovery;
  /** In readable groups, such as K7M4-9QWT-X2HD-5VNP. */
  codes(account: Account, pending: PendingRecovery): readonly string[];
  /** Worth this level from then on. Undefined: another set was kept meanwhile, or the account is gone. */
  keep(account: Account, pending: PendingRecovery, level: Level): Promise<Account | undefined>;
}

const { kind, amr } = declared;
const count = 10;
const saltBytes = 16;

const rejected: Verdict = { outcome: 'rejected', reason: 'wrong' };
const raced: Verdict = { outcome: 'rejected', reason: 'raced' };
const answer = z.object({ code: longCodeField('recovery_shape') });

/** The way in without any device: each code once, never asked first, out of the budget that all second factors share. */
export function recoveryFactor({ sets, passwords, unmarked, now }: RecoveryDeps): FactorGuessedBefore<RecoveryAnswer> {
  /** A way that stands in for others is worth what was proved when it was made: never more, or whoever has a mailbox would be shown a stronger factor. */
  const levelFor = (account: Account) => account.recovery?.level ?? unmarked(account); // guard: recovery-level-of-set, recovery-level-unmarked
  return {
    ...declared,
    levelFor,
    answer,
    shows: z.object({}),
    offers: ({ recovery }) => (recovery && recovery.hashes.length > 0 ? [{ kind, id: kind, label: '' }] : []),
    facts: async () => ({}),
    async verify({ flow, account, answer: { code } }) {
      const { recovery } = account;
      if (!recovery) return rejected;
      const [hash = ''] = await passwords.derive([code], Buffer.from(recovery.salt, 'base64url'));
      if (!recovery.hashes.includes(hash)) return rejected;
      const keepsGuesses = flow.purpose === 'reset'; // guard: reset-keeps-guesses-codes
      if (!(await sets.spend({ accountId: account.id, salt: recovery.salt, hash, keepsGuesses }))) return raced;
      const proof = { kind, factorId: kind, amr, level: levelFor(account), at: now() } as const;
      return { outcome: 'accepted', proof, left: recovery.hashes.length - 1 };
    },
  };
}

export function recoveryCodes({ sets, passwords, cipher, now }: Omit<RecoveryDeps, 'unmarked'>): RecoveryCodes {
  const open = (account: Account, { sealedCodes, salt }: PendingRecovery) =>
    cipher.open(sealedCodes, sealContext(account.id, salt)).split(' ');
  return {
    begin(account) {
      const salt = randomBytes(saltBytes).toString('base64url');
      const codes = Array.from({ length: count }, newLongCode).join(' ');
      const replaces = account.recovery?.salt;
      const sealedCodes = cipher.seal(codes, sealContext(account.id, salt));
      return { salt, sealedCodes, ...defined({ replaces }) };
    },

    codes: (account, pending) => open(account, pending).map(grouped),

    async keep(account, pending, level) {
      const { salt, replaces } = pending;
      const hashes = await passwords.derive(open(account, pending), Buffer.from(salt, 'base64url'));
      const { id: accountId, sessionVersion } = account;
      return sets.keep({ accountId, sessionVersion, set: { salt, hashes, level, createdAt: now() }, replaces });
    },
  };
}

/** Codes copied to another account's attempt cannot be opened there. */
function sealContext(accountId: AccountId, salt: string): string {
  return `account:${accountId}:recovery:${salt}`;
}
