import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { eventsOf } from '../support/attack.ts';
import { rowsOf } from '../support/database.ts';
import {
  type Answering,
  atHome,
  done,
  type LogoutClient,
  logoutClient,
  sidsTold,
  toldAt,
} from '../support/logout-client.ts';
import { startWorld, type World } from '../support/world.ts';

const status =
  (code: number, headers = {}): Answering =>
  (answer) =>
    answer.writeHead(code, headers).end('what a client says');
const never: Answering = () => {};

/** One person at these clients, whose session is over; nobody is told yet. */
async function signedOut(t: TestContext, uris: Readonly<Record<string, string>>, settings: object = atHome) {
  const clients = Object.entries(uris).map(([clientId, uri]) => toldAt(clientId, uri));
  const world = await startWorld(t, { settings, clients });
  world.travel(0);
  const ada = await world.person();
  const browser = await world.browser().signIn(ada);
  for (const clientId of Object.keys(uris)) {
    await browser.authorize({ prompt: 'none' }, world.party(clientId));
    assert.ok(browser.code);
  }
  await browser.visit('/session/end');
  await browser.submit({ xsrf: String(browser.page.facts.xsrf), logout: 'yes' });
  return { world, ada, tell: () => world.app.logouts.tellDue() };
}

async function waiting(world: World) {
  const rows = await rowsOf(world.database, 'logouts');
  return rows.map(({ clientId, tries, dueAt }) => [clientId, tries, Number(dueAt) - Date.now()]);
}

/** Tells now, and after each of these waits; how often the client was asked in all. */
async function toldAfter(world: World, client: LogoutClient, waits: readonly number[]): Promise<number> {
  await world.app.logouts.tellDue();
  for (const wait of waits) {
    const before = client.told.length;
    world.travel(wait - 1);
    await world.app.logouts.tellDue();
    assert.equal(client.told.length, before, `not before ${wait} seconds`);
    world.travel(1);
    await world.app.logouts.tellDue();
  }
  return client.told.length;
}

const [minute, hour] = [60, 3600];
const waits = [10, 30, 2 * minute, 10 * minute, 30 * minute, hour, 2 * hour, 3 * hour];

test('a client that fails is told again after ever longer waits, with a new token each time, and is given up after hours', async (t) => {
  const client = await logoutClient(t, status(500));
  const { world, ada } = await signedOut(t, { told: client.uri });
  assert.equal(await toldAfter(world, client, waits), 9);
  assert.equal(new Set(client.told.map(({ token }) => token)).size, 9);
  assert.equal(new Set(sidsTold(client)).size, 1);
  assert.deepEqual(await waiting(world), []);
  const [event, ...more] = await eventsOf(world, { kind: 'back_channel_logout' });
  assert.deepEqual(
    [event?.result, event?.accountId, event?.clientId, event?.detail],
    ['failure', ada.id, 'told', 'status'],
  );
  assert.deepEqual(more, []);
  const lines = world.logged.filter((line) => line.includes('back-channel logout failed'));
  assert.equal(lines.length, 1);
  world.travel(24 * hour);
  await world.app.logouts.tellDue();
  assert.equal(client.told.length, 9);
});

test('a client that is back is told what it missed', async (t) => {
  const client = await logoutClient(t, status(503));
  const { world } = await signedOut(t, { told: client.uri });
  assert.equal(await toldAfter(world, client, [10, 30]), 3);
  client.answers(done);
  world.travel(2 * minute);
  await world.app.logouts.tellDue();
  assert.equal(client.told.length, 4);
  assert.deepEqual(await waiting(world), []);
  assert.deepEqual(await eventsOf(world, { kind: 'back_channel_logout' }), []);
});

test('a client that does not take the token is not told again: 400, and 204 is as good as 200', async (t) => {
  const [refusing, silent] = [
    await logoutClient(t, status(400)),
    await logoutClient(t, (answer) => answer.writeHead(204).end()),
  ];
  const { world, tell } = await signedOut(t, { refusing: refusing.uri, silent: silent.uri });
  await tell();
  assert.deepEqual([refusing.told.length, silent.told.length], [1, 1]);
  assert.deepEqual(await waiting(world), []);
  const events = await eventsOf(world, { kind: 'back_channel_logout' });
  assert.deepEqual(
    events.map(({ clientId, detail }) => [clientId, detail]),
    [['refusing', 'refused']],
  );
});

test('a client that stalls, at its answer or in the midst of it, is left after a second, and nobody else waits for it', async (t) => {
  const [mute, slow, quick] = [await logoutClient(t, never), await logoutClient(t), await logoutClient(t)];
  let dripped = 0;
  slow.answers(({ socket }) => {
    socket?.write('HTTP/1.1 200 OK\r\nX-Long: ');
    const dripping = setInterval(() => {
      dripped += 1;
      socket?.write('a');
    }, 50);
    socket?.once('close', () => clearInterval(dripping));
  });
  const { world, tell } = await signedOut(t, { mute: mute.uri, slow: slow.uri, quick: quick.uri });
  const begun = performance.now();
  await tell();
  const took = performance.now() - begun;
  assert.ok(took > 900 && took < 5000, `${took}`);
  assert.deepEqual([mute.told.length, slow.told.length, quick.told.length], [1, 1, 1]);
  assert.ok(dripped > 3);
  const left = await waiting(world);
  assert.deepEqual(left.map(([clientId, tries]) => [clientId, tries]).sort(), [
    ['mute', 1],
    ['slow', 1],
  ]);
  const answers = world.logged.flatMap((line) => (line.includes('told again later') ? [JSON.parse(line).answer] : []));
  assert.deepEqual(answers.sort(), ['timeout', 'timeout']);
});

test('an answer is taken by its status: what comes after it is neither waited for nor read', async (t) => {
  let sent = 0;
  const client = await logoutClient(t, (answer) => {
    answer.writeHead(200);
    const pouring = setInterval(() => {
      sent += 1;
      answer.write(Buffer.alloc(65_536));
    }, 5);
    answer.once('close', () => clearInterval(pouring));
  });
  const { world, tell } = await signedOut(t, { told: client.uri });
  const begun = performance.now();
  await tell();
  assert.ok(performance.now() - begun < 900);
  assert.ok(sent < 100, `${sent}`);
  assert.deepEqual(await waiting(world), []);
});

test('a redirect is not followed, wherever it leads, and nothing of the token goes there [check 75]', async (t) => {
  const elsewhere = await logoutClient(t);
  for (const code of [301, 302, 303, 307, 308]) {
    const client = await logoutClient(t, status(code, { location: elsewhere.uri }));
    const { world, tell } = await signedOut(t, { told: client.uri });
    await tell();
    assert.deepEqual([client.told.length, elsewhere.told.length], [1, 0], `${code}`);
    assert.deepEqual(
      (await waiting(world)).map(([clientId, tries]) => [clientId, tries]),
      [['told', 1]],
    );
  }
});

test('a client where nobody listens is told once somebody does', async (t) => {
  const client = await logoutClient(t);
  client.close();
  const { world, tell } = await signedOut(t, { told: client.uri });
  await tell();
  assert.deepEqual(
    (await waiting(world)).map(([clientId, tries]) => [clientId, tries]),
    [['told', 1]],
  );
});

test('nobody is told on this machine or in a private network unless the settings name the host [check 75]', async (t) => {
  const client = await logoutClient(t);
  const { port } = new URL(client.uri);
  const nobody = { backChannelLogout: { allowedPrivateHosts: [], timeoutSeconds: 1 } };
  const named = `http://localhost:${port}/logout`;
  const plain = `http://127.0.0.1:${port}/logout`;
  const mapped = `http://[::ffff:127.0.0.1]:${port}/logout`;
  const { world, tell } = await signedOut(t, { named, plain, mapped }, nobody);
  await tell();
  assert.deepEqual(client.told, []);
  assert.equal((await waiting(world)).length, 3);
  const answers = world.logged.flatMap((line) => (line.includes('told again later') ? [JSON.parse(line).answer] : []));
  assert.deepEqual(answers, ['address', 'address', 'address']);
});

test('neither a logout token nor the word for a session gets into the log', async (t) => {
  const client = await logoutClient(t, status(500));
  const { world } = await signedOut(t, { told: client.uri });
  await toldAfter(world, client, waits);
  const sid = String(sidsTold(client)[0]);
  const log = world.logged.join('\n');
  assert.ok(sid.length > 20);
  assert.ok(!log.includes(sid));
  for (const { token } of client.told) assert.ok(!log.includes(token.slice(-40)));
});
