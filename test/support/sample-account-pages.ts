import type { Page } from '../../src/http/render.ts';
import { ada, forgery, get, longAddress, longName, post, type SamplePage } from './sample-parts.ts';

const longBrowser = { browser: 'Samsung Internet', system: 'Android' };
const security: Page = {
  view: 'account/security',
  stage: 'security',
  forgery,
  account: ada,
  facts: {
    ways: [
      { id: 'one', kind: 'totp', label: 'My phone', lastUsedAt: '2026-11-21T22:41:00.000Z', preferred: true },
      { id: 'two', kind: 'email', label: '', destination: 'a***@example.com', lastUsedAt: '2026-11-20T08:01:00.000Z' },
      { id: 'three', kind: 'sms', label: longName, destination: '42', lastUsedAt: '2026-11-19T08:01:00.000Z' },
    ],
    twoStep: 'on',
    addable: ['totp', 'email', 'sms'],
    recovery: { left: 2, few: true },
    sessions: [
      {
        ...{ id: 'here', current: true, browser: 'Firefox', system: 'Linux', address: '192.0.2.1' },
        ...{ signedInAt: '2026-11-21T22:40:00.000Z', secondsUnseen: 0 },
      },
      {
        ...{ id: 'there', current: false, ...longBrowser, address: '2001:db8:1234:5678:9abc:def0:1234:5678' },
        ...{ signedInAt: '2026-11-20T08:00:00.000Z', secondsUnseen: 5400 },
      },
      { id: 'unknown', current: false, signedInAt: '2026-11-20T07:00:00.000Z', secondsUnseen: 86400 },
    ],
    devices: [
      {
        ...{ id: 'own', current: true, browser: 'Firefox', system: 'Linux', place: '192.0.2.x' },
        ...{ since: '2026-11-01T08:00:00.000Z', lastUsedAt: '2026-11-21T22:40:00.000Z' },
      },
      {
        ...{
          id: 'long',
          current: false,
          ...longBrowser,
          place: 'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch',
        },
        ...{ since: '2026-11-02T08:00:00.000Z', lastUsedAt: '2026-11-20T08:00:00.000Z' },
      },
      { id: 'odd', current: false, since: '2026-11-02T08:00:00.000Z', lastUsedAt: '2026-11-02T08:00:00.000Z' },
    ],
  },
  actions: [
    ...['one', 'two', 'three'].flatMap((id) => [get(`rename ${id}`), get(`remove ${id}`)]),
    ...['totp', 'email', 'sms'].map((kind) => post(`add ${kind}`)),
    ...[post('prefer two'), post('prefer three'), get('two-step-off'), post('make-codes'), get('change-password')],
    ...[post('end-session there'), post('end-session unknown'), post('end-others'), get('sign-out')],
    get('applications'),
    get('history'),
    ...[post('forget-device own'), post('forget-device long'), post('forget-device odd'), post('forget-devices')],
  ],
};

const oneWay = {
  ...security,
  facts: {
    ...security.facts,
    ways: [{ id: 'one', kind: 'totp', label: '', lastUsedAt: '2026-11-21T22:41:00.000Z', needed: true }],
    twoStep: 'needed',
    recovery: { left: 9, few: false },
    devices: [{ id: 'own', current: true, since: '2026-11-01T08:00:00.000Z', lastUsedAt: '2026-11-21T22:40:00.000Z' }],
  },
  actions: [get('rename one'), get('sign-out'), post('forget-device own')],
};

const switchedOff = {
  ...security,
  facts: { ...security.facts, twoStep: 'off' },
  actions: [post('two-step-on'), post('make-codes'), get('sign-out')],
};

const longWay = { id: 'three', kind: 'sms', label: longName, destination: '42' };
const plainWay = { id: 'two', kind: 'email', label: '', destination: 'a***@example.com' };
const removeWay: Page = {
  ...{ view: 'account/remove-way', stage: 'remove-way', forgery, account: ada },
  facts: { way: longWay, last: false },
  actions: [post('remove'), get('back')],
};
const renameWay: Page = {
  ...{ view: 'account/rename-way', stage: 'rename-way', forgery, account: ada },
  facts: { way: longWay },
  values: { name: longName },
  actions: [post('rename', 'name'), get('back')],
};
const twoStepOff: Page = {
  ...{ view: 'account/two-step-off', stage: 'two-step-off', forgery, account: ada },
  facts: { twoStep: 'on' },
  actions: [post('two-step-off'), get('back')],
};

const changePassword: Page = {
  ...{ view: 'account/change-password', stage: 'change-password', forgery, account: ada },
  facts: { passwordMin: 15 },
  actions: [post('change-password', 'current', 'password'), get('back')],
};
const weakPassword = { field: 'password', code: 'password_short', params: { min: 15 } };

const addWay = (kind: string): Page => ({
  ...{ view: 'account/add-way', stage: `add-${kind}`, forgery, account: ada },
  facts: { kind },
  actions: [post('begin'), get('back')],
});
const addMail: Page = {
  ...{ view: 'factors/email-enrol', stage: 'enrol-email', forgery, account: ada },
  facts: { digits: 6, sentTo: longAddress, secondsToNextSend: 47, secondsToEnd: 540, kinds: [] },
  actions: [post('enrol', 'code', 'name'), post('destination', 'email'), post('send'), post('cancel')],
};

const savedCodes = ['K7M4-9QWT-X2HD-5VNP', '3F8R-T6YK-0BZC-W1QJ', 'M9XD-4HPV-7SNA-G2EK', '5TQW-C0RB-Y8ZJ-6FHM'];
const accountCodes: Page = {
  ...{ view: 'account/recovery-codes', stage: 'recovery-codes', forgery, account: ada },
  facts: { shownAt: new Date('2026-05-04T09:30:00Z'), codes: savedCodes, email: ada },
  actions: [post('save', 'saved'), post('cancel')],
};

const allScopes = ['openid', 'profile', 'email', 'offline_access'];
const app = (id: string, name: string, more: object = {}) => ({
  ...{ id, clientId: id, name, firstParty: false, scopes: allScopes, since: '2026-10-21T22:41:00.000Z' },
  ...more,
});
const applications: Page = {
  ...{ view: 'account/applications', stage: 'applications', forgery, account: ada },
  facts: {
    applications: [
      app('orders', 'Example Orders', { lastUsedAt: '2026-11-21T22:41:00.000Z' }),
      app('long', longName, { firstParty: true, scopes: ['openid', 'email'] }),
      app('over', 'Example Shop', { lastUsedAt: '2026-11-20T08:00:00.000Z' }),
    ],
    named: false,
  },
  actions: [post('revoke orders'), post('revoke long'), get('back')],
};

const event = (kind: string, more: object = {}) => ({
  ...{ at: '2026-11-21T22:41:00.000Z', kind, result: 'success', byOther: false, place: '192.0.2.x' },
  ...more,
});
const history: Page = {
  ...{ view: 'account/history', stage: 'history', forgery, account: ada },
  facts: {
    events: [
      event('sign_in', { app: 'Example Orders', detail: '2fa', browser: 'Firefox', system: 'Linux' }),
      event('factor', {
        app: longName,
        result: 'failure',
        detail: 'wrong',
        ...longBrowser,
        place: 'Llanfairpwllgwyngyll, Wales',
      }),
      event('factor_added', { detail: 'totp', system: 'Android' }),
      event('application_revoked', { app: longName }),
      event('roles_changed', { byOther: true }),
      event('consent'),
    ],
  },
  actions: [get('older'), get('newest'), get('back')],
};

/** Every page of the account area in each state that looks different. */
export const accountPages: readonly SamplePage[] = [
  { name: 'security', page: security },
  { name: 'security-told', page: { ...security, account: longAddress, notice: { code: 'sessions_ended' } } },
  { name: 'security-one-way', page: oneWay },
  { name: 'security-off', page: switchedOff },
  { name: 'remove-way', page: removeWay },
  { name: 'remove-way-last', page: { ...removeWay, facts: { way: plainWay, last: true } } },
  {
    name: 'remove-way-needed',
    page: { ...removeWay, errors: [{ field: '', code: 'way_needed' }], actions: [get('back')] },
  },
  { name: 'remove-way-gone', page: { ...removeWay, facts: {}, actions: [get('back')] } },
  ...['totp', 'email', 'sms'].map((kind) => ({ name: `add-${kind}`, page: addWay(kind) })),
  { name: 'add-full', page: { ...addWay('totp'), errors: [{ field: '', code: 'ways_full', params: { n: 10 } }] } },
  { name: 'account-enrol-email', page: addMail },
  {
    name: 'account-enrol-email-wrong-code',
    page: { ...addMail, errors: [{ field: 'code', code: 'code_rejected', params: { n: 4 } }] },
  },
  {
    name: 'account-enrol-email-known',
    page: { ...addMail, values: { email: longAddress }, errors: [{ field: 'email', code: 'way_known' }] },
  },
  { name: 'account-codes', page: accountCodes },
  { name: 'account-codes-unsaved', page: { ...accountCodes, errors: [{ field: 'saved', code: 'not_saved' }] } },
  { name: 'account-codes-gone', page: { ...accountCodes, facts: {}, actions: [get('back')] } },
  { name: 'rename-way', page: renameWay },
  { name: 'rename-way-gone', page: { ...renameWay, facts: {}, actions: [get('back')] } },
  { name: 'two-step-off', page: twoStepOff },
  { name: 'change-password', page: changePassword },
  {
    name: 'change-password-wrong',
    page: { ...changePassword, errors: [{ field: 'current', code: 'current_rejected' }] },
  },
  { name: 'change-password-weak', page: { ...changePassword, account: longAddress, errors: [weakPassword] } },
  ...['off', 'needed', 'none'].map((twoStep) => ({
    name: `two-step-off-${twoStep}`,
    page: { ...twoStepOff, facts: { twoStep }, actions: [get('back')] },
  })),
  {
    name: 'security-bare',
    page: { ...security, facts: { ways: [], sessions: [], devices: [] }, actions: [get('sign-out')] },
  },
  { name: 'history', page: history },
  { name: 'history-none', page: { ...history, facts: { events: [] }, actions: [get('back')] } },
  { name: 'applications', page: applications },
  {
    name: 'applications-told',
    page: { ...applications, account: longAddress, notice: { code: 'application_revoked' } },
  },
  {
    name: 'applications-none',
    page: { ...applications, facts: { applications: [], named: true }, actions: [get('back')] },
  },
];
