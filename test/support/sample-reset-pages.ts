import type { Page } from '../../src/http/render.ts';
import { ada, client, forgery, get, longAddress, post, type SamplePage } from './sample-parts.ts';

const forgot: Page = {
  ...{ client, forgery },
  view: 'sign-in/forgot',
  stage: 'forgot',
  facts: {},
  actions: [post('forgot', 'identifier'), get('back'), post('cancel')],
};

const sent: Page = {
  ...forgot,
  view: 'sign-in/forgot-sent',
  stage: 'forgot-sent',
  actions: [get('again'), get('back')],
};

const link: Page = {
  ...{ forgery, account: ada },
  view: 'link/reset',
  stage: 'reset',
  facts: {},
  actions: [post('begin')],
};

const newPassword: Page = {
  ...link,
  view: 'link/new-password',
  stage: 'new-password',
  facts: { passwordMin: 8, replaces: true },
  actions: [post('new-password', 'password')],
};

/** A forgotten password, from the question to the end. */
export const resetPages: readonly SamplePage[] = [
  { name: 'forgot', page: forgot },
  { name: 'forgot-empty', page: { ...forgot, errors: [{ field: 'identifier', code: 'missing' }] } },
  { name: 'forgot-long', page: { ...forgot, values: { identifier: longAddress } } },
  { name: 'forgot-sent', page: sent },
  { name: 'reset-link', page: link },
  { name: 'reset-link-long', page: { ...link, account: longAddress } },
  { name: 'invite-link', page: { ...link, stage: 'invite' } },
  { name: 'new-password', page: newPassword },
  {
    name: 'new-password-short',
    page: { ...newPassword, errors: [{ field: 'password', code: 'password_short', params: { min: 8 } }] },
  },
  { name: 'new-password-first', page: { ...newPassword, facts: { passwordMin: 15 } } },
  {
    name: 'password-changed',
    page: {
      view: 'link/password-changed',
      stage: 'password-changed',
      account: ada,
      facts: {},
      actions: [get('sign-in')],
    },
  },
];
