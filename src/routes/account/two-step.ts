import type { Factor } from '../../factors/factor.ts';
import type { Action } from '../../http/render.ts';
import type { WayChanges } from '../../sign-in/change-ways.ts';
import { type AccountPost, linkTo, postTo, type Section } from './page.ts';
import { switchingOffPath } from './two-step-off.ts';
import { wayChanged } from './way-changed.ts';
import { removalPath, renamingPath } from './way-pages.ts';
import { type Way, waysOf } from './ways.ts';

/** The second factors that this account has set up, masked, and what may be done about each. */
export function twoStepSection({
  factors,
  wayChanges,
}: {
  readonly factors: readonly Factor[];
  readonly wayChanges: WayChanges;
}): Section {
  const prefer: AccountPost = {
    name: 'prefer',
    path: 'ways/:id/prefer',
    proof: { change: 'prefer_way' },
    fields: [],
    act: async (visit) => wayChanged(await wayChanges.prefer(visit, visit.params.id ?? ''), 'way_preferred'),
  };
  const switchOn: AccountPost = {
    name: 'two-step-on',
    path: 'two-step/on',
    proof: { change: 'two_step_on' },
    fields: [],
    act: async (visit) => wayChanged(await wayChanges.switchTwoStep(visit, 'on'), 'two_step_on'),
  };
  const actionsOf = ({ id, preferred, needed }: Way, all: readonly Way[]): readonly Action[] => [
    ...(all.length > 1 && !preferred ? [postTo(prefer, `prefer ${id}`, { id })] : []),
    linkTo(renamingPath, `rename ${id}`, { id }),
    ...(needed ? [] : [linkTo(removalPath, `remove ${id}`, { id })]),
  ];
  return {
    posts: [prefer, switchOn],
    show({ account }) {
      const ways = waysOf({ factors, wayChanges }, account);
      const twoStep = wayChanges.twoStepOf(account);
      return {
        facts: { ways, twoStep },
        actions: [
          ...ways.flatMap((way) => actionsOf(way, ways)),
          ...(twoStep === 'off' ? [postTo(switchOn, 'two-step-on')] : []),
          ...(twoStep === 'on' ? [linkTo(switchingOffPath, 'two-step-off')] : []),
        ],
      };
    },
  };
}
