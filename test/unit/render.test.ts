import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import Koa from 'koa';
import { createRenderer, type Page } from '../../src/http/render.ts';
import { createTheme } from '../../src/http/theme.ts';
import { problemPage, samplePages } from '../support/sample-pages.ts';

const theme = createTheme({ productName: 'Twofold', accent: '#3538cd', links: { help: '/help' } });
const renderer = createRenderer({ theme, cache: true });
const hostile = '<img src=x onerror="alert(1)">\'"&{product}<%= 1 %>';
let answerWith: Page;
let origin: string;

const app = new Koa();
app.use(renderer.middleware);
app.use((ctx) => {
  // What koa-views would hand to EJS as options (it merges the state into the locals).
  Object.assign(ctx.state, { delimiter: '?', cache: false, client: true });
  return renderer.page(ctx, answerWith);
});
const server = app.listen(0, '127.0.0.1');
before(async () => {
  if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => server.close());

async function fetchPage(page: Page, accept = 'text/html,application/xhtml+xml,*/*;q=0.8') {
  answerWith = page;
  const response = await fetch(origin, { headers: { accept } });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text };
}

async function fetchTwin(page: Page) {
  const { text, ...rest } = await fetchPage(page, 'application/json');
  return { ...rest, body: JSON.parse(text) };
}

function sample(name: string): Page {
  const found = samplePages.find((each) => each.name === name);
  assert.ok(found, name);
  return found.page;
}

test('a page is HTML unless JSON is preferred', async () => {
  for (const accept of ['*/*', 'text/html', 'text/html, application/json;q=0.9', 'image/png']) {
    const { headers, text } = await fetchPage(sample('sign-in'), accept);
    assert.equal(headers.get('content-type'), 'text/html; charset=utf-8', accept);
    assert.equal(headers.get('vary'), 'Accept');
    assert.match(text, /<title>Sign in - Twofold<\/title>/);
  }
  for (const accept of ['application/json', 'application/problem+json', 'application/json, text/html;q=0.5']) {
    const { headers } = await fetchPage(sample('sign-in'), accept);
    assert.equal(headers.get('content-type'), 'application/json', accept);
  }
});

test('the JSON twin says the same facts and actions as the page', async () => {
  const page = sample('confirm-mail-sent');
  const { status, body } = await fetchTwin(page);
  assert.equal(status, 200);
  assert.deepEqual(body, {
    stage: 'confirm-mail',
    facts: page.facts,
    actions: page.actions,
    notice: { code: 'code_sent', text: 'We sent a new code. Only the newest one works.' },
    forgery: 'forgery-token',
  });
});

test('errors answer 422: the form again as HTML, problem+json with the same sentences as JSON', async () => {
  const page = sample('register-errors');
  const { status, headers, body } = await fetchTwin(page);
  assert.equal(status, 422);
  assert.equal(headers.get('content-type'), 'application/problem+json');
  assert.equal(body.type, 'about:blank');
  assert.equal(body.title, 'There is a problem');
  assert.equal(body.status, 422);
  assert.equal(body.code, 'email_shape');
  assert.equal(body.stage, 'register');
  assert.deepEqual(body.errors[2], {
    field: 'password',
    code: 'password_short',
    sentence: 'Use at least 8 characters.',
  });

  const html = await fetchPage(page);
  assert.equal(html.status, 422);
  assert.match(html.text, /<title>Error: Create your account - Twofold<\/title>/);
  for (const { sentence } of body.errors) assert.ok(html.text.includes(sentence), sentence);
  assert.ok(html.text.includes('value="ada@"'));
});

test('a problem has its status, title and reference, and leads back to the app', async () => {
  const { status, body } = await fetchTwin(problemPage('unavailable'));
  assert.equal(status, 503);
  assert.equal(body.title, 'We cannot sign you in right now');
  assert.deepEqual([body.code, body.status, body.facts.reference], ['unavailable', 503, 'K7M49QWT']);
  const { text } = await fetchPage(problemPage('unavailable'));
  assert.match(text, /href="https:\/\/orders\.example\.com\/">Return to/);
  assert.match(text, /<title>We cannot sign you in right now - Twofold<\/title>/);
});

test('a problem shows a standard error code, but no words that a client sent', async () => {
  const own = await fetchPage(problemPage('request_refused', { reason: 'invalid_redirect_uri' }));
  assert.match(own.text, /<code dir="ltr">invalid_redirect_uri<\/code>/);
  const foreign = await fetchPage(problemPage('request_refused', { reason: 'Call 0800 now' }));
  assert.doesNotMatch(foreign.text, /0800/);
});

test('what comes from outside is text in every page, never markup or template [check 98]', async () => {
  const kept = new Set(['qr', 'code']);
  const poison = (value: unknown, key = ''): unknown => {
    if (kept.has(key)) return value;
    if (typeof value === 'string') return hostile;
    if (Array.isArray(value)) return value.map((each) => poison(each));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, poison(child, name)]));
  };
  for (const { name, page } of samplePages) {
    const { client, account, values, facts, forgery } = poison({
      ...page,
      values: { identifier: '', email: '', username: '', name: '' },
    }) as Page;
    const poisoned = {
      ...page,
      facts,
      values: values ?? {},
      ...(client && { client }),
      ...(account && { account }),
      ...(forgery && { forgery }),
    };
    const { text } = await fetchPage(poisoned);
    assert.doesNotMatch(text, /<img|onerror="|<%/, name);
    assert.doesNotMatch(text, /=x onerror=(?!&#34;)/, name);
  }
});

test('templates print raw only what is made for it: other templates, rich texts and our own QR code [check 98]', () => {
  const root = new URL('../../views/', import.meta.url);
  const files = globSync('**/*.ejs', { cwd: root });
  assert.ok(files.length > 25);
  for (const file of files) {
    const source = readFileSync(new URL(file, root), 'utf8');
    for (const [, raw = ''] of source.matchAll(/<%-\s*([\s\S]*?)-?%>/g)) {
      assert.match(
        raw,
        /^(include\(|(page|mail)\.rich\(|page\.heading\s|qr\s|masked \? page\.rich\()/,
        `${file}: ${raw}`,
      );
    }
  }
});

test('a password or a code is never written back into a form', async () => {
  const values = { identifier: 'ada', email: 'ada', username: 'ada', password: 'correct-horse', code: '271828' };
  for (const { name, page } of samplePages) {
    const { text } = await fetchPage({ ...page, values });
    assert.doesNotMatch(text, /correct-horse|271828/, name);
  }
});

test('every form that posts carries the anti-forgery token; sign-out has its own', async () => {
  for (const { name, page } of samplePages) {
    if (!page.forgery) continue;
    const { text } = await fetchPage(page);
    for (const form of text.match(/<form[\s\S]*?<\/form>/g) ?? []) {
      assert.ok(form.includes('<input type="hidden" name="forgery" value="forgery-token">'), name);
    }
  }
  const { text } = await fetchPage(sample('sign-out'));
  assert.match(text, /<input type="hidden" name="xsrf" value="xsrf-token">/);
  assert.doesNotMatch(text, /forgery/);
});

test('an action that is absent has no control', async () => {
  for (const [name, action] of [
    ['sign-in', 'register'],
    ['sign-in', 'cancel'],
    ['confirm-mail', 'send'],
    ['totp-ways', 'choose'],
    ['totp-ways', 'restart'],
    ['enrol-totp', 'renew'],
    ['signed-in-as', 'other'],
  ] as const) {
    const page = sample(name);
    const href = page.actions.find((each) => each.name === action)?.href ?? '';
    assert.ok((await fetchPage(page)).text.includes(`="${href}"`), name);
    const without = { ...page, actions: page.actions.filter((each) => each.name !== action) };
    assert.ok(!(await fetchPage(without)).text.includes(`="${href}"`), `${name} without ${action}`);
  }
});

test('a page that is locked has no field and tells when it ends', async () => {
  for (const name of ['totp-locked', 'email-locked', 'confirm-mail-locked', 'enrol-sms-locked']) {
    const { text } = await fetchPage(sample(name));
    assert.match(text, /Too many tries\. Try again in 12 minutes\./, name);
    assert.doesNotMatch(text, /<input (?!type="hidden")|We sent|We wrote|No code was sent/, name);
  }
});

test('the rejected password puts one bar round both fields and keeps the identifier', async () => {
  const { text } = await fetchPage(sample('sign-in-rejected'));
  assert.equal(text.match(/aria-describedby="sign-in-error"/g)?.length, 2);
  assert.equal(text.match(/class="[^"]*wrong"/g)?.length, 1);
  assert.match(text, /name="identifier"[^>]*value="augusta/);
});

test('fields carry what browsers and password managers need', async () => {
  const field = async (name: string, id: string) => {
    const tag = (await fetchPage(sample(name))).text.match(new RegExp(`<input id="${id}"[^>]*>`))?.[0] ?? '';
    return (attribute: string) => tag.match(new RegExp(` ${attribute}="([^"]*)"`))?.[1];
  };
  const identifier = await field('sign-in', 'identifier');
  assert.deepEqual(
    ['type', 'autocomplete', 'inputmode', 'enterkeyhint', 'spellcheck', 'autocapitalize', 'dir'].map(identifier),
    [...['text', 'username', 'email', 'next', 'false', 'none', 'ltr']],
  );
  const password = await field('register', 'password');
  assert.deepEqual(['type', 'autocomplete', 'passwordrules', 'maxlength', 'required'].map(password), [
    ...['password', 'new-password', 'minlength: 8; allowed: ascii-printable;', undefined, undefined],
  ]);
  const code = await field('totp', 'code');
  assert.deepEqual(['type', 'autocomplete', 'inputmode', 'autofocus'].map(code), [
    'text',
    'one-time-code',
    'numeric',
    '',
  ]);
  assert.equal((await field('totp-wrong', 'code'))('autofocus'), undefined);
});

test('sentences know the product and durations', () => {
  assert.match(renderer.sentence({ code: 'password_own' }), /not your e-mail, name or Twofold\.$/);
  assert.equal(
    renderer.sentence({ code: 'send_wait', params: { seconds: 59 } }),
    'You can ask for another code in 59 seconds.',
  );
  assert.equal(renderer.sentence({ code: 'code_shape' }), 'Enter the 6 digits.');
});

test('the consent page tells what is seen and, apart from it, what may be done', async () => {
  const items = async (scopes: readonly string[], named = true) => {
    const page = sample('consent');
    const { text } = await fetchPage({ ...page, facts: { ...page.facts, scopes, named } });
    const plain = text.replace(/<\/(p|li)>/g, '\n').replace(/<[^>]*>/g, '');
    const lines = plain.split('\n').map((line) => line.trim());
    return lines.filter((line) => / (will see|may):$|^(your|also|stay) /.test(line));
  };
  const [sees, userName, email, may, away, ...more] = await items(['openid', 'profile', 'email', 'offline_access']);
  assert.match(String(sees), / will see:$/);
  assert.deepEqual([userName, email], ['your user name', 'your e-mail address']);
  assert.match(String(may), / may:$/);
  assert.deepEqual([away, more], ['stay connected while you are away', []]);
  assert.deepEqual((await items(['openid', 'profile'], false)).slice(1), ['your user name, once you have one']);
  const [only, stays, ...rest] = await items(['openid', 'offline_access']);
  assert.match(String(only), / may:$/);
  assert.deepEqual([stays, rest], ['stay connected while you are away', []], 'nothing is said to be seen');
});
