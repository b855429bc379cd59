import { z } from 'zod';
import type { Factor } from '../../factors/factor.ts';
import { longestName } from '../../factors/first-factor.ts';
import { defined } from '../../platform/defined.ts';
import { typed } from '../../platform/fields.ts';
import type { FactorManagement } from '../../self-service/manage-factors.ts';
import { form, fresh, type Screen, says } from '../forms/contract.ts';
import { factorChanged } from './factor-changed.ts';
import { type OwnFactor, ownFactorFacts, ownFactors } from './own-factors.ts';
import { type AccountPage, type AccountVisit, back, postTo } from './page.ts';

interface Deps {
  readonly factors: readonly Factor[];
  readonly factorManagement: FactorManagement;
}

export const renamingPath = 'ways/:id/rename';
export const removalPath = 'ways/:id/remove';

/** One that is gone meanwhile is told as such. */
const way = ownFactorFacts.exactOptional();

const renamingScreen = {
  view: 'account/rename-way',
  stage: 'rename-way',
  facts: z.object({ way }),
} as const satisfies Screen;

const removalScreen = {
  view: 'account/remove-way',
  stage: 'remove-way',
  facts: z.object({ way, last: z.boolean().exactOptional() }),
} as const satisfies Screen;

/** A name that tells one way from another. */
export function renamingPage(deps: Deps): AccountPage {
  const guard = fresh('rename_way');
  const rename = form({
    name: 'rename',
    path: renamingPath,
    guard,
    input: z.object({ name: typed(longestName) }),
    act: async (visit: AccountVisit, { name = '' }) =>
      factorChanged(await deps.factorManagement.rename(visit, visit.params.id ?? '', name), 'way_renamed'),
  });
  return {
    path: renamingPath,
    guard,
    screens: [renamingScreen],
    forms: [rename],
    show(visit) {
      const found = ownFactorOf(deps, visit);
      return {
        ...says(renamingScreen, defined({ way: found })),
        values: { name: found?.label ?? '' },
        actions: [...(found ? [postTo(rename, 'rename', { id: found.id })] : []), back],
      };
    },
  };
}

/** Asks before it takes something away, and says what ends. */
export function removalPage(deps: Deps): AccountPage {
  const guard = fresh('remove_way'); // guard: removal-needs-fresh-proof
  const remove = form({
    name: 'remove',
    path: removalPath,
    guard,
    input: z.object({}),
    act: async (visit: AccountVisit) =>
      factorChanged(await deps.factorManagement.remove(visit, visit.params.id ?? ''), 'way_removed'),
  });
  return {
    path: removalPath,
    guard,
    screens: [removalScreen],
    forms: [remove],
    show(visit) {
      const found = ownFactorOf(deps, visit);
      return {
        ...says(removalScreen, found ? { way: found, last: visit.account.factors.length === 1 } : {}),
        actions: [...(found && !found.needed ? [postTo(remove, 'remove', { id: found.id })] : []), back],
      };
    },
  };
}

function ownFactorOf(deps: Deps, { account, params }: AccountVisit): OwnFactor | undefined {
  return ownFactors(deps, account).find(({ id }) => id === params.id);
}
