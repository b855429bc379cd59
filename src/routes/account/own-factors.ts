import { z } from 'zod';
import type { Account } from '../../accounts/account.ts';
import type { Factor } from '../../factors/factor.ts';
import { defined } from '../../platform/defined.ts';
import type { FactorManagement } from '../../self-service/manage-factors.ts';

/** What is set up, as its owner sees it. */
export const ownFactorFacts = z.object({
  id: z.string(),
  kind: z.string(),
  label: z.string(),
  /** Where its codes go, masked. */
  destination: z.string().exactOptional(),
  addedAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime(),
  /** It is asked first. */
  preferred: z.boolean(),
  /** The account may not be without it. */
  needed: z.boolean(),
});

export type OwnFactor = z.output<typeof ownFactorFacts>;

export function ownFactors(
  { factors, factorManagement }: { readonly factors: readonly Factor[]; readonly factorManagement: FactorManagement },
  account: Account,
): OwnFactor[] {
  const offers = factors.flatMap((factor) => factor.offers(account));
  return account.factors.flatMap(({ id, createdAt, lastUsedAt }) => {
    const offer = offers.find((each) => each.id === id);
    if (!offer) return [];
    const times = { addedAt: createdAt.toISOString(), lastUsedAt: lastUsedAt.toISOString() };
    const state = { preferred: account.preferredFactorId === id, needed: factorManagement.isNeeded(account, id) };
    const { kind, label, destination } = offer;
    return [{ id, kind, label, ...defined({ destination }), ...times, ...state }];
  });
}
