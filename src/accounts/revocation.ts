import type { Account } from './account.ts';

/**
 * How often its owner has taken a client's access away. A grant is kept with the number as it was read before it was given: one
 * that a request in flight saves after the access was taken away is told by it, and is worth nothing.
 */
export interface Revocation {
  readonly clientId: string;
  readonly times: number;
}

export function timesRevoked({ revocations = [] }: Pick<Account, 'revocations'>, clientId: string): number {
  return revocations.find((revocation) => revocation.clientId === clientId)?.times ?? 0;
}
