import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kill } from 'node:process';
import { describe, type TestContext, test } from 'node:test';
import { mongo } from 'mongoose';
import { type EmbeddedDatabase, startEmbedded } from '../../src/storage/embedded/embedded.ts';
import { freePort } from '../support/free-port.ts';
import { mongodPath } from '../support/mongod.ts';

// Each has a folder and a server of its own, and waits most of the time.
describe('the local MongoDB', { concurrency: true }, () => {
  test('the local MongoDB keeps its data and its port from one start to the next', async (t) => {
    const place = await newPlace(t);
    const first = await place.start();
    await write(first, 'ada');
    await first.stop();

    let [before, now] = [first, await place.start()];
    // Between the two some other program may take the port: then the next one is kept.
    for (let again = 0; again < 3 && now.uri !== before.uri; again += 1) {
      await now.stop();
      [before, now] = [now, await place.start()];
    }
    assert.equal(now.uri, before.uri);
    assert.deepEqual(await names(now), ['ada']);
  });

  test('the local MongoDB finds its data again when something silent has taken its port', async (t) => {
    const place = await newPlace(t);
    const first = await place.start();
    await write(first, 'ada');
    await first.stop();
    await occupy(t, portOf(first));

    const second = await place.start();
    assert.notEqual(portOf(second), portOf(first));
    assert.deepEqual(await names(second), ['ada']);
    assert.equal(Number(await readFile(join(place.folder, 'mongo-port'), 'utf8')), portOf(second));
  });

  test('the local MongoDB finds its data again when its port file says another port, or nothing', async (t) => {
    const place = await newPlace(t);
    const first = await place.start();
    await write(first, 'ada');
    await first.stop();

    for (const content of [`${await freePort()}`, 'not a port']) {
      await writeFile(join(place.folder, 'mongo-port'), content);
      const next = await place.start();
      assert.notEqual(portOf(next), portOf(first));
      assert.deepEqual(await names(next), ['ada']);
      await next.stop();
    }
  });

  test('a second start on the same folder is refused in one line and leaves the first alone', async (t) => {
    const place = await newPlace(t);
    const first = await place.start();

    await assert.rejects(
      startEmbedded({ mongod: mongodPath(), folder: place.folder }),
      /^Error: \S+ is in use by another Twofold\.$/,
    );
    await write(first, 'ada');
    assert.deepEqual(await names(first), ['ada']);
    assert.equal(Number(await readFile(join(place.folder, 'mongo-port'), 'utf8')), portOf(first));
  });

  test('the death of the local MongoDB is told in one line, its stop is not', async (t) => {
    const place = await newPlace(t);
    const killed = await place.start();
    kill(Number(await readFile(join(place.folder, 'mongo', 'mongod.lock'), 'utf8')), 'SIGKILL');
    assert.match(await killed.exited, /^[^\n]*SIGKILL[^\n]*$/);

    const stopped = await place.start();
    await stopped.stop();
    assert.equal(await Promise.race([stopped.exited, Promise.resolve('still quiet')]), 'still quiet');
  });

  test('a program that is no mongod is refused in one line', async (t) => {
    const place = await newPlace(t);
    await assert.rejects(
      startEmbedded({ mongod: '/bin/false', folder: place.folder }),
      /^Error: The local MongoDB did not start: [^\n]+$/,
    );
  });

  test('the local MongoDB runs no JavaScript: $where and $function are refused [check 105]', async (t) => {
    const database = await (await newPlace(t)).start();
    await write(database, 'ada');
    const refusedFilters = [
      { $where: 'true' },
      { $expr: { $function: { body: 'function () { return true; }', args: [], lang: 'js' } } },
    ];
    for (const filter of refusedFilters) {
      await assert.rejects(
        connected(database, (people) => people.find(filter).toArray()),
        /JavaScript|scripting|\$where|\$function/i,
      );
    }
  });

  test('the local MongoDB listens on the loopback address alone [check 105]', async (t) => {
    const database = await (await newPlace(t)).start();
    const other = new mongo.MongoClient(`mongodb://127.0.0.2:${portOf(database)}/`, {
      directConnection: true,
      serverSelectionTimeoutMS: 1_000,
    });
    await assert.rejects(other.connect(), /ECONNREFUSED/);
  });
});

interface Place {
  readonly folder: string;
  start(): Promise<EmbeddedDatabase>;
}

async function newPlace(t: TestContext): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'twofold-embedded-'));
  const started: EmbeddedDatabase[] = [];
  t.after(async () => {
    await Promise.all(started.map((database) => database.stop()));
    await rm(folder, { recursive: true, force: true });
  });
  return {
    folder,
    async start() {
      const database = await startEmbedded({ mongod: mongodPath(), folder });
      started.push(database);
      return database;
    },
  };
}

async function connected<T>(database: EmbeddedDatabase, work: (people: mongo.Collection) => Promise<T>): Promise<T> {
  const client = new mongo.MongoClient(database.uri);
  try {
    return await work(client.db('people').collection('people'));
  } finally {
    await client.close();
  }
}

async function write(database: EmbeddedDatabase, name: string): Promise<void> {
  await connected(database, (people) => people.insertOne({ name }, { writeConcern: { w: 'majority' } }));
}

async function names(database: EmbeddedDatabase): Promise<unknown[]> {
  return connected(database, (people) => people.distinct('name'));
}

function portOf(database: EmbeddedDatabase): number {
  return Number(new URL(database.uri).port);
}

async function occupy(t: TestContext, port: number): Promise<void> {
  const silent = createServer(() => {});
  await new Promise<void>((resolve, reject) => {
    // Whoever has taken it meanwhile does as well.
    silent.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve() : reject(error)));
    silent.listen(port, '127.0.0.1', resolve);
  });
  t.after(() => silent.close());
}
