import { z } from 'zod';
import type { FactorManagement } from '../../self-service/manage-factors.ts';
import { form, fresh, type Screen, says } from '../forms/contract.ts';
import { factorChanged } from './factor-changed.ts';
import { type AccountPage, type AccountVisit, back, postTo } from './page.ts';

export const switchingOffPath = 'two-step/off';

const screen = {
  view: 'account/two-step-off',
  stage: 'two-step-off',
  facts: z.object({ twoStep: z.enum(['on', 'off', 'needed', 'none']) }),
} as const satisfies Screen;
const guard = fresh('two_step_off');

/** Asks before the password alone is enough. */
export function switchingOffPage({ factorManagement }: { readonly factorManagement: FactorManagement }): AccountPage {
  const switchOff = form({
    name: 'two-step-off',
    path: switchingOffPath,
    guard,
    input: z.object({}),
    act: async (visit: AccountVisit) =>
      factorChanged(await factorManagement.switchTwoStep(visit, 'off'), 'two_step_off'),
  });
  return {
    path: switchingOffPath,
    guard,
    screens: [screen],
    forms: [switchOff],
    show({ account }) {
      const twoStep = factorManagement.twoStepOf(account);
      return {
        ...says(screen, { twoStep }),
        actions: [...(twoStep === 'on' ? [postTo(switchOff, 'two-step-off')] : []), back],
      };
    },
  };
}
