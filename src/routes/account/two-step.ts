import { z } from 'zod';
import type { Factor } from '../../factors/factor.ts';
import type { Action } from '../../http/render.ts';
import type { FactorManagement } from '../../self-service/manage-factors.ts';
import { form, fresh } from '../forms/contract.ts';
import { factorChanged } from './factor-changed.ts';
import { removalPath, renamingPath } from './factor-pages.ts';
import { type OwnFactor, ownFactorFacts, ownFactors } from './own-factors.ts';
import { type AccountVisit, linkTo, postTo, type Section } from './page.ts';
import { switchingOffPath } from './two-step-off.ts';

const input = z.object({});

const facts = z.object({
  ways: z.array(ownFactorFacts),
  /** 'needed': on, and not for the person to say. 'none': nothing is set up. */
  twoStep: z.enum(['on', 'off', 'needed', 'none']),
});

/** The second factors that this account has set up, masked, and what may be done about each. */
export function twoStepSection({
  factors,
  factorManagement,
}: {
  readonly factors: readonly Factor[];
  readonly factorManagement: FactorManagement;
}): Section<typeof facts> {
  const prefer = form({
    name: 'prefer',
    path: 'ways/:id/prefer',
    guard: fresh('prefer_way'),
    input,
    act: async (visit: AccountVisit) =>
      factorChanged(await factorManagement.prefer(visit, visit.params.id ?? ''), 'way_preferred'),
  });
  const switchOn = form({
    name: 'two-step-on',
    path: 'two-step/on',
    guard: fresh('two_step_on'),
    input,
    act: async (visit: AccountVisit) => factorChanged(await factorManagement.switchTwoStep(visit, 'on'), 'two_step_on'),
  });
  const actionsOf = ({ id, preferred, needed }: OwnFactor, all: readonly OwnFactor[]): readonly Action[] => [
    ...(all.length > 1 && !preferred ? [postTo(prefer, `prefer ${id}`, { id })] : []),
    linkTo(renamingPath, `rename ${id}`, { id }),
    ...(needed ? [] : [linkTo(removalPath, `remove ${id}`, { id })]),
  ];
  return {
    facts,
    forms: [prefer, switchOn],
    show({ account }) {
      const ways = ownFactors({ factors, factorManagement }, account);
      const twoStep = factorManagement.twoStepOf(account);
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
