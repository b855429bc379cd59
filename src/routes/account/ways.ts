import type { Account } from '../../accounts/account.ts';
import type { Factor } from '../../factors/factor.ts';
import { defined } from '../../platform/defined.ts';
import type { WayChanges } from '../../sign-in/change-ways.ts';

/** What is set up, as its owner sees it. */
export type Way = ReturnType<typeof waysOf>[number];

export function waysOf(
  { factors, wayChanges }: { readonly factors: readonly Factor[]; readonly wayChanges: WayChanges },
  account: Account,
) {
  const offers = factors.flatMap((factor) => factor.offers(account));
  return account.factors.flatMap(({ id, createdAt, lastUsedAt }) => {
    const offer = offers.find((each) => each.id === id);
    if (!offer) return [];
    const times = { addedAt: createdAt.toISOString(), lastUsedAt: lastUsedAt.toISOString() };
    const state = { preferred: account.preferredFactorId === id, needed: wayChanges.isNeeded(account, id) };
    const { kind, label, destination } = offer;
    return [{ id, kind, label, ...defined({ destination }), ...times, ...state }];
  });
}
