import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indexes } from '../../src/storage/indexes.ts';
import { rowsOf } from '../support/database.ts';
import { size } from '../support/size.ts';
import { startWorld, type World } from '../support/world.ts';

const kept = ['attempts', 'Session', 'events', 'Grant', 'accounts'];

async function counts(world: World): Promise<Readonly<Record<string, number>>> {
  const rows = await Promise.all(kept.map(async (name) => [name, (await rowsOf(world.database, name)).length]));
  return Object.fromEntries(rows);
}

async function abandon(world: World, times: number): Promise<void> {
  const { url } = await world.client.begin();
  const target = `${url.pathname}${url.search}`;
  for (let begun = 0; begun < times; begun += 20) {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => world.ask({ target, headers: { host: new URL(world.issuer).host } })),
    );
    assert.ok(answers.every(({ status }) => status === 303));
  }
}

/** What mongod's own sweep would leave: rows that no index with an end names, or whose end is not yet. */
async function leftBySweep(world: World): Promise<number> {
  const now = new Date();
  const left = await Promise.all(
    Object.entries(indexes).map(async ([collection, wanted]) => {
      const ends = wanted.filter((index) => index.expireAfterSeconds === 0).flatMap(({ key }) => Object.keys(key));
      const rows = await rowsOf(world.database, collection);
      return rows.filter((row) => !ends.some((end) => row[end] instanceof Date && row[end] <= now)).length;
    }),
  );
  return left.reduce((sum, count) => sum + count, 0);
}

test('authorization requests that nobody answers leave a bounded row each, and nothing after their time [check 104, 111]', async (t) => {
  const world = await startWorld(t);
  const times = size(300, 10_000);
  await abandon(world, times);
  const all = await counts(world);
  const { Session: sessionsOfNobody = 0, ...others } = all;
  const none = { events: 0, Grant: 0, accounts: 0 };
  assert.deepEqual(others, { attempts: times, ...none });
  assert.ok(sessionsOfNobody <= times, `${sessionsOfNobody}`);

  const stats = await world.database.connection.db?.command({ dbStats: 1 });
  assert.ok(stats && stats.dataSize / times < 6000, `${stats?.dataSize / times} bytes for one`);

  world.travel(world.config.interactionSeconds + 1);
  await world.app.sweep();
  const emptied = await rowsOf(world.database, 'attempts');
  for (const row of emptied)
    assert.deepEqual(Object.keys(row).sort(), ['_id', 'clientId', 'emptied', 'expiresAt', 'removeAt']);
  world.travel(86_400);
  assert.equal(await leftBySweep(world), 0);
});

test('the sweep of ends is a real index of the server, on every collection that a stranger can fill [check 104, 111]', async (t) => {
  const world = await startWorld(t);
  for (const [collection, end] of Object.entries({
    attempts: 'removeAt',
    oidc: 'libraryEndsAt',
    send_budgets: 'expiresAt',
  })) {
    const made = await world.database.connection.collection(collection).indexes();
    const ending = made.find(({ key, expireAfterSeconds }) => expireAfterSeconds === 0 && key[end] === 1);
    assert.ok(ending, collection);
  }
});

/** One parameter of each kind, longer than anybody needs, or such as makes a bad expression search for long. */
const heavy: Readonly<Record<string, string>> = {
  state: 's'.repeat(12_000),
  nonce: 'n'.repeat(12_000),
  login_hint: `${'a'.repeat(12_000)}!`,
  scope: `openid ${'x '.repeat(6_000)}`,
  prompt: 'login '.repeat(2_000),
  acr_values: 'urn:twofold:2fa '.repeat(700),
  claims: '['.repeat(12_000),
  ui_locales: `${'de-'.repeat(4_000)}`,
  redirect_uri: `http://localhost:4999/callback${'/..'.repeat(4_000)}`,
  code_challenge: 'A'.repeat(12_000),
  max_age: '9'.repeat(12_000),
  client_id: 'a'.repeat(12_000),
  id_token_hint: `${'a.'.repeat(6_000)}`,
  response_type: 'code '.repeat(2_400),
};

test('an oversized parameter is refused at once and leaves no row [check 111]', async (t) => {
  const world = await startWorld(t);
  for (const [name, value] of Object.entries(heavy)) {
    const { url } = await world.client.begin();
    url.searchParams.set(name, value);
    const answer = await world.ask({ target: `${url.pathname}${url.search}` });
    // Beyond 16 KiB Node says it before any program.
    assert.ok([414, 431].includes(answer.status), `${name} ${answer.status}`);
  }
  assert.equal((await counts(world)).attempts, 0);
});

test('up to that bound every parameter is judged or kept, and nothing stops to think about one [check 111]', async (t) => {
  const world = await startWorld(t);
  for (const [name, value] of Object.entries(heavy)) {
    const { url } = await world.client.begin({ login_hint: 'x' });
    url.searchParams.set(name, '');
    const room = 7900 - `${url.pathname}${url.search}`.length;
    const fitting = value.slice(0, Math.floor((room * value.length) / encoded(value).length));
    url.searchParams.set(name, fitting);
    const answer = await world.ask({ target: `${url.pathname}${url.search}` });
    assert.ok(answer.status >= 300 && answer.status < 500 && answer.status !== 414, `${name} ${answer.status}`);
  }
});

function encoded(text: string): string {
  return new URLSearchParams({ '': text }).toString();
}
