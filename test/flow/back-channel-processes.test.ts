import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { rowsOf } from '../support/database.ts';
import { type Answering, atHome, done, type LogoutClient, logoutClient, toldAt } from '../support/logout-client.ts';
import { startWorld, type World } from '../support/world.ts';

/** Processes on one database, with the same clients. */
async function processes(t: TestContext, told: Readonly<Record<string, LogoutClient>>, count = 2) {
  const clients = Object.entries(told).map(([clientId, { uri }]) => toldAt(clientId, uri));
  // A busy machine is no client that stalls.
  const settings = { backChannelLogout: { ...atHome.backChannelLogout, timeoutSeconds: 10 } };
  const first = await startWorld(t, { settings, clients });
  const worlds = [first];
  while (worlds.length < count) worlds.push(await startWorld(t, { settings, clients, database: first.database }));
  return worlds;
}

/** So many sessions that are over, each with something to tell this client. */
async function queue({ database }: World, clientId: string, count: number): Promise<void> {
  const row = { accountId: 'ada', clientId, tries: 0, dueAt: new Date(0) };
  const rows = Array.from({ length: count }, (_, n) => ({ ...row, _id: `${n}:${clientId}`, sid: `${n}` }));
  await database.connection.collection<{ _id: string }>('logouts').insertMany(rows);
}

test('what is in the queue is told once, however many processes tell at the same time', async (t) => {
  const client = await logoutClient(t);
  const worlds = await processes(t, { told: client }, 3);
  await queue(worlds[0] as World, 'told', 60);
  await Promise.all(worlds.map(({ app }) => Promise.all([app.logouts.tellDue(), app.logouts.tellDue()])));
  assert.equal(client.told.length, 60);
  assert.deepEqual(await rowsOf((worlds[0] as World).database, 'logouts'), []);
});

test('several are told at once, and of one client no more than four at a time: one that stalls takes nothing from others', async (t) => {
  const [mute, quick] = [await logoutClient(t), await logoutClient(t)];
  const [world] = (await processes(t, { mute, quick }, 1)) as [World];
  await queue(world, 'mute', 12);
  await queue(world, 'quick', 12);
  const stalled = Promise.withResolvers<void>();
  const told = Promise.withResolvers<void>();
  const held: (() => void)[] = [];
  mute.answers((answer) => {
    held.push(() => answer.end());
    if (held.length === 4) stalled.resolve();
  });
  quick.answers((answer, one) => {
    done(answer, one);
    if (quick.told.length === 12) told.resolve();
  });
  const telling = world.app.logouts.tellDue();
  await Promise.all([stalled.promise, told.promise]);
  assert.deepEqual([mute.told.length, quick.told.length], [4, 12], 'the quick one does not wait');
  mute.answers(done);
  for (const letGo of held) letGo();
  await telling;
  assert.equal(mute.told.length, 12);
});

test('a client that did not answer is told one at a time until it does', async (t) => {
  const client = await logoutClient(t);
  const [world] = (await processes(t, { told: client }, 1)) as [World];
  await queue(world, 'told', 12);
  const failing: Answering = (answer) => answer.writeHead(500).end();
  client.answers(failing);
  await world.app.logouts.tellDue();
  assert.equal(client.told.length, 12);

  world.travel(10);
  const first = Promise.withResolvers<void>();
  const held: ServerResponse[] = [];
  client.answers((answer) => {
    held.push(answer);
    first.resolve();
  });
  const telling = world.app.logouts.tellDue();
  await first.promise;
  await world.app.logouts.begin();
  assert.equal(held.length, 1, 'and no other, however often it is asked');
  client.answers(failing);
  for (const answer of held) answer.writeHead(500).end();
  await telling;
  assert.equal(client.told.length, 24);

  world.travel(30);
  const four = Promise.withResolvers<void>();
  const open: ServerResponse[] = [];
  client.answers((answer, told) => {
    if (client.told.length === 25) return done(answer, told);
    open.push(answer);
    if (open.length === 4) four.resolve();
  });
  const back = world.app.logouts.tellDue();
  await four.promise;
  client.answers(done);
  for (const answer of open) answer.end();
  await back;
  assert.equal(client.told.length, 36);
});

test('who stops begins nothing more, and what it has begun is told to the end', async (t) => {
  const client = await logoutClient(t);
  const [world] = (await processes(t, { told: client }, 1)) as [World];
  await queue(world, 'told', 10);
  const begun = Promise.withResolvers<() => void>();
  client.answers((answer) => begun.resolve(() => answer.end()));
  const telling = world.app.logouts.tellDue();
  const letGo = await begun.promise;
  client.answers(done);
  const stopping = world.app.logouts.stop();
  letGo();
  await stopping;
  await telling;
  const left = await rowsOf(world.database, 'logouts');
  assert.ok(client.told.length <= 4, `${client.told.length}`);
  assert.equal(left.filter(({ tries }) => tries === 0).length, 10 - client.told.length);
  await world.app.logouts.tellDue();
  assert.equal((await rowsOf(world.database, 'logouts')).length, left.length);
});

test('a client that is registered no more, or wants no notice, is told nothing, and nothing of it is kept', async (t) => {
  const client = await logoutClient(t);
  const [world] = (await processes(t, { told: client }, 1)) as [World];
  await queue(world, 'app', 1);
  await queue(world, 'nobody', 1);
  await world.app.logouts.tellDue();
  assert.deepEqual([client.told, await rowsOf(world.database, 'logouts')], [[], []]);
});

test('while the database is gone nothing is told and nothing is lost', async (t) => {
  const client = await logoutClient(t);
  const [world] = (await processes(t, { told: client }, 1)) as [World];
  await queue(world, 'told', 1);
  const rows = world.database.connection.collection('logouts');
  const gone = t.mock.method(rows, 'findOneAndUpdate', async () => {
    throw new Error('no server');
  });
  await assert.rejects(world.app.logouts.tellDue(), /no server/);
  gone.mock.restore();
  await world.app.logouts.tellDue();
  assert.equal(client.told.length, 1);
});
