import type { WayChanges } from '../../sign-in/change-ways.ts';
import { type AccountPage, type AccountVisit, back, postTo } from './page.ts';
import { wayChanged } from './way-changed.ts';

export const switchingOffPath = 'two-step/off';

/** Asks before the password alone is enough. */
export function switchingOffPage({ wayChanges }: { readonly wayChanges: WayChanges }): AccountPage {
  const switchOff = {
    name: 'two-step-off',
    path: switchingOffPath,
    proof: { change: 'two_step_off' },
    fields: [],
    act: async (visit: AccountVisit) => wayChanged(await wayChanges.switchTwoStep(visit, 'off'), 'two_step_off'),
  } as const;
  return {
    path: switchingOffPath,
    proof: { change: 'two_step_off' },
    kept: [],
    posts: [switchOff],
    show({ account }) {
      const twoStep = wayChanges.twoStepOf(account);
      return {
        view: 'account/two-step-off',
        stage: 'two-step-off',
        facts: { twoStep },
        actions: [...(twoStep === 'on' ? [postTo(switchOff, 'two-step-off')] : []), back],
      };
    },
  };
}
