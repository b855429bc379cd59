import { z } from 'zod';
import { signedIn } from '../forms/contract.ts';
import type { AccountPage, Section } from './page.ts';

/** The area's first page: every section after another, none knows of the others. */
export function securityPage(sections: readonly Section[]): AccountPage {
  const facts = z.object(Object.assign({}, ...sections.map((section) => section.facts.shape)));
  const screen = { view: 'account/security', stage: 'security', facts };
  return {
    path: '',
    guard: signedIn,
    screens: [screen],
    forms: sections.flatMap(({ forms }) => forms),
    async show(visit) {
      const shown = await Promise.all(sections.map((section) => section.show(visit)));
      return {
        screen,
        facts: Object.assign({}, ...shown.map((section) => section.facts)),
        actions: shown.flatMap(({ actions = [] }) => actions),
      };
    },
  };
}
