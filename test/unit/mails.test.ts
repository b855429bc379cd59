import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogue, createRenderer } from '../../src/http/render.ts';
import { createTheme } from '../../src/http/theme.ts';

const settings = { productName: 'Twofold', accent: '#3538cd', links: {} };
const renderer = createRenderer({ theme: createTheme(settings), cache: true });

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const origin = { client: 'Acme Orders', browser: firefox, place: '192.0.2.x' };
const mails: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['registration-code', { code: '012345', minutes: 10, ...origin }],
  ['sign-in-code', { code: '012345', minutes: 10, ...origin }],
  ['enrolment-code', { code: '012345', minutes: 10, ...origin }],
  ['first-factor-code', { code: '012345', minutes: 10, ...origin }],
  ['rescue-code', { code: '012345', minutes: 10, ...origin }],
  ['already-registered', { client: 'Acme Orders' }],
  ['notice', { event: 'factor_added_totp', when: '2026-11-21T22:41:00.000Z', place: '192.0.2.x', browser: firefox }],
  ['help-asked', { account: 'ada@example.com', username: 'ada', when: '2026-11-21T22:41:00.000Z', place: '192.0.2.x' }],
];

test('a code stands alone on its line in both parts, and never in the subject', async () => {
  for (const [view, facts] of mails.slice(0, 5)) {
    const mail = await renderer.mail(view, facts);
    assert.equal(mail.subject, 'Your Twofold code');
    assert.match(mail.text, /\n\n012345\n\n/, view);
    assert.match(mail.html, />012345</, view);
    for (const part of [mail.text, mail.html]) {
      for (const told of ['10 minutes', 'Acme Orders', 'Firefox on Linux', '192.0.2.x'])
        assert.ok(part.includes(told), `${view}: ${told}`);
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
  const { subject, text } = await renderer.mail('already-registered', {});
  assert.equal(subject, 'You already have a Twofold account');
  assert.match(text, /account for this address\. You already have one\./);
  assert.match(text, /Nobody got in/);
});

test('a notice says what happened, when in UTC, where and in which browser', async () => {
  const { subject, text } = await renderer.mail('notice', mails[6]?.[1] ?? {});
  assert.equal(subject, 'An authenticator app was added to your Twofold account');
  for (const told of ['November 21, 2026', '22:41 UTC', 'Place: 192.0.2.x', 'Browser: Firefox on Linux'])
    assert.ok(text.includes(told), told);
});

test('whose password was guessed at in vain reads how often, and is not told that somebody knows it', async () => {
  const told = async (event: string, n?: number) => {
    const { text } = await renderer.mail('notice', { event, ...(n ? { n } : {}), when: '2026-11-21T22:41:00Z' });
    return text;
  };
  assert.match(await told('passwords_rejected_network', 37), /^37 wrong passwords in a row/);
  for (const event of ['passwords_rejected_network', 'passwords_rejected_day']) {
    assert.match(await told(event, 300), /^300 wrong passwords [\s\S]* Nobody got in that way/);
    assert.doesNotMatch(await told(event, 300), /Someone knows/);
  }
  assert.match(await told('codes_rejected'), /Someone knows your password/);
});

test('no mail loads or links anything, and no text part holds markup or three empty lines', async () => {
  for (const [view, facts] of mails) {
    const { text, html } = await renderer.mail(view, facts);
    assert.doesNotMatch(html, /<(img|a|link|script)\b|url\(|https?:/, view);
    assert.doesNotMatch(text, /[<>&]|\n\n\n/, view);
  }
});

test('a browser goes by one of our names or by none: no mail holds a word of the User-Agent', async () => {
  const told = async (browser?: string) => (await renderer.mail('sign-in-code', { ...mails[1]?.[1], browser })).text;
  assert.match(await told('Opera wants you: https://evil.example OPR/1.0'), /^Browser: Opera$/m);
  assert.match(await told('Windows wants you: https://evil.example'), /^Browser: Windows$/m);
  assert.match(await told('Your account is at risk, call 0900'), /^Browser: A browser we do not know$/m);
  assert.doesNotMatch(await told(undefined), /Browser/);
});

/** What mail programs make links of: schemes, addresses, hosts with and without www. */
const linked = /[\p{L}\p{N}]:\/\/|www\.|@|[\p{L}\p{M}\p{N}]\.[\p{L}\p{M}]{2}|(mailto|tel|javascript):/iu;
const hostile: readonly string[] = [
  "O'Neil & <b>\r\nBcc: eve@evil.example\n\u2028\u202eYour code is 999999",
  '</p><a href="https://evil.example">Your account</a><!-- {product} {code} <%= 1 %>',
  'https://evil.example/a mailto:eve@evil.example tel:0900 javascript:alert(1)',
  'www.evil.example evil.example evil.рф EVIL。EXAMPLE',
  'a\u0000\u001b[31m\u0085\u009b\u202e\u2066\u200b\u061c\ufeff\u{e0041}\tb',
  'x'.repeat(10_000),
  'https://evil.example/ '.repeat(500),
];
const facts = ['client', 'place', 'email', 'username', 'name', 'wayName', 'destination', 'address', 'app', 'product'];

/** Every mail there is, by its subject in the catalogue. */
const every = catalogue.keys.flatMap((key) => {
  const [, view = '', event] =
    /^mail\.(notice)\.(.+)\.subject$/.exec(key) ?? /^mail\.([\w-]+)\.subject$/.exec(key) ?? [];
  return view === '' ? [] : [{ view, ...(event === undefined ? {} : { event }) }];
});

/** Addresses that we make ourselves. */
const own = { url: 'our link', site: 'our site' };

test('whatever is written into any fact of any mail, or as the product’s name, is text of one short line that nothing links [check 98]', async () => {
  assert.ok(every.length > 30);
  for (const typed of hostile) {
    const named = createRenderer({ theme: createTheme({ ...settings, productName: typed }), cache: true });
    const browser = `${typed} Firefox/140.0 (Linux)`;
    const all = { ...Object.fromEntries(facts.map((fact) => [fact, typed])), browser, code: '012345', minutes: 10 };
    for (const { view, ...event } of every) {
      const counted = event.event?.startsWith('passwords_rejected') || view.endsWith('-link') ? { n: 300 } : {};
      const told = { ...all, ...event, ...counted, ...own, when: '2026-11-21T22:41:00Z' };
      const { subject, text, html: whole } = await named.mail(view, told);
      // The one link that some mails are there for.
      const html = whole.replace(/<a href="our link">(our link|This was not me)<\/a>/, '');
      const seen = html.replace(/<(style|title)[\s\S]*?<\/\1>/g, '').replace(/<[^>]*>/g, '');
      for (const part of [subject, text, seen]) {
        assert.doesNotMatch(part, linked, view);
        assert.doesNotMatch(part, /[\p{Cf}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u, view);
        assert.ok(part.length < 1_500, `${view}: ${part.length}`);
      }
      assert.doesNotMatch(subject, /\n/);
      assert.doesNotMatch(text, /[<>]|^(Bcc|Your code is 9)/m, view);
      assert.doesNotMatch(html, /<(b|a|script|!--)[\s>]|href=|url\(|<!--/, view);
    }
  }
});

test('a text to a phone holds the code, a short plain name and our own host alone [check 98]', () => {
  for (const typed of hostile) {
    const named = createRenderer({ theme: createTheme({ ...settings, productName: typed }), cache: true });
    const [first = '', ...others] = named.sms({ code: '012345', host: 'login.example.com' }).split('\n');
    assert.deepEqual(others, ['', '@login.example.com #012345']);
    assert.doesNotMatch(first, linked);
    assert.doesNotMatch(first, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>]/u);
    assert.ok(first.length < 150);
  }
});
