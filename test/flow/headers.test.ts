import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Browser } from '../support/browser.ts';
import { withoutLots } from '../support/compared.ts';
import { startWorld } from '../support/world.ts';

interface Heard {
  readonly what: string;
  readonly status: number;
  readonly headers: Headers;
}

/** Every answer that this browser was given, redirects and refusals included. */
function listening(browser: Browser): readonly Heard[] {
  const heard: Heard[] = [];
  const fetching = browser.fetch.bind(browser);
  browser.fetch = async (sent) => {
    const response = await fetching(sent);
    heard.push({ what: `${sent.method} ${sent.url.pathname}`, status: response.status, headers: response.headers });
    return response;
  };
  return heard;
}

const policy = {
  'default-src': "'none'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'base-uri': "'none'",
  'object-src': "'none'",
  'frame-ancestors': "'none'",
};

function guarded({ what, headers }: Heard): void {
  const directives = new Map(
    (headers.get('content-security-policy') ?? '').split(';').map((each) => {
      const [name = '', ...values] = each.trim().split(' ');
      return [name, values.join(' ')];
    }),
  );
  for (const [name, value] of Object.entries(policy)) assert.equal(directives.get(name), value, `${name} ${what}`);
  assert.match(directives.get('script-src') ?? '', /^'self'( 'sha256-[\w+/=]+')?$/, what);
  assert.equal(directives.get('form-action'), undefined, what);
  assert.equal(headers.get('x-content-type-options'), 'nosniff', what);
  assert.equal(headers.get('x-frame-options'), 'DENY', what);
  assert.equal(headers.get('referrer-policy'), 'same-origin', what);
  const road = /^\w+ \/(auth|interaction|session)\b/.test(what);
  assert.equal(headers.get('cross-origin-opener-policy'), road ? null : 'same-origin', what);
  assert.match(headers.get('x-request-id') ?? '', /^[\w-]{12}$/, what);
  for (const name of ['server', 'x-powered-by', 'via']) assert.equal(headers.get(name), null, what);
}

async function wholeRound(browser: Browser, person: { email: string; password: string; codeNow(): string }) {
  await browser.authorize();
  await browser.press('register');
  await browser.submit({ email: 'not an address', password: 'x' });
  await browser.authorize();
  await browser.submit({ identifier: person.email, password: 'a wrong one altogether' });
  await browser.submit({ identifier: person.email, password: person.password });
  await browser.submit({ code: '000' });
  const inside = browser.url.pathname.split('/').slice(0, 3).join('/');
  await browser.post(`${inside}/factor`, { code: 'x' }, { 'content-type': 'text/plain' });
  await browser.visit(inside);
  await browser.submit({ code: person.codeNow() });
  await browser.redeem();
  await browser.authorize({ prompt: 'none', response_mode: 'form_post' });
  await browser.authorize({ prompt: 'select_account' });
  await browser.visit('/session/end');
  await browser.submit({ xsrf: String(browser.page.facts.xsrf), logout: 'yes' });
  await browser.visit('/session/end');
  const targets = [
    '/session/end/success',
    '/auth',
    '/auth/nope',
    '/interaction/nope',
    '/nope',
    '/assets/nope',
    '/outbox',
  ];
  const open = [
    '/health',
    '/me',
    '/jwks',
    '/.well-known/openid-configuration',
    '/assets/style.css',
    '/assets/theme.css',
  ];
  for (const target of [...targets, ...open]) await browser.visit(target);
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH'])
    for (const target of ['/token', '/auth', '/me', '/session/end', '/nope', '/assets/style.css'])
      await browser.send({ method, url: new URL(target, browser.issuer), headers: {} });
}

for (const accept of ['text/html', 'application/json']) {
  test(`every answer to ${accept} is guarded: no frame, no foreign script, no sniffing, no referrer elsewhere [check 94, 96, 97]`, async (t) => {
    const world = await startWorld(t);
    const browser = world.browser();
    const heard = listening(browser);
    const ada = await world.person();
    await wholeRound(browser, ada);
    const pages = world.browser({ headers: { accept } });
    const also = listening(pages);
    for (const { what } of heard) await pages.visit(what.split(' ')[1] ?? '/');
    assert.ok(heard.length > 60 && also.length > 60);
    for (const each of [...heard, ...also]) guarded(each);
  });
}

test('nothing is kept by a browser or a proxy but the assets [check 95]', async (t) => {
  const world = await startWorld(t);
  const browser = world.browser();
  const heard = listening(browser);
  await wholeRound(browser, await world.person());
  for (const { what, headers, status } of heard) {
    const asset = /^(GET|HEAD) \/assets\/(style|theme)\.css$/.test(what);
    assert.equal(headers.get('cache-control'), asset ? 'public, max-age=3600' : 'no-store', `${what} ${status}`);
  }
});

test('HSTS for a year with subdomains under https, and never under http [check 96]', async (t) => {
  const plain = await startWorld(t);
  const secure = await startWorld(t, { settings: { issuer: 'https://login.example.com' } });
  for (const target of ['/', '/auth', '/health', '/assets/style.css', '/jwks', '/nope']) {
    assert.equal((await plain.ask({ target })).headers['strict-transport-security'], undefined);
    const answer = await secure.ask({ target });
    assert.equal(answer.headers['strict-transport-security'], 'max-age=31536000; includeSubDomains', target);
  }
});

test('what a page reflects is text: names, hints, states [check 98]', async (t) => {
  const markup = `"'><script>alert(1)</script><img src=x onerror=alert(1)>`;
  const world = await startWorld(t, { clients: [{ clientId: 'markup', name: markup, firstParty: false }] });
  const ada = await world.person();
  const browser = world.browser({ headers: { accept: 'text/html' } });
  const bare = (where: string) => assert.ok(!/<script>alert|<img src=x/.test(browser.text), where);
  const party = world.party('markup');
  await browser.authorize({ login_hint: markup, state: markup, ui_locales: markup }, party);
  assert.match(browser.text, /&lt;script&gt;/);
  bare('sign-in');
  const reading = world.browser();
  await reading.authorize({ login_hint: markup, state: markup, response_mode: 'form_post' }, party);
  await reading.submit({ identifier: ada.email, password: ada.password });
  reading.headers.accept = 'text/html';
  await reading.reload();
  browser.text = reading.text;
  bare('factor');
  await browser.authorize({ scope: markup }, party);
  bare('scope');
  await browser.authorize({ redirect_uri: `http://localhost:4999/${markup}` }, party);
  assert.equal(browser.status, 400);
  bare('redirect_uri');
  for (const [name, value] of [
    ['client_id', markup],
    ['response_mode', markup],
    ['claims', markup],
    ['prompt', markup],
    ['max_age', markup],
    ['id_token_hint', markup],
    ['code_challenge_method', markup],
  ] as const) {
    await browser.authorize({ [name]: value }, party);
    bare(name);
    await browser.authorize({ [name]: value, response_mode: 'form_post' }, party);
    bare(`${name} by form_post`);
  }
  for (const target of [
    `/auth/${encodeURIComponent(markup)}`,
    `/${encodeURIComponent(markup)}`,
    `/interaction/${encodeURIComponent(markup)}`,
  ]) {
    await browser.visit(target);
    bare(target);
  }
});

test('an error page shows a standard code and a reference: no stack, version, path or query [check 98]', async (t) => {
  const world = await startWorld(t);
  const browser = world.browser({ headers: { accept: 'text/html' } });
  const targets = [
    '/auth?client_id=nobody',
    '/auth?client_id=app&redirect_uri=x',
    '/auth/x',
    '/interaction/x',
    '/x',
    '/session/end?id_token_hint=x',
  ];
  for (const target of targets) {
    await browser.visit(target);
    assert.ok(browser.status >= 400);
    const reference = browser.response?.headers.get('x-request-id') ?? 'no id';
    const shown = withoutLots(browser.text, reference);
    assert.doesNotMatch(shown, /node_modules|\.ts:|\.js:|at \w+ \(|oidc-provider|mongo|koa|Error:/i, target);
    assert.ok(browser.text.includes(reference), target);
  }
  await browser.visit('/auth?client_id=app&redirect_uri=x');
  assert.match(browser.text, /invalid_redirect_uri/);
});
