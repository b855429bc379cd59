import { z } from 'zod';
import type { Factor } from '../../factors/factor.ts';
import type { Action } from '../../http/render.ts';
import type { WayChanges } from '../../sign-in/change-ways.ts';
import { form, fresh } from '../forms/contract.ts';
import { type AccountVisit, linkTo, postTo, type Section } from './page.ts';
import { switchingOffPath } from './two-step-off.ts';
import { wayChanged } from './way-changed.ts';
import { removalPath, renamingPath } from './way-pages.ts';
import { type Way, wayFacts, waysOf } from './ways.ts';

const input = z.object({});

const facts = z.object({
  ways: z.array(wayFacts),
  /** 'needed': on, and not for the person to say. 'none': nothing is set up. */
  twoStep: z.enum(['on', 'off', 'needed', 'none']),
});

/** The second factors that this account has set up, masked, and what may be done about each. */
export function twoStepSection({
  factors,
  wayChanges,
}: {
  readonly factors: readonly Factor[];
  readonly wayChanges: WayChanges;
}): Section<typeof facts> {
  const prefer = form({
    name: 'prefer',
    path: 'ways/:id/prefer',
    guard: fresh('prefer_way'),
    input,
    act: async (visit: AccountVisit) =>
      wayChanged(await wayChanges.prefer(visit, visit.params.id ?? ''), 'way_preferred'),
  });
  const switchOn = form({
    name: 'two-step-on',
    path: 'two-step/on',
    guard: fresh('two_step_on'),
    input,
    act: async (visit: AccountVisit) => wayChanged(await wayChanges.switchTwoStep(visit, 'on'), 'two_step_on'),
  });
  const actionsOf = ({ id, preferred, needed }: Way, all: readonly Way[]): readonly Action[] => [
    ...(all.length > 1 && !preferred ? [postTo(prefer, `prefer ${id}`, { id })] : []),
    linkTo(renamingPath, `rename ${id}`, { id }),
    ...(needed ? [] : [linkTo(removalPath, `remove ${id}`, { id })]),
  ];
  return {
    facts,
    forms: [prefer, switchOn],
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
