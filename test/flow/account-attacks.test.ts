import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inAccount, noticeOf, otherSession, ownFactors } from '../support/account-area.ts';
import { atAdding } from '../support/adding.ts';
import { accountRow, captured, eventsOf } from '../support/attack.ts';
import type { Browser, Sent } from '../support/browser.ts';
import { withoutLots } from '../support/compared.ts';
import { rowsOf } from '../support/database.ts';
import { mailsTo, otherCode, tabs } from '../support/registration.ts';
import { startWorld, type World } from '../support/world.ts';

const free = { settings: { secondFactor: 'when-enrolled' } } as const;
type Fields = Readonly<Record<string, string>>;

/** Every form of the area, as somebody with two ways, another session and a change under way would send it. */
function everyForm(browser: Browser, other: string): readonly Sent[] {
  const id = ownFactors(browser)[0]?.id;
  const adding: Fields[] = [{}, { code: '123456' }, { code: '123456', name: '' }, { email: 'eve@example.org' }, {}, {}];
  const names = ['begin', 'confirm', 'enrol', 'destination', 'renew', 'send', 'cancel'];
  const forms: readonly (readonly [string, Fields])[] = [
    ...[`ways/${id}/prefer`, `ways/${id}/remove`, 'two-step/off', 'two-step/on'].map((path) => [path, {}] as const),
    [`ways/${id}/rename`, { name: 'Mine' }],
    ...[`sessions/${other}/end`, 'sessions/end-others', 'recovery-codes/new'].map((path) => [path, {}] as const),
    ['recovery-codes', { saved: 'yes', set: 'x' }],
    ['recovery-codes/cancel', {}],
    ...names.map((name, n) => [`ways/new/email/${name}`, adding[n] ?? {}] as const),
    ['ways/new/email/save', { saved: 'yes', set: 'x' }],
  ];
  return forms.map(([path, fields]) => captured(browser, `/account/${path}`, fields));
}

/** All that a form could change, the times of visits aside. */
async function stateOf(world: World): Promise<string> {
  const [accounts, attempts, sessions] = await Promise.all(
    ['accounts', 'attempts', 'Session'].map((name) => rowsOf(world.database, name)),
  );
  const ids = (sessions ?? []).map(({ _id, sessionVersion }) => [_id, sessionVersion]);
  return JSON.stringify([accounts, (attempts ?? []).filter(({ purpose }) => purpose === 'change'), ids]);
}

/** Two sessions, two ways, and a change under way in the second. */
async function amid(world: World) {
  world.travel(0);
  const ada = await world.person({ ways: ['totp', 'sms'], recovery: 1 });
  await inAccount(world, ada);
  world.travel(60);
  const browser = await inAccount(world, ada);
  const [page, other] = [browser.page, otherSession(browser).id];
  await browser.press('add email');
  browser.page = page;
  return { ada, browser, forms: everyForm(browser, other) };
}

test('no other method does what a form does, however it is named [check 82]', async (t) => {
  const world = await startWorld(t, free);
  const { browser, forms } = await amid(world);
  const before = await stateOf(world);
  for (const { url, body, headers } of forms) {
    const over = { 'x-http-method-override': 'POST', 'x-method-override': 'POST' };
    const tricks: readonly Sent[] = [
      ...['GET', 'HEAD', 'OPTIONS'].map((method) => ({ method, url, headers: over })),
      ...['PUT', 'PATCH', 'DELETE'].map((method) => ({ method, url, body, headers: { ...headers, ...over } })),
      { method: 'GET', url: new URL(`?_method=POST&${body}`, url), headers: over },
      { method: 'POST', url: new URL(`?${body}`, url), body, headers },
      { method: 'POST', url: new URL(`?${body}`, url), headers },
    ];
    for (const trick of tricks) {
      const { status } = await browser.tab().fetch(trick);
      assert.ok(status < 500, `${trick.method} ${url.pathname} ${status}`);
      if (trick.method === 'POST') assert.equal(status, 400, url.pathname);
    }
  }
  assert.equal(await stateOf(world), before);
});

test('no form of the area is taken from another origin, a sibling of the same site included, nor in another dress [check 38, 82]', async (t) => {
  const world = await startWorld(t, free);
  const { browser, forms } = await amid(world);
  const before = await stateOf(world);
  for (const form of forms) {
    const fields = Object.fromEntries(new URLSearchParams(form.body));
    const { forgery: _, ...bare } = fields;
    const json = { ...form.headers, 'content-type': 'application/json' };
    const refused: readonly (readonly [number, Sent])[] = [
      [403, { ...form, headers: { ...form.headers, 'sec-fetch-site': 'same-site' } }],
      [403, { ...form, headers: { ...form.headers, origin: 'http://evil.localhost', 'sec-fetch-site': 'same-site' } }],
      [403, { ...form, headers: { ...form.headers, origin: 'null', 'sec-fetch-site': 'cross-site' } }],
      [403, { ...form, body: JSON.stringify(bare), headers: json }],
      [415, { ...form, body: JSON.stringify(fields), headers: { ...json, 'content-type': 'text/plain' } }],
      [400, { ...form, body: `${form.body}&forgery=x` }],
      [400, { ...form, body: `${form.body}&accountId=x&skip=1` }],
    ];
    for (const [status, sent] of refused) {
      const answer = await browser.tab().fetch(sent);
      assert.equal(answer.status, status, `${form.url.pathname} ${sent.body}`);
      const text = withoutLots(await answer.text(), answer.headers.get('x-request-id'));
      assert.doesNotMatch(text, /sessionVersion|sealed|stack|node_modules|\$/, form.url.pathname);
    }
  }
  assert.equal(await stateOf(world), before);
});

test('every answer of the area is kept by no cache and shown in no frame, refusals and redirects included [check 94, 95]', async (t) => {
  const world = await startWorld(t, free);
  const { browser, forms } = await amid(world);
  const id = ownFactors(browser)[0]?.id;
  const pages = [
    '',
    '/ways/new/email',
    `/ways/${id}/rename`,
    `/ways/${id}/remove`,
    '/two-step/off',
    '/recovery-codes',
    '/x',
  ];
  const asked: readonly Sent[] = [
    ...[...pages, '?error=x', '?state=x'].map((page) => ({
      method: 'GET',
      url: new URL(`/account${page}`, world.issuer),
      headers: {},
    })),
    ...forms.map((form) => ({ ...form, body: 'forgery=x' })),
    captured(browser, '/account/ways/new/email/enrol', { code: 'x', name: '' }),
    captured(browser, '/account/ways/new/email/destination', { email: 'x' }),
  ];
  for (const sent of asked)
    for (const accept of ['text/html', 'application/json']) {
      const { headers, status } = await browser.tab().fetch({ ...sent, headers: { ...sent.headers, accept } });
      const what = `${sent.method} ${sent.url.pathname} ${status}`;
      assert.equal(headers.get('cache-control'), 'no-store', what);
      assert.match(headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/, what);
      assert.equal(headers.get('x-frame-options'), 'DENY', what);
      assert.equal(headers.get('referrer-policy'), 'same-origin', what);
    }
});

test('of 20 presses of each button at once, what is told, sent or raised is so once [check 37, 107]', async (t) => {
  const world = await startWorld(t, free);
  const { ada, browser } = await amid(world);
  const id = ownFactors(browser)[0]?.id;
  const press = (path: string, fields: Fields = {}) => {
    const form = captured(browser, `/account/${path}`, fields);
    return Promise.all(tabs(browser, 20).map((tab) => tab.fetch(form)));
  };
  const seen = async (kind: string) => (await eventsOf(world, { kind, accountId: ada.id })).length;
  const told = [mailsTo(world, ada.email)];
  const newMails = () => {
    told.push(mailsTo(world, ada.email));
    return (told.at(-1) ?? 0) - (told.at(-2) ?? 0);
  };
  await press('two-step/off');
  assert.deepEqual([await seen('two_step_off'), newMails()], [1, 1]);
  await press('two-step/on');
  assert.deepEqual([await seen('two_step_on'), newMails()], [1, 1]);
  for (const answers of [await press(`ways/${id}/prefer`), await press(`ways/${id}/rename`, { name: 'Mine' })])
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [303]);
  assert.equal(newMails(), 0);
  world.travel(61);
  await press('ways/new/email/begin');
  assert.equal(newMails(), 1, 'one code');
  world.travel(61);
  await press('ways/new/email/destination', { email: 'work@example.org' });
  assert.equal(mailsTo(world, 'work@example.org'), 1);
  world.travel(61);
  await press('ways/new/email/send');
  assert.equal(mailsTo(world, 'work@example.org'), 2);
  await press('ways/new/email/cancel');
  await press('recovery-codes/new');
  await press('ways/new/email/enrol', { code: world.codeMailedTo('work@example.org'), name: '' });
  assert.equal((await accountRow(world, ada.id)).factors.length, 2);
  assert.equal((await browser.visit('/account')).stage, 'security');
});

test('a code proves the destination and the purpose that it was sent for, and nothing else in the same change [check 31]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ recovery: 1 });
  const browser = await atAdding(world, ada, 'email');
  const own = world.codeMailedTo(ada.email);
  await browser.submit({ email: 'eve@example.org' });
  const eves = world.codeMailedTo('eve@example.org');
  await browser.submit({ code: own === eves ? otherCode(eves) : own, name: '' });
  assert.deepEqual(browser.errors, ['code_rejected']);
  world.travel(61);
  await browser.submit({ email: 'work@example.org' });
  const works = world.codeMailedTo('work@example.org');
  await browser.submit({ code: eves === works ? otherCode(works) : eves, name: '' });
  assert.deepEqual(browser.errors, ['code_rejected']);
  await browser.submit({ code: works, name: '' });
  assert.equal(noticeOf(browser), 'way_added');
  assert.deepEqual(
    ownFactors(browser).map(({ destination }) => destination),
    [undefined, 'w***@example.org'],
  );
});
