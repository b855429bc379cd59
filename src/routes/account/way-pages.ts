import type { Factor } from '../../factors/factor.ts';
import type { WayChanges } from '../../sign-in/change-ways.ts';
import { type AccountPage, type AccountVisit, back, postTo } from './page.ts';
import { wayChanged } from './way-changed.ts';
import { type Way, waysOf } from './ways.ts';

interface Deps {
  readonly factors: readonly Factor[];
  readonly wayChanges: WayChanges;
}

export const renamingPath = 'ways/:id/rename';
export const removalPath = 'ways/:id/remove';

/** A name that tells one way from another. One that is gone meanwhile is told as such. */
export function renamingPage(deps: Deps): AccountPage {
  const rename = {
    name: 'rename',
    path: renamingPath,
    proof: { change: 'rename_way' },
    fields: ['name'],
    act: async (visit: AccountVisit, { name = '' }: Readonly<Record<string, string>>) =>
      wayChanged(await deps.wayChanges.rename(visit, visit.params.id ?? '', name), 'way_renamed'),
  } as const;
  return {
    path: renamingPath,
    proof: { change: 'rename_way' },
    kept: ['name'],
    posts: [rename],
    show(visit) {
      const way = wayOf(deps, visit);
      return {
        view: 'account/rename-way',
        stage: 'rename-way',
        values: { name: way?.label ?? '' },
        facts: way ? { way } : {},
        actions: [...(way ? [postTo(rename, 'rename', { id: way.id })] : []), back],
      };
    },
  };
}

/** Asks before it takes something away, and says what ends. */
export function removalPage(deps: Deps): AccountPage {
  const remove = {
    name: 'remove',
    path: removalPath,
    proof: { change: 'remove_way' }, // guard: removal-needs-fresh-proof
    fields: [],
    act: async (visit: AccountVisit) =>
      wayChanged(await deps.wayChanges.remove(visit, visit.params.id ?? ''), 'way_removed'),
  } as const;
  return {
    path: removalPath,
    proof: { change: 'remove_way' },
    kept: [],
    posts: [remove],
    show(visit) {
      const way = wayOf(deps, visit);
      return {
        view: 'account/remove-way',
        stage: 'remove-way',
        facts: way ? { way, last: visit.account.factors.length === 1 } : {},
        actions: [...(way && !way.needed ? [postTo(remove, 'remove', { id: way.id })] : []), back],
      };
    },
  };
}

function wayOf(deps: Deps, { account, params }: AccountVisit): Way | undefined {
  return waysOf(deps, account).find(({ id }) => id === params.id);
}
