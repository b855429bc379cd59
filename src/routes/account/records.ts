import { z } from 'zod';
import { applicationsPath } from './applications.ts';
import { historyPath } from './history.ts';
import { linkTo, type Section } from './page.ts';

const facts = z.object({});

/** What has a page of its own, because the first one would be long with it and slow. */
export function recordsSection(): Section<typeof facts> {
  return {
    facts,
    forms: [],
    show: () => ({ facts: {}, actions: [linkTo(applicationsPath, 'applications'), linkTo(historyPath, 'history')] }),
  };
}
