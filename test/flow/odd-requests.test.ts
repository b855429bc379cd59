import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterPassword, captured, uidOf } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { withoutLots } from '../support/compared.ts';
import { atStage, dump, stages } from '../support/stages.ts';
import { startWorld } from '../support/world.ts';

const form = 'application/x-www-form-urlencoded';

function ask(browser: Browser, method: string, target: string, headers: Record<string, string>, body?: string) {
  return browser.fetch({ method, url: new URL(target, browser.issuer), body, headers });
}

for (const stage of Object.keys(stages)) {
  test(`${stage}: no way but POST acts on its forms, whatever stands in the address [check 82] [check 89]`, async (t) => {
    const world = await startWorld(t);
    const browser = await atStage(world, stage);
    const { actions, forgery = '' } = browser.page;
    const before = await dump(world);
    const mails = world.outbox.mails.length;
    for (const { href } of actions.filter(({ method }) => method === 'POST')) {
      for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
        const query = new URLSearchParams({ forgery, code: '123456', decision: 'allow' });
        const response = await ask(browser, method, `${href}?${query}`, {});
        assert.ok(response.status < 500, `${method} ${href}: ${response.status}`);
        if (!['GET', 'HEAD'].includes(method)) assert.ok(response.status >= 400 || method === 'OPTIONS', method);
      }
      const override = { 'content-type': form, 'x-http-method-override': 'POST' };
      await ask(browser, 'PUT', href, override, `forgery=${forgery}&_method=POST`);
    }
    assert.ok((await dump(world)) === before, 'the database changed');
    assert.equal(world.outbox.mails.length, mails);
  });
}

const types: readonly (readonly [string, number])[] = [
  ['text/plain', 415],
  ['multipart/form-data; boundary=x', 415],
  ['application/xml', 415],
  [`${form}; charset=utf-7`, 415],
  [`${form}; charset=iso-8859-1`, 415],
  ['application/json; charset=utf-16', 415],
  ['application/json-patch+json', 415],
  ['application/json', 400],
  ['nonsense', 415],
];

test('a body of another type than a form or JSON is a 415, and changes nothing', async (t) => {
  const world = await startWorld(t);
  const browser = await atStage(world, 'confirm-mail');
  const { actions, forgery = '' } = browser.page;
  const before = await dump(world);
  for (const { href } of actions) {
    for (const [type, status] of types) {
      const response = await ask(browser, 'POST', href, { 'content-type': type }, `forgery=${forgery}&code=123456`);
      assert.equal(response.status, status, `${href} ${type}`);
    }
    const zipped = { 'content-type': form, 'content-encoding': 'gzip' };
    assert.equal((await ask(browser, 'POST', href, zipped, 'code=1')).status, 415);
    const large = await ask(browser, 'POST', href, { 'content-type': form }, `code=${'1'.repeat(1024 * 1024)}`);
    assert.equal(large.status, 413);
    assert.equal((await ask(browser, 'POST', `${href}?code=1`, { 'content-type': form }, 'code=1')).status, 400);
  }
  assert.ok((await dump(world)) === before, 'the database changed');
});

const targets = [
  '/interaction',
  '/interaction/',
  '/interaction/%',
  '/interaction/%E0%A4%A',
  '/interaction/%00',
  '/interaction/a%2fb',
  '/interaction/..%2f..%2fetc%2fpasswd',
  '/interaction/__proto__',
  '/interaction/constructor/sign-in',
  '/interaction/[object Object]',
  `/interaction/${'a'.repeat(4000)}`,
  '/interaction/undefined',
  '/interaction/null/confirm-mail',
  '/assets/..%2f..%2fpackage.json',
  '/assets/%2e%2e/%2e%2e/package.json',
  '/assets/%00',
  '/assets/',
  '/assets/%E0%A4%A',
  '/outbox/x',
  '/auth/%E0%A4%A',
  '/auth/__proto__',
  '/auth?client_id[$ne]=x',
  '/auth?client_id=app&client_id=third',
  '/auth?client_id=__proto__&response_type=code',
  '/auth?client_id=app&response_type=code&claims=[]&scope=openid',
  '/auth?client_id=app&response_type=code&claims={"id_token":{"acr":{"values":"x"}}}&scope=openid',
  '/auth?client_id=app&response_type=code&max_age=-1&scope=openid',
  '/auth?client_id=app&response_type=code&scope=openid&prompt=none%20login',
  '/auth?client_id=app%00&response_type=code',
  '/auth?client_id=%ff',
  '/session/end?id_token_hint=x',
  '/session/end?post_logout_redirect_uri=javascript:alert(1)',
  '/me',
  '/jwks?x=%ff',
];

const leaks = /mongo|bson|node_modules|\.ts\b|\.js:\d|\bat [A-Za-z]+\./i;

test('an odd address is a clear answer, never a fault of ours, and leaks nothing [check 98]', async (t) => {
  const world = await startWorld(t);
  const browser = await atStage(world, 'confirm-mail');
  for (const target of targets) {
    for (const method of ['GET', 'POST']) {
      const body = method === 'POST' ? 'x[$ne]=1&x=2&x=3' : undefined;
      const response = await ask(browser, method, target, body ? { 'content-type': form } : {}, body);
      const text = await response.text();
      assert.ok(response.status < 500, `${method} ${target}: ${response.status} ${text}`);
      assert.doesNotMatch(withoutLots(text, response.headers.get('x-request-id')), leaks, `${method} ${target}`);
    }
  }
});

const cookies = [
  '_interaction=x',
  '_interaction=%E0%A4%A',
  '_interaction=[object Object]',
  '_interaction=__proto__; _interaction.sig=x',
  '_session=a; _session=b',
  'twofold_browser=1.x',
  'twofold_browser={"$ne":1}',
  'twofold_browser=',
  ';;;=;',
];

test('odd cookies are no cookies [check 15]', async (t) => {
  const world = await startWorld(t);
  for (const cookie of cookies) {
    const begun = await world.browser().authorize();
    const asked = { headers: { cookie, accept: 'application/json' }, redirect: 'manual' } as const;
    const page = await fetch(begun.url, asked);
    assert.ok([403, 410].includes(page.status), `${cookie}: ${page.status}`);
    const { journey } = begun;
    const auth = await fetch(journey?.url ?? '', asked);
    assert.ok(auth.status < 400, `${cookie}: ${auth.status}`);
  }
});

for (const accept of ['text/plain', 'image/*', ',,', ';']) {
  test(`a browser that says it accepts ${accept} is shown the pages and led on as any other`, async (t) => {
    const world = await startWorld(t);
    const ada = await world.person();
    const browser = await afterPassword(world, ada);
    const page = await browser.fetch({ method: 'GET', url: browser.url, headers: { accept } });
    assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
    for (const [form, fields] of [
      ['factor', { code: ada.codeNow() }],
      ['cancel', {}],
    ] as const) {
      const other = form === 'factor' ? browser : await afterPassword(world, ada);
      const sent = captured(other, `/interaction/${uidOf(other)}/${form}`, fields);
      const answer = await other.fetch({ ...sent, headers: { ...sent.headers, accept } });
      assert.equal(answer.status, 303, form);
      assert.match(answer.headers.get('location') ?? '', /\/auth\//, form);
    }
  });
}
