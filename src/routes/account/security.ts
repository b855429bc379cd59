import type { AccountPage, Section } from './page.ts';

/** The area's first page: every section after another, none knows of the others. */
export function securityPage(sections: readonly Section[]): AccountPage {
  return {
    path: '',
    proof: 'session',
    kept: [],
    posts: sections.flatMap(({ posts }) => posts),
    async show(visit) {
      const shown = await Promise.all(sections.map((section) => section.show(visit)));
      return {
        view: 'account/security',
        stage: 'security',
        facts: Object.assign({}, ...shown.map(({ facts }) => facts)),
        actions: shown.flatMap(({ actions = [] }) => actions),
      };
    },
  };
}
