import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mailedLinks } from '../../src/delivery/links.ts';
import type { OutgoingMail } from '../../src/delivery/mailer.ts';
import { mailedNotices } from '../../src/delivery/notices.ts';
import { createRenderer } from '../../src/http/render.ts';
import { createTheme } from '../../src/http/theme.ts';
import { consequences } from '../../src/protection/consequences.ts';
import type { Notice } from '../../src/protection/notices.ts';
import { memoryLinks } from '../support/fakes/links.ts';

const renderer = createRenderer({
  theme: createTheme({ productName: 'Twofold', accent: '#3538cd', links: {} }),
  cache: true,
});
const at = new Date('2026-11-21T22:41:00Z');
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const origin = { address: '192.0.2.7', browser: firefox, requestId: 'r1' };
const usual: Notice = { to: 'ada@example.com', accountId: 'ada', event: 'two_step_on', at, origin };
const linked = /^This was not me:\n(https:\/\/login\.example\.com\/link\/not_me\/[\w-]{43})$/m;

function sending(broken = false) {
  const mails: OutgoingMail[] = [];
  const reported: unknown[] = [];
  const rows = memoryLinks();
  const links = mailedLinks({ links: rows, issuer: 'https://login.example.com', now: () => at });
  const failing = { make: () => Promise.reject(new Error('no database')) };
  const notices = mailedNotices({
    mailer: { send: async (mail) => void mails.push(mail) },
    letters: renderer,
    places: { of: async (address) => address?.replace(/\d+$/, 'x') },
    site: 'https://login.example.com',
    links: broken ? failing : links,
    report: (cause) => reported.push(cause),
  });
  const tell = async (more: Partial<Notice> = {}) => {
    await notices.tell({ ...usual, ...more });
    const mail = mails.at(-1);
    assert.ok(mail);
    return mail;
  };
  return { tell, mails, reported, links, rows };
}

/** What is not answered by "This was not me": every other notice is. */
const answerless = ['account_created', 'account_disabled', 'account_deleted', 'not_me', 'passwords_rejected'];
const rejected = ['codes_rejected', 'passwords_rejected', 'new_place'] as const;

for (const event of [...(Object.keys(consequences) as (keyof typeof consequences)[]), ...rejected]) {
  test(`the notice of ${event} says what, when, the rough place and the browser by name [check 37]`, async () => {
    const kind = event === 'passwords_rejected' ? { kind: 'network', count: 37 } : {};
    const { tell, mails } = sending();
    const { subject, text, html } = await tell({ event, ...kind });
    assert.equal(mails.length, 1);
    assert.match(subject, /Twofold/);
    const rows = ['When: November 21, 2026 at 22:41 UTC', 'Browser: Firefox on Linux', 'Place: 192.0.2.x'];
    for (const row of rows) assert.ok(text.split('\n').includes(row), `${row} in ${text}`);
    for (const part of [text, html]) assert.doesNotMatch(part, /Mozilla|Gecko|192\.0\.2\.7|\br1\b/);
    assert.match(text, /Not you\?/);
    assert.equal(linked.test(text), !answerless.includes(event), text);
  });
}

test('"This was not me" is the one link of a notice, in both of its parts', async () => {
  const { tell } = sending();
  const { text, html } = await tell();
  const [, url = 'none'] = linked.exec(text) ?? [];
  assert.deepEqual(html.match(/<a href="([^"]+)">([^<]+)<\/a>/)?.slice(1), [url, 'This was not me']);
  for (const part of [text, html]) assert.equal(part.match(/https?:/g)?.length, 1);
});

test('an administrator who did it is named as one, and the owner may say no to that, too', async () => {
  const { tell } = sending();
  const { text } = await tell({ event: 'sessions_ended', actor: 'cli' });
  assert.match(text, /An administrator did this\./);
  assert.doesNotMatch(text, /Someone knows your password/);
  assert.match(text, linked);
});

test('several notices have a link each, good for a week, whatever ends sign-ins meanwhile', async () => {
  const { tell, rows, links } = sending();
  const urls = [await tell(), await tell(), await tell({ to: 'former@example.com' })].map(
    ({ text }) => linked.exec(text)?.[1] ?? '',
  );
  assert.equal(rows.rows.size, 3);
  for (const row of rows.rows.values()) {
    assert.deepEqual([row.accountId, row.purpose, row.sessionVersion], ['ada', 'not_me', undefined]);
    assert.deepEqual(row.expiresAt, new Date('2026-11-28T22:41:00Z'));
  }
  const found = urls.map((url) => links.find({ purpose: 'not_me', token: url.slice(-43), holder: 'browser' }));
  const addresses = (await Promise.all(found)).map((link) => link?.address);
  assert.deepEqual(addresses, ['ada@example.com', 'ada@example.com', 'former@example.com']);
});

test('without a database a notice goes out without its link, and that is reported', async () => {
  const { tell, mails, reported } = sending(true);
  const { text } = await tell();
  assert.deepEqual([mails.length, reported.map(String)], [1, ['Error: no database']]);
  assert.doesNotMatch(text, /This was not me|http/);
});

test('who had not said "This was not me" is told that somebody reads the mail', async () => {
  const { tell } = sending();
  const { text } = await tell({ event: 'not_me' });
  assert.match(text, /Then someone else reads your mail: choose a new password for the mailbox/);
});
