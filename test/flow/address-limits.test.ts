import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterPassword } from '../support/attack.ts';
import { rowsOf } from '../support/database.ts';
import { goodPassword, register } from '../support/registration.ts';
import { askToken, redeemRaw } from '../support/token-endpoint.ts';
import { startWorld, type World, type WorldOptions } from '../support/world.ts';

type Limits = World['config']['addressLimits'];

const wrong = { identifier: 'nobody@example.com', password: 'not the walrus at all' };
const wide: Limits = {
  failureSeconds: 600,
  wrongPasswords: 1_000,
  wrongCodes: 1_000,
  wrongClientSecrets: 1_000,
  registrationsPerHour: 1_000,
  takenUsernamesPerHour: 1_000,
  authorizationsPerMinute: 1_000,
};

function limited(
  t: Parameters<typeof startWorld>[0],
  { trustedProxies = 1, ...limits }: Partial<Limits> & { readonly trustedProxies?: number },
  more: WorldOptions = {},
) {
  return startWorld(t, { ...more, settings: { trustedProxies, addressLimits: { ...wide, ...limits } } });
}

const from = (world: World, address: string) => world.browser({ headers: { 'x-forwarded-for': address } });

async function guess(world: World, address: string) {
  const browser = await from(world, address).authorize();
  return browser.submit(wrong);
}

test('after so many wrong passwords one address is told to wait, whatever account it names, and keeps what it typed [check 106]', async (t) => {
  const world = await limited(t, { wrongPasswords: 5 });
  const ada = await world.person();
  for (let n = 0; n < 5; n++) assert.equal((await guess(world, '192.0.2.1')).status, 422);
  const before = (await rowsOf(world.database, 'events')).length;
  const browser = await from(world, '192.0.2.1').authorize();
  await browser.submit({ identifier: ada.email, password: ada.password });
  assert.deepEqual([browser.status, browser.stage, browser.errors], [429, 'sign-in', ['network']]);
  const seconds = Number(browser.response?.headers.get('retry-after'));
  assert.ok(seconds > 500 && seconds <= 600, `${seconds}`);
  assert.equal((await rowsOf(world.database, 'events')).length, before, 'nothing was judged');

  const html = { accept: 'text/html' };
  await browser.post(`${browser.url.pathname}`, { identifier: ada.email, password: ada.password }, html);
  assert.equal(browser.status, 429);
  assert.match(browser.text, /Many tries came from your network\. Try again in 10 minutes\./);
  assert.ok(browser.text.includes(`value="${ada.email}"`));
  assert.ok(!browser.text.includes(ada.password));

  world.travel(601);
  const later = await from(world, '192.0.2.1').authorize();
  await later.submit({ identifier: ada.email, password: ada.password });
  assert.equal(later.stage, 'totp');
});

test('an attack from one address keeps its owner out of nothing at another [check 109]', async (t) => {
  const world = await limited(t, { wrongPasswords: 5, wrongCodes: 5 });
  const ada = await world.person();
  const home = from(world, '192.0.2.1');
  assert.ok((await home.signIn(ada)).code);
  for (let n = 0; n < 20; n++) {
    const attacker = await from(world, '203.0.113.5').authorize();
    await attacker.submit({ ...wrong, identifier: ada.email });
    world.travel(31);
  }
  await home.authorize({ prompt: 'login' });
  await home.submit({ identifier: ada.email, password: ada.password });
  await home.submit({ code: ada.codeNow() });
  assert.ok(home.code);
});

test('addresses that a client makes up beside the one its proxy saw change nothing [check 106]', async (t) => {
  const world = await limited(t, { wrongPasswords: 5 });
  const seen: number[] = [];
  for (let n = 0; n < 8; n++) seen.push((await guess(world, `198.51.100.${n}, 10.9.8.${n}, 192.0.2.1`)).status);
  assert.deepEqual(seen, [422, 422, 422, 422, 422, 429, 429, 429]);
  assert.equal((await guess(world, '198.51.100.0, 192.0.2.2')).status, 422);
});

test('without a trusted proxy no header changes the address that is counted [check 85] [check 106]', async (t) => {
  const world = await limited(t, { wrongPasswords: 3, trustedProxies: 0 });
  const seen: number[] = [];
  for (let n = 0; n < 5; n++) {
    const address = `198.51.100.${n}`;
    const headers = { 'x-forwarded-for': address, 'x-real-ip': address, forwarded: `for=${address}` };
    const browser = await world.browser({ headers }).authorize();
    seen.push((await browser.submit(wrong)).status);
  }
  assert.deepEqual(seen, [422, 422, 422, 429, 429]);
});

test('a client whose proxy tells its port too is one client in limits, events and log, and not its proxy [check 106]', async (t) => {
  const world = await limited(t, { wrongPasswords: 3 });
  const forms = [
    '203.0.113.7:40000',
    '203.0.113.7:40001',
    'for="203.0.113.7:4711"',
    '203.0.113.7',
    '203.0.113.7:40002',
  ];
  const seen: number[] = [];
  for (const form of forms) seen.push((await guess(world, form)).status);
  assert.deepEqual(seen, [422, 422, 422, 429, 429]);
  assert.equal((await guess(world, '203.0.113.8:40000')).status, 422);
  const events = await rowsOf(world.database, 'events');
  const addresses = events.map(({ address }: { readonly address?: string }) => address);
  assert.deepEqual([...new Set(addresses)], ['203.0.113.7', '203.0.113.8']);
  const lines = world.logged.map((line) => JSON.parse(line) as { readonly path?: string; readonly address?: string });
  const logged = lines.filter(({ path }) => path?.startsWith('/interaction/')).map(({ address }) => address);
  assert.deepEqual([...new Set(logged)], ['203.0.113.7', '203.0.113.8']);
});

test('those whom a proxy hides share one budget, which is not the proxy’s own', async (t) => {
  const world = await limited(t, { wrongPasswords: 3 });
  const seen: number[] = [];
  for (const form of ['unknown', '_hidden', 'for="_other"', '_another', 'unknown'])
    seen.push((await guess(world, form)).status);
  assert.deepEqual(seen, [422, 422, 422, 429, 429]);
  assert.equal((await guess(world, '127.0.0.1')).status, 422);
});

test('what is no address at all counts for the proxy that passed it on, and opens no budget of its own [check 85] [check 106]', async (t) => {
  const world = await limited(t, { wrongPasswords: 3 });
  const seen: number[] = [];
  for (let n = 0; n < 5; n++) seen.push((await guess(world, `nonsense-${n}`)).status);
  assert.deepEqual(seen, [422, 422, 422, 429, 429]);
});

test('an IPv6 client is its whole /64 [check 106]', async (t) => {
  const world = await limited(t, { wrongPasswords: 3 });
  const seen: number[] = [];
  for (let n = 0; n < 5; n++) seen.push((await guess(world, `2001:db8:0:0:${n}::${n}`)).status);
  assert.deepEqual(seen, [422, 422, 422, 429, 429]);
  assert.equal((await guess(world, '2001:db8:0:1::1')).status, 422);
});

test('wrong codes count over all accounts, the last of a challenge too; then no code is judged from there [check 106]', async (t) => {
  const world = await limited(t, { wrongCodes: 7 });
  const people = [await world.person(), await world.person()];
  const statuses: number[] = [];
  for (const person of people) {
    const browser = await afterPassword(world, person, { browser: from(world, '192.0.2.1') });
    for (let n = 0; n < 5 && browser.stage === 'totp'; n++) {
      await browser.submit({ code: person.wrongCode() });
      statuses.push(browser.status);
    }
  }
  assert.deepEqual(statuses.slice(5), [422, 422, 429, 429, 429]);
  const [ada] = people;
  assert.ok(ada);
  const here = await afterPassword(world, ada, { browser: from(world, '192.0.2.1') });
  await here.submit({ code: ada.codeNow() });
  assert.deepEqual([here.status, here.stage, here.errors], [429, 'totp', ['network']]);
  const there = await afterPassword(world, ada, { browser: from(world, '192.0.2.9') });
  await there.submit({ code: ada.codeNow() });
  assert.ok(there.code);
});

test('a form that is not looked into counts for nothing', async (t) => {
  const world = await limited(t, { wrongCodes: 2, wrongPasswords: 2 });
  const ada = await world.person();
  const browser = await from(world, '192.0.2.1').authorize();
  for (let n = 0; n < 5; n++) await browser.submit({ identifier: ada.email, password: '' });
  await browser.submit({ identifier: ada.email, password: ada.password });
  for (let n = 0; n < 5; n++) await browser.submit({ code: '12345' });
  assert.deepEqual(browser.errors, ['code_shape']);
  await browser.submit({ code: ada.codeNow() });
  assert.ok(browser.code);
  assert.deepEqual(await rowsOf(world.database, 'address_budgets'), []);
});

test('a sign-in without a mistake asks the limits nothing of the database', async (t) => {
  const world = await limited(t, { wrongPasswords: 1, wrongCodes: 1 });
  const ada = await world.person();
  for (let n = 0; n < 3; n++) {
    world.travel(31);
    assert.ok((await from(world, '192.0.2.1').signIn(ada)).code);
  }
  assert.deepEqual(await rowsOf(world.database, 'address_budgets'), []);
});

test('of 20 registrations at once from one address so many are let through as an hour has [check 106]', async (t) => {
  const world = await limited(t, { registrationsPerHour: 4 });
  const browsers = await Promise.all(Array.from({ length: 20 }, () => from(world, '192.0.2.1').authorize()));
  await Promise.all(browsers.map((browser, n) => register(browser, { email: `p${n}@example.com` })));
  assert.equal(browsers.filter(({ status }) => status === 200).length, 4);
  const refused = browsers.filter(({ status }) => status === 429);
  assert.equal(refused.length, 16);
  for (const { stage, errors } of refused) assert.deepEqual([stage, errors], ['register', ['network']]);
  assert.equal(world.outbox.mails.length, 4);
  const elsewhere = await register(from(world, '192.0.2.2'), { email: 'eve@example.com', password: goodPassword });
  assert.equal(elsewhere.status, 200);
});

test('a form of another site charges nobody [check 82]', async (t) => {
  const world = await limited(t, { wrongPasswords: 1, registrationsPerHour: 1 });
  const browser = await from(world, '192.0.2.1').authorize();
  const base = browser.url.pathname;
  for (const [path, fields] of [
    ['sign-in', wrong],
    ['register', { email: 'eve@example.com', password: goodPassword }],
  ] as const) {
    await browser.post(`${base}/${path}`, fields, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' });
    assert.equal(browser.status, 403);
  }
  assert.deepEqual(await rowsOf(world.database, 'address_budgets'), []);
});

test('two processes share what was counted; each learns of a wait from the next failure of its own, and so does a restarted one [check 120]', async (t) => {
  const one = await limited(t, { wrongPasswords: 4 });
  const other = await limited(t, { wrongPasswords: 4 }, { database: one.database });
  const seen: number[] = [];
  for (let n = 0; n < 4; n++) seen.push((await guess(n % 2 ? other : one, '192.0.2.1')).status);
  assert.deepEqual(seen, [422, 422, 422, 422]);
  assert.equal((await guess(other, '192.0.2.1')).status, 429);
  assert.equal((await guess(one, '192.0.2.1')).status, 422, 'its next failure tells it');
  assert.equal((await guess(one, '192.0.2.1')).status, 429);
  const restarted = await limited(t, { wrongPasswords: 4 }, { database: one.database });
  assert.equal((await guess(restarted, '192.0.2.1')).status, 422);
  assert.equal((await guess(restarted, '192.0.2.1')).status, 429);
});

test('of 100 wrong passwords at once from one address no more are judged than were under way, and then none', async (t) => {
  const world = await limited(t, { wrongPasswords: 10 });
  const browsers = await Promise.all(Array.from({ length: 100 }, () => from(world, '192.0.2.1').authorize()));
  await Promise.all(browsers.map((browser, n) => browser.submit({ ...wrong, identifier: `p${n}@example.com` })));
  const told = new Set(browsers.map(({ status }) => status));
  assert.ok(
    [...told].every((status) => [422, 429, 503].includes(status)),
    `${[...told]}`,
  );
  const judged = browsers.filter(({ status }) => status === 422).length;
  assert.ok(judged <= 10 + world.config.argon2.queue + world.config.argon2.concurrency, `${judged}`);
  assert.equal((await guess(world, '192.0.2.1')).status, 429);
});

/** Where a registration is asked for another username, its mailbox proved. */
async function atUsername(world: World, address: string, email: string) {
  const browser = await register(from(world, address), { email, username: 'grace' });
  await browser.submit({ code: world.codeMailedTo(email) });
  assert.equal(browser.stage, 'username');
  return browser;
}

test('one address is told so many usernames as taken in an hour, over all its registrations and the names they began with, and shapes count for nothing [check 106]', async (t) => {
  const world = await limited(t, { takenUsernamesPerHour: 5 });
  await world.person({ username: 'grace' });
  const first = await atUsername(world, '192.0.2.1', 'one@example.com');
  for (const username of ['a', 'a@b', 'grace', 'GRACE']) await first.submit({ username });
  assert.deepEqual([first.status, first.errors], [422, ['username_taken']]);
  const second = await atUsername(world, '192.0.2.1', 'two@example.com');
  await second.submit({ username: 'grace' });
  assert.deepEqual([second.status, second.errors], [422, ['username_taken']]);
  await second.submit({ username: 'grace' });
  assert.deepEqual([second.status, second.stage, second.errors], [429, 'username', ['network']]);
  const elsewhere = await atUsername(world, '192.0.2.2', 'three@example.com');
  await elsewhere.submit({ username: 'ada' });
  assert.equal(elsewhere.stage, 'enrol-totp');
  world.travel(3601);
  const later = await atUsername(world, '192.0.2.1', 'four@example.com');
  await later.submit({ username: 'grace' });
  assert.deepEqual(later.errors, ['username_taken']);
});

test('whoever guesses client secrets is stopped by address, and the relying party at its own address is not [check 68] [check 106]', async (t) => {
  const world = await limited(t, { wrongClientSecrets: 3 });
  const browser = await from(world, '192.0.2.1').signIn(await world.person());
  const headers = { 'x-forwarded-for': '203.0.113.5' };
  const form = { grant_type: 'refresh_token', refresh_token: 'x' };
  const ask = (secret: string) =>
    askToken({ origin: world.origin, client: { ...browser.party.settings, secret }, form, headers });
  const seen: number[] = [];
  for (let n = 0; n < 5; n++) seen.push((await ask(`a guess of at least 22 characters ${n}`)).status);
  assert.deepEqual(seen, [401, 401, 401, 429, 429]);
  const late = await ask(browser.party.settings.secret ?? '');
  assert.deepEqual([late.status, late.body.error], [429, 'temporarily_unavailable']);
  assert.equal(late.headers.get('cache-control'), 'no-store');
  assert.ok(Number(late.headers.get('retry-after')) > 500);
  assert.equal((await redeemRaw(browser)).status, 200);
  world.travel(601);
  assert.equal((await ask(browser.party.settings.secret ?? '')).status, 400);
});

test('what a relying party asks rightly, refused or not, counts for nothing', async (t) => {
  const world = await limited(t, { wrongClientSecrets: 1 });
  const browser = await from(world, '192.0.2.1').signIn(await world.person());
  for (let n = 0; n < 3; n++) assert.equal((await redeemRaw(browser, { code: 'wrong' })).status, 400);
  assert.equal((await redeemRaw(browser)).status, 200);
  assert.deepEqual(await rowsOf(world.database, 'address_budgets'), []);
});

test('what no form of ours can send is charged as a wrong answer is, until nothing more is read from there [check 106]', async (t) => {
  const world = await limited(t, { wrongPasswords: 3 });
  const browser = await from(world, '192.0.2.1').authorize();
  const href = `${browser.url.pathname}/sign-in`;
  const seen: number[] = [];
  for (let n = 0; n < 5; n++) {
    await browser.post(href, { ...wrong, 'username[$ne]': 'x' }, { origin: world.issuer });
    seen.push(browser.status);
  }
  assert.deepEqual(seen, [400, 400, 400, 429, 429]);
  assert.ok(Number(browser.response?.headers.get('retry-after')) > 500);
  assert.equal((await guess(world, '192.0.2.1')).status, 429);
  assert.equal((await guess(world, '192.0.2.2')).status, 422);
});

test('what a foreign page sends from somebody’s browser charges nobody, whatever stands in it [check 82]', async (t) => {
  const world = await limited(t, { wrongPasswords: 1 });
  const browser = await from(world, '192.0.2.1').authorize();
  const href = `${browser.url.pathname}/sign-in`;
  for (const headers of [
    { origin: 'https://evil.example' },
    { origin: 'null', 'sec-fetch-site': 'cross-site' },
    { origin: world.issuer, 'sec-fetch-site': 'same-site' },
  ]) {
    await browser.post(href, { ...wrong, other: 'x' }, headers);
    assert.equal(browser.status, 400);
  }
  assert.deepEqual(await rowsOf(world.database, 'address_budgets'), []);
});

const asked = {
  ...{ client_id: 'app', response_type: 'code', scope: 'openid', redirect_uri: 'http://localhost:4999/callback' },
  ...{ code_challenge: 'a'.repeat(43), code_challenge_method: 'S256' },
};

const begin = (world: World, address: string, more: object = {}) =>
  world.ask({
    target: `/auth?${new URLSearchParams(asked)}`,
    headers: { 'x-forwarded-for': address, accept: 'text/html', host: new URL(world.issuer).host },
    ...more,
  });

test('one address begins so many sign-ins in a minute, whatever they ask; then nothing more is stored, and another begins', async (t) => {
  const world = await limited(t, { authorizationsPerMinute: 3 });
  const seen: number[] = [];
  for (const address of ['192.0.2.1', '192.0.2.1:40000', '::ffff:192.0.2.1']) {
    seen.push((await begin(world, address, { target: '/auth?client_id=nobody' })).status);
  }
  assert.deepEqual(seen, [400, 400, 400]);
  const page = await begin(world, '192.0.2.1');
  assert.equal(page.status, 429);
  const seconds = Number(page.headers['retry-after']);
  assert.ok(seconds >= 1 && seconds <= 60, `${seconds}`);
  assert.match(page.text, /Many tries came from your network/);
  const { host } = new URL(world.issuer);
  const headers = { host, 'x-forwarded-for': '192.0.2.1', accept: 'application/json' };
  const told = await begin(world, '192.0.2.1', { headers });
  assert.deepEqual([told.status, JSON.parse(told.text).code], [429, 'network']);
  assert.deepEqual(await rowsOf(world.database, 'attempts'), []);

  assert.equal((await begin(world, '192.0.2.2')).status, 303);
  world.travel(61);
  assert.equal((await begin(world, '192.0.2.1')).status, 303);
  assert.equal((await rowsOf(world.database, 'attempts')).length, 2);
});

test('whoever has begun goes on to the end, however many sign-ins its address has left', async (t) => {
  const world = await limited(t, { authorizationsPerMinute: 1 });
  const browser = await from(world, '192.0.2.1').signIn(await world.person());
  assert.ok(browser.code);
  assert.equal((await begin(world, '192.0.2.1')).status, 429);
});

test('an authorization request is stored from an address of bounded length alone, and never from a body', async (t) => {
  const world = await limited(t, {});
  const query = (state: number) => String(new URLSearchParams({ ...asked, state: 'a'.repeat(state) }));
  const headers = { 'x-forwarded-for': '192.0.2.1', host: new URL(world.issuer).host };
  const form = { ...headers, 'content-type': 'application/x-www-form-urlencoded' };
  assert.equal((await world.ask({ target: `/auth?${query(8_000)}`, headers })).status, 414);
  for (const state of [1, 8_000, 40_000]) {
    const posted = await world.ask({ method: 'POST', target: '/auth', body: query(state), headers: form });
    assert.ok([404, 405].includes(posted.status), `${posted.status}`);
  }
  assert.deepEqual(await rowsOf(world.database, 'attempts'), []);
  assert.equal((await world.ask({ target: `/auth?${query(7_000)}`, headers })).status, 303);
  assert.equal((await rowsOf(world.database, 'attempts')).length, 1);
});
