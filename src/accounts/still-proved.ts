import type { Account, AccountId } from './account.ts';

/** Whose account was proved, and the sessionVersion that it had then: held by an attempt, a session's record, an earlier read. */
export interface ProvedAccount {
  readonly accountId?: AccountId;
  readonly sessionVersion?: number;
}

/** The account, if it still is the one that was proved: active, and changed since by nothing that ends sign-ins. What was proved for it proves nothing else. */
export function stillProved<Found extends Pick<Account, 'id' | 'active' | 'sessionVersion'>>(
  account: Found | undefined,
  proved: ProvedAccount,
): Found | undefined {
  if (!account?.active) return undefined; // guard: proved-while-active
  if (account.id !== proved.accountId) return undefined; // guard: proved-own-account
  return account.sessionVersion === proved.sessionVersion ? account : undefined; // guard: proved-under-version
}
