import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRenderer } from '../../src/http/render.ts';
import { createTheme } from '../../src/http/theme.ts';

const theme = createTheme({ productName: 'Twofold', accent: '#3538cd', links: {} });
const renderer = createRenderer({ theme, cache: true });

const origin = { client: 'Acme Orders', browser: 'Firefox on Linux', place: '192.0.2.…' };
const mails: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['registration-code', { code: '012345', minutes: 10, ...origin }],
  ['sign-in-code', { code: '012345', minutes: 10, ...origin }],
  ['enrolment-code', { code: '012345', minutes: 10, ...origin }],
  ['first-factor-code', { code: '012345', minutes: 10, ...origin }],
  ['already-registered', { client: 'Acme Orders', email: 'ada@example.com' }],
  [
    'notice',
    { event: 'factor_added_totp', when: new Date('2026-11-21T22:41:00Z'), place: '192.0.2.7', browser: 'Firefox' },
  ],
];

test('a code stands alone on its line in both parts, and never in the subject', async () => {
  for (const [view, facts] of mails.slice(0, 4)) {
    const mail = await renderer.mail(view, facts);
    assert.equal(mail.subject, 'Your Twofold code');
    assert.match(mail.text, /\n\n012345\n\n/, view);
    assert.match(mail.html, />012345</, view);
    for (const part of [mail.text, mail.html]) {
      for (const told of ['10 minutes', ...Object.values(origin)]) assert.ok(part.includes(told), `${view}: ${told}`);
    }
  }
});

test('a stranger’s code is to be ignored before there is an account, and a warning once the password is known', async () => {
  const facts = { code: '012345', minutes: 1 };
  assert.match((await renderer.mail('registration-code', facts)).text, /Not you\? Ignore this mail\./);
  const { text } = await renderer.mail('first-factor-code', facts);
  assert.match(text, /Not you\? Someone knows your password: change it\./);
  assert.match(text, /works for 1 minute\./);
});

test('a known address is told that it has an account and that nobody got in', async () => {
  const { subject, text } = await renderer.mail('already-registered', { email: 'ada@example.com' });
  assert.equal(subject, 'You already have a Twofold account');
  assert.match(text, /ada@example\.com/);
  assert.match(text, /Nobody got in/);
});

test('a notice says what happened, when in UTC, where and in which browser', async () => {
  const { subject, text } = await renderer.mail('notice', mails[5]?.[1] ?? {});
  assert.equal(subject, 'An authenticator app was added to your Twofold account');
  for (const told of ['November 21, 2026', '22:41 UTC', 'Place: 192.0.2.7', 'Browser: Firefox'])
    assert.ok(text.includes(told), told);
});

test('no mail loads or links anything, and no text part holds markup or three empty lines', async () => {
  for (const [view, facts] of mails) {
    const { text, html } = await renderer.mail(view, facts);
    assert.doesNotMatch(html, /<(img|a|link|script)\b|url\(|https?:/, view);
    assert.doesNotMatch(text, /[<>&]|\n\n\n/, view);
  }
});

test('names from outside are text: no markup in HTML, no lines of their own in text or subject [check 98]', async () => {
  const hostile = "O'Neil & <b>\r\nBcc: eve@example.com\n\u2028\u202eYour code is 999999";
  for (const [view, facts] of mails) {
    const { subject, text, html } = await renderer.mail(view, {
      ...facts,
      client: hostile,
      browser: hostile,
      email: hostile,
    });
    assert.doesNotMatch(subject, /[\r\n]/);
    assert.doesNotMatch(text, /^(Bcc|Your code)|[\u2028\u202e]/m, view);
    assert.doesNotMatch(html, /<b>|[\u2028\u202e]/, view);
    assert.ok(text.includes("O'Neil & <b>"), view);
  }
});
