import qrcode from 'qrcode';
import type { Page } from '../../src/http/render.ts';
import { accountPages } from './sample-account-pages.ts';
import { codePages } from './sample-code-pages.ts';
import { linkPages } from './sample-link-pages.ts';
import { ada, client, forgery, get, longAddress, longName, post, type SamplePage, wait } from './sample-parts.ts';
import { resetPages } from './sample-reset-pages.ts';

export const otpauth =
  'otpauth://totp/Twofold:ada%40example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Twofold&algorithm=SHA1&digits=6&period=30';

const longClient = { name: longName, uri: 'https://orders.example.com/' };

const signIn: Page = {
  view: 'sign-in/sign-in',
  stage: 'sign-in',
  client,
  forgery,
  facts: { staySeconds: 30 * 86400 },
  actions: [post('sign-in', 'identifier', 'password', 'stay'), get('register'), get('forgot'), post('cancel')],
};

const confirm: Page = {
  ...{ view: 'sign-in/sign-in', stage: 'confirm', forgery, account: longAddress },
  facts: {},
  actions: [post('sign-in', 'password'), get('forgot'), post('cancel')],
};

const register: Page = {
  view: 'sign-in/register',
  stage: 'register',
  client,
  forgery,
  facts: { passwordMin: 8 },
  actions: [post('register', 'email', 'username', 'password'), get('sign-in'), post('cancel')],
};

const confirmMail: Page = {
  view: 'sign-in/confirm-mail',
  stage: 'confirm-mail',
  client,
  forgery,
  facts: { sentTo: ada, masked: false, digits: 6, secondsToNextSend: 47, secondsToEnd: 540 },
  actions: [post('confirm', 'code'), post('send'), post('correct'), post('restart'), post('cancel')],
};

const withoutCode = (facts: Page['facts']): Page => ({
  ...confirmMail,
  account: ada,
  facts: { ...confirmMail.facts, sentTo: 'a***@example.com', masked: true, unsent: true, ...facts },
  actions: confirmMail.actions.filter(({ name }) => name !== 'confirm'),
});

const username: Page = {
  view: 'sign-in/username',
  stage: 'username',
  client,
  forgery,
  account: ada,
  facts: {},
  values: { username: 'ada' },
  actions: [post('username', 'username'), post('restart'), post('cancel')],
};

const enrol: Page = {
  view: 'factors/totp-enrol',
  stage: 'enrol-totp',
  client,
  forgery,
  account: ada,
  facts: {
    qr: await qrcode.toString(otpauth, { type: 'svg', margin: 4 }),
    secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
    otpauth,
    digits: 6,
    secondsToEnd: 590,
  },
  actions: [post('enrol', 'code', 'name'), post('renew'), post('restart'), post('cancel')],
};

const offers = [{ kind: 'totp', id: 'one', label: 'My phone' }];
const totp: Page = {
  view: 'factors/totp',
  stage: 'totp',
  client,
  forgery,
  account: ada,
  facts: { offers, digits: 6, way: 'one' },
  actions: [post('factor', 'code'), post('restart'), post('cancel')],
};

const rememberable: Page = {
  ...totp,
  facts: { ...totp.facts, rememberDays: 30 },
  actions: [post('factor', 'code', 'remember'), get('choose'), post('restart'), post('cancel')],
};

const locked: Page = {
  ...totp,
  facts: { offers, digits: 6, triesLeft: 0, ...wait },
  actions: [get('lost'), post('restart'), post('cancel')],
};

const consent: Page = {
  view: 'sign-in/consent',
  stage: 'consent',
  client,
  forgery,
  account: ada,
  facts: {
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    host: 'orders.example.com',
    named: true,
    policyUri: 'https://orders.example.com/privacy',
    tosUri: 'https://orders.example.com/terms',
  },
  actions: [post('consent', 'decision'), post('restart')],
};

const signedInAs: Page = {
  view: 'sign-in/signed-in-as',
  stage: 'signed-in-as',
  client,
  forgery,
  account: ada,
  facts: {},
  actions: [post('continue'), post('other')],
};

const signOut: Page = {
  view: 'sign-out/sign-out',
  stage: 'sign-out',
  facts: { xsrf: 'xsrf-token' },
  actions: [post('sign-out', 'xsrf', 'logout')],
};

const signedOut: Page = { view: 'sign-out/signed-out', stage: 'signed-out', client, facts: {}, actions: [] };

const outbox: Page = {
  view: 'development/outbox',
  stage: 'outbox',
  facts: {
    messages: [
      {
        to: '+447400123456',
        text: '012345 is your Twofold code. Do not share it.\n\n@login.example.com #012345',
        sentAt: '2026-11-21T22:42:00.000Z',
      },
      {
        to: ada,
        subject: 'Your Twofold code',
        text: 'Enter this code to confirm your address for Twofold:\n\n012345\n\nThe code works for 10 minutes.\n',
        sentAt: '2026-11-21T22:41:00.000Z',
      },
      { to: longAddress, subject: 'Your Twofold code', text: '987654\n', sentAt: '2026-11-21T22:40:00.000Z' },
    ],
  },
  actions: [get('reload')],
};

export const problems: Readonly<Record<string, number>> = {
  sign_in_ended: 410,
  cookies_needed: 400,
  already_signed_in: 409,
  wrong_browser: 400,
  unavailable: 503,
  busy: 503,
  network: 429,
  not_found: 404,
  request_refused: 400,
  form_old: 403,
  too_large: 413,
  bad_request: 400,
  misdirected: 421,
  server_error: 500,
  closed: 403,
  account_stopped: 403,
  no_way_left: 403,
  link_ended: 410,
  reset_no_way: 403,
  reset_after_rescue: 403,
};

const problemFacts: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  busy: { seconds: 5 },
  reset_after_rescue: { seconds: 80_000 },
  network: { seconds: 600 },
  bad_request: { field: 'identifier' },
  request_refused: { reason: 'invalid_redirect_uri' },
};

export function problemPage(code: string, facts: Readonly<Record<string, unknown>> = {}): Page {
  return {
    view: 'problem',
    stage: 'problem',
    status: problems[code] ?? 500,
    client,
    facts: { code, reference: 'K7M49QWT', ...facts },
    actions: code === 'link_ended' ? [{ name: 'sign-in', method: 'GET', href: '/account', fields: [] }] : [],
  };
}

const { client: _, ...signInAlone } = signIn;
const rejected = { field: '', code: 'password_rejected' };

/** Every view, plain and at its worst: errors, locks, names and addresses of 60 characters. */
export const samplePages: readonly SamplePage[] = [
  { name: 'sign-in', page: signIn },
  { name: 'sign-in-alone', page: { ...signInAlone, facts: {}, actions: [post('sign-in', 'identifier', 'password')] } },
  { name: 'sign-in-rejected', page: { ...signIn, errors: [rejected], values: { identifier: longAddress } } },
  {
    name: 'sign-in-empty',
    page: {
      ...signIn,
      errors: [
        { field: 'identifier', code: 'missing' },
        { field: 'password', code: 'missing' },
      ],
    },
  },
  { name: 'sign-in-long', page: { ...signIn, client: longClient, values: { identifier: longAddress } } },
  { name: 'register', page: register },
  {
    name: 'register-errors',
    page: {
      ...register,
      values: { email: 'ada@', username: 'a b' },
      errors: [
        { field: 'email', code: 'email_shape' },
        { field: 'username', code: 'username_shape' },
        { field: 'password', code: 'password_short', params: { min: 8 } },
      ],
    },
  },
  { name: 'confirm-mail', page: confirmMail },
  {
    name: 'confirm-mail-sent',
    page: { ...confirmMail, facts: { ...confirmMail.facts, sentTo: longAddress }, notice: { code: 'code_sent' } },
  },
  {
    name: 'confirm-mail-wrong',
    page: { ...confirmMail, errors: [{ field: 'code', code: 'code_rejected', params: { n: 1 } }] },
  },
  {
    name: 'confirm-mail-masked',
    page: { ...confirmMail, account: ada, facts: { ...confirmMail.facts, sentTo: 'a***@example.com', masked: true } },
  },
  { name: 'confirm-mail-none', page: withoutCode({ secondsToNextSend: 0, secondsToEnd: 0 }) },
  { name: 'confirm-mail-unsent', page: withoutCode({ secondsToNextSend: 47, codeEndsAt: '2026-11-21T23:00:00.000Z' }) },
  { name: 'confirm-mail-locked', page: { ...withoutCode(wait), actions: [post('restart'), post('cancel')] } },
  { name: 'username', page: username },
  { name: 'username-taken', page: { ...username, errors: [{ field: 'username', code: 'username_taken' }] } },
  { name: 'enrol-totp', page: enrol },
  {
    name: 'enrol-totp-wrong',
    page: { ...enrol, errors: [{ field: 'code', code: 'code_rejected', params: { n: 4 } }] },
  },
  { name: 'enrol-totp-renewed', page: { ...enrol, notice: { code: 'time_added', params: { seconds: 600 } } } },
  { name: 'totp', page: totp },
  { name: 'totp-ways', page: { ...totp, actions: [...totp.actions, get('choose'), get('lost')] } },
  {
    name: 'totp-wrong',
    page: {
      ...totp,
      facts: { ...totp.facts, triesLeft: 3 },
      errors: [{ field: 'code', code: 'code_rejected', params: { n: 3 } }],
    },
  },
  { name: 'totp-shape', page: { ...totp, errors: [{ field: 'code', code: 'code_shape', params: { digits: 6 } }] } },
  { name: 'totp-locked', page: locked },
  {
    name: 'totp-locked-now',
    page: { ...locked, errors: [{ field: '', code: 'code_locked', params: { seconds: 720 } }] },
  },
  { name: 'totp-long', page: { ...totp, account: longAddress, client: longClient } },
  { name: 'totp-remember', page: rememberable },
  {
    name: 'totp-remember-wrong',
    page: {
      ...rememberable,
      facts: { ...rememberable.facts, triesLeft: 3 },
      values: { remember: 'yes' },
      errors: [{ field: 'code', code: 'code_rejected', params: { n: 3 } }],
    },
  },
  ...codePages,
  {
    name: 'enrol-totp-kinds',
    page: {
      ...enrol,
      facts: { ...enrol.facts, kinds: ['email', 'sms'] },
      actions: [...enrol.actions, post('way', 'kind')],
    },
  },
  { name: 'consent', page: consent },
  { name: 'consent-long', page: { ...consent, account: longAddress, client: longClient } },
  { name: 'signed-in-as', page: signedInAs },
  { name: 'signed-in-as-long', page: { ...signedInAs, account: longAddress } },
  { name: 'confirm', page: { ...confirm, facts: { change: 'remove_way', way: longClient.name, kind: 'totp' } } },
  { name: 'confirm-kind', page: { ...confirm, facts: { change: 'rename_way', kind: 'sms' } } },
  { name: 'confirm-others', page: { ...confirm, facts: { change: 'end_others' } } },
  { name: 'confirm-forget', page: { ...confirm, facts: { change: 'forget_device' } } },
  {
    name: 'confirm-errors',
    page: { ...confirm, facts: { change: 'make_codes' }, errors: [{ field: 'password', code: 'password_rejected' }] },
  },
  ...accountPages,
  ...resetPages,
  ...linkPages,
  { name: 'sign-out', page: signOut },
  { name: 'signed-out', page: signedOut },
  { name: 'outbox', page: outbox },
  { name: 'outbox-empty', page: { ...outbox, facts: { messages: [] } } },
  ...Object.keys(problems).map((code) => ({
    name: `problem-${code}`,
    page: problemPage(code, problemFacts[code]),
  })),
  { name: 'problem-long', page: { ...problemPage('request_refused'), client: longClient } },
];
