import type { Page } from '../../src/http/render.ts';
import { ada, forgery, get, longAddress, post, type SamplePage } from './sample-parts.ts';

const notMe: Page = {
  ...{ view: 'link/not-me', stage: 'not-me', forgery, account: ada },
  facts: {},
  actions: [post('secure')],
};
const afterwards: Page = {
  ...{ view: 'link/not-me-done', stage: 'not-me-done', forgery, account: longAddress },
  facts: {},
  actions: [get('new-password')],
};

/** Every page that a mailed link leads to. */
export const linkPages: readonly SamplePage[] = [
  { name: 'not-me', page: notMe },
  { name: 'not-me-done', page: afterwards },
];
