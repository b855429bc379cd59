import type { Page } from '../../src/http/render.ts';
import { ada, client, forgery, get, longAddress, longName, post, type SamplePage, wait } from './sample-parts.ts';

const masked = 'a***@example.com';
const sent = { secondsToNextSend: 47, secondsToEnd: 540 };
const kindOffers = [
  { kind: 'email', id: 'two', label: '', destination: masked },
  { kind: 'sms', id: 'three', label: 'Work', destination: '42' },
  { kind: 'totp', id: 'one', label: longName },
  { kind: 'recovery', id: 'recovery', label: '' },
  { kind: 'pass', id: 'pass', label: '' },
];
const email: Page = {
  ...{ client, forgery, account: ada },
  view: 'factors/email',
  stage: 'email',
  facts: { digits: 6, way: 'two', offers: kindOffers, sentTo: masked, triesLeft: 5, ...sent },
  actions: [post('factor', 'way', 'code'), post('send'), get('choose'), post('restart'), post('cancel')],
};
const sms: Page = {
  ...email,
  view: 'factors/sms',
  stage: 'sms',
  facts: { ...email.facts, sentTo: '42', way: 'three' },
};
const unsent = (page: Page): Page => ({
  ...page,
  facts: { ...page.facts, unsent: true },
  actions: page.actions.filter(({ name }) => name !== 'factor' && name !== 'enrol'),
});

const waysPage: Page = {
  ...email,
  view: 'factors/ways',
  stage: 'ways',
  facts: { offers: kindOffers },
  actions: [post('way', 'way'), get('back'), get('lost'), post('restart'), post('cancel')],
};

const lost: Page = {
  ...{ client, forgery, account: ada },
  view: 'sign-in/lost',
  stage: 'lost',
  facts: { sentTo: masked },
  actions: [post('rescue'), post('write'), get('choose'), get('back'), post('restart'), post('cancel')],
};
const lostClosed = (facts: Page['facts'] = {}): Page => ({
  ...lost,
  facts,
  actions: lost.actions.filter(({ name }) => name !== 'rescue'),
});
const rescue: Page = {
  ...email,
  view: 'factors/rescue',
  stage: 'rescue',
  facts: { ...email.facts, way: 'rescue' },
  actions: [...email.actions, get('lost')],
};
const written: Page = {
  ...lost,
  view: 'sign-in/written',
  stage: 'written',
  facts: {},
  actions: [get('back'), post('restart'), post('cancel')],
};

const enrolChoice: Page = {
  ...email,
  view: 'factors/enrol',
  stage: 'enrol',
  facts: { kinds: ['totp', 'email', 'sms'] },
  actions: [post('way', 'kind'), post('restart'), post('cancel')],
};
const enrolKinds = (...others: string[]) => ({ digits: 6, kinds: others });
const enrolEmail: Page = {
  ...email,
  view: 'factors/email-enrol',
  stage: 'enrol-email',
  facts: { ...enrolKinds('totp', 'sms'), proved: true, sentTo: ada, secondsToEnd: 590 },
  actions: [
    ...[post('enrol', 'code', 'name'), post('destination', 'email'), post('renew'), post('way', 'kind')],
    ...[post('restart'), post('cancel')],
  ],
};
const codeSent = (page: Page, sentTo: string): Page => ({
  ...page,
  facts: { ...page.facts, proved: false, sentTo, ...sent },
  actions: [...page.actions.filter(({ name }) => name !== 'renew'), post('send')],
});
const lockedOut = (page: Page): Page => ({
  ...page,
  facts: { ...page.facts, ...wait },
  actions: page.actions.filter(({ name }) => !['enrol', 'destination', 'send'].includes(name)),
});
const nowhere = (page: Page): Page => ({
  ...page,
  facts: enrolKinds('totp', 'email'),
  actions: page.actions.filter(({ name }) => name !== 'enrol' && name !== 'renew'),
});
const enrolSms: Page = {
  ...enrolEmail,
  view: 'factors/sms-enrol',
  stage: 'enrol-sms',
  facts: enrolKinds('totp', 'email'),
  actions: enrolEmail.actions.map((action) => (action.name === 'destination' ? post('destination', 'phone') : action)),
};

const recovery: Page = {
  ...{ client, forgery, account: ada },
  view: 'factors/recovery',
  stage: 'recovery',
  facts: { way: 'recovery', offers: kindOffers, triesLeft: 5 },
  actions: [post('factor', 'way', 'code'), get('choose'), post('restart'), post('cancel')],
};
const pass: Page = {
  ...recovery,
  view: 'factors/pass',
  stage: 'pass',
  facts: { ...recovery.facts, way: 'pass' },
};
const groups = ['K7M4', '9QWT', 'X2HD', '5VNP', '0ZR8', 'C3FB', 'W6EJ', 'G1TA', 'QH2S', 'VX95'];
const saveCodes: Page = {
  ...recovery,
  view: 'factors/recovery-codes',
  stage: 'recovery-codes',
  facts: {
    shownAt: new Date('2026-05-04T09:30:00Z'),
    email: ada,
    codes: groups.map((_, n) => [0, 3, 6, 9].map((step) => groups[(n + step) % 10]).join('-')),
  },
  actions: [post('save', 'saved'), post('restart'), post('cancel')],
};
const codeUsed: Page = {
  ...recovery,
  view: 'factors/recovery-used',
  stage: 'recovery-used',
  facts: { left: 2, few: true },
  actions: [post('go-on'), post('make'), post('restart'), post('cancel')],
};

const wrongCode = (page: Page): Page => ({
  ...page,
  errors: [{ field: 'code', code: 'code_rejected', params: { n: 4 } }],
});

/** Codes by mail and SMS, recovery codes, choosing among several ways, and setting one of them up. */
export const codePages: readonly SamplePage[] = [
  { name: 'email', page: email },
  { name: 'email-ended', page: { ...email, facts: { ...email.facts, secondsToNextSend: 0, secondsToEnd: 0 } } },
  { name: 'email-sent-again', page: { ...email, notice: { code: 'code_sent' } } },
  {
    name: 'email-earlier',
    page: {
      ...email,
      facts: { ...email.facts, earlier: true, sentAt: '2026-11-21T22:50:00.000Z', secondsSinceSent: 20 },
      notice: { code: 'code_earlier', params: { seconds: 20 } },
    },
  },
  { name: 'email-later', page: { ...unsent(email), errors: [{ field: '', code: 'send_later' }] } },
  { name: 'email-wait', page: { ...email, errors: [{ field: '', code: 'send_wait', params: { seconds: 47 } }] } },
  { name: 'email-failed', page: { ...email, errors: [{ field: '', code: 'send_failed' }] } },
  { name: 'email-unsent', page: unsent(email) },
  {
    name: 'email-locked',
    page: {
      ...email,
      facts: { ...email.facts, ...wait },
      actions: [get('lost'), post('restart'), post('cancel')],
    },
  },
  { name: 'sms', page: sms },
  { name: 'sms-unsent', page: unsent(sms) },
  { name: 'ways', page: waysPage },
  { name: 'lost', page: lost },
  { name: 'lost-none', page: lostClosed() },
  { name: 'lost-later', page: lostClosed({ closed: 'later', from: '2026-11-22T22:00:00.000Z', secondsLeft: 82_000 }) },
  { name: 'lost-same-mailbox', page: lostClosed({ closed: 'same-mailbox' }) },
  { name: 'lost-unknown-browser', page: lostClosed({ closed: 'unknown-browser' }) },
  { name: 'lost-asked-more', page: lostClosed({ closed: 'asked-more' }) },
  { name: 'rescue', page: rescue },
  { name: 'rescue-unsent', page: unsent(rescue) },
  { name: 'written', page: written },
  { name: 'recovery', page: recovery },
  {
    name: 'recovery-wrong',
    page: { ...recovery, errors: [{ field: 'code', code: 'recovery_rejected', params: { n: 4 } }] },
  },
  { name: 'pass', page: pass },
  { name: 'pass-wrong', page: { ...pass, errors: [{ field: 'code', code: 'pass_rejected', params: { n: 4 } }] } },
  {
    name: 'pass-locked',
    page: { ...pass, facts: { ...pass.facts, ...wait }, actions: [get('choose'), post('restart'), post('cancel')] },
  },
  { name: 'recovery-codes', page: saveCodes },
  { name: 'recovery-codes-not-saved', page: { ...saveCodes, errors: [{ field: 'saved', code: 'not_saved' }] } },
  { name: 'recovery-used', page: codeUsed },
  { name: 'enrol', page: enrolChoice },
  { name: 'enrol-email', page: enrolEmail },
  { name: 'enrol-email-sent', page: codeSent(enrolEmail, longAddress) },
  { name: 'enrol-email-unsent', page: unsent(codeSent(enrolEmail, longAddress)) },
  {
    name: 'enrol-email-wrong-address',
    page: { ...enrolEmail, values: { email: 'ada@' }, errors: [{ field: 'email', code: 'email_shape' }] },
  },
  { name: 'enrol-email-wrong-code', page: wrongCode(codeSent(enrolEmail, longAddress)) },
  { name: 'enrol-sms-wrong-code', page: wrongCode(codeSent(enrolSms, '+447400123456')) },
  { name: 'enrol-sms', page: nowhere(enrolSms) },
  { name: 'enrol-sms-sent', page: codeSent(enrolSms, '+447400123456') },
  { name: 'enrol-sms-locked', page: lockedOut(codeSent(enrolSms, '+447400123456')) },
  {
    name: 'enrol-sms-blocked',
    page: {
      ...nowhere(enrolSms),
      values: { phone: '+44 909 879' },
      errors: [{ field: 'phone', code: 'phone_blocked' }],
    },
  },
];
