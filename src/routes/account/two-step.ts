import type { Factor } from '../../factors/factor.ts';
import type { AccountVisit, Section } from './page.ts';

/** The second factors that this account has set up, masked. */
export function twoStepSection({ factors }: { readonly factors: readonly Factor[] }): Section {
  return {
    posts: [],
    show: (visit) => ({ facts: { ways: waysOf(factors, visit) } }),
  };
}

function waysOf(factors: readonly Factor[], { account }: AccountVisit) {
  const offers = factors.flatMap((factor) => factor.offers(account));
  return account.factors.flatMap(({ id, createdAt, lastUsedAt }) => {
    const offer = offers.find((each) => each.id === id);
    if (!offer) return [];
    const times = { addedAt: createdAt.toISOString(), lastUsedAt: lastUsedAt.toISOString() };
    const { kind, label, destination } = offer;
    return [{ id, kind, label, ...(destination === undefined ? {} : { destination }), ...times }];
  });
}
