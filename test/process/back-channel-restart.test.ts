import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, execPath } from 'node:process';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { decodeJwt } from 'jose';
import { openDatabase, rowsOf } from '../support/database.ts';
import { freePort } from '../support/free-port.ts';
import { done, logoutClient } from '../support/logout-client.ts';
import { testDatabaseUri } from '../support/mongod.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Servers of development, one after the other on one database; their demo is a server of the test. */
async function installation(t: TestContext) {
  const [database, client] = [await openDatabase(t), await logoutClient(t)];
  const data = mkdtempSync(join(tmpdir(), 'twofold-restart-'));
  t.after(() => rmSync(data, { recursive: true, force: true }));
  const settings = {
    NODE_ENV: 'development',
    MONGODB_URI: testDatabaseUri(''),
    TWOFOLD_DATABASE: database.connection.name,
    TWOFOLD_DATA: data,
    TWOFOLD_DEMO_URL: new URL(client.uri).origin,
    TWOFOLD_DEMO_CLIENT_SECRET: 'a-secret-of-at-least-22-characters',
  };
  const start = async () => {
    const port = { TWOFOLD_PORT: String(await freePort()) };
    const child = spawn(execPath, ['scripts/serve.js'], {
      cwd: root,
      env: { ...env, ...settings, ...port },
      stdio: 'ignore',
    });
    t.after(() => child.kill('SIGKILL'));
    return { kill: () => child.kill('SIGKILL'), end: () => child.kill('SIGTERM'), ended: once(child, 'close') };
  };
  /** How the client answers from now on; fulfilled when it is told. */
  const nextTold = (answers: boolean) =>
    new Promise<string>((resolve) => {
      client.answers((answer, told) => {
        if (answers) done(answer, told);
        resolve(told.token);
      });
    });
  return { database, client, start, nextTold };
}

test('what waits when a server is killed, in the midst of telling or before it began, is told by the next one', async (t) => {
  const { database, client, start, nextTold } = await installation(t);
  const logouts = database.connection.collection<{ _id: string }>('logouts');
  const sessions = database.connection.collection<{ _id: string }>('oidc');
  const begun = nextTold(false);
  await logouts.insertOne({
    _id: 's:demo',
    ...{ accountId: 'ada', clientId: 'demo', sid: 's' },
    tries: 0,
    dueAt: new Date(0),
  } as never);
  const first = await start();
  assert.equal(decodeJwt(await begun).sid, 's');
  first.kill();
  await first.ended;
  const [held] = await rowsOf(database, 'logouts');
  assert.equal(held?.tries, 1);
  assert.ok(Number(held?.dueAt) > Date.now(), 'held, and due again after that');
  // Its time has come; and a session whose end nobody came to tell of.
  await logouts.updateOne({ _id: 's:demo' }, { $set: { dueAt: new Date() } });
  const left = {
    accountId: 'eve',
    clients: [{ clientId: 'demo', sid: 'left' }],
    endedAt: new Date(Date.now() - 600_000),
  };
  await sessions.insertOne({ _id: 'left', model: 'Session', ...left } as never);

  const told = [nextTold(true)];
  const second = await start();
  const one = decodeJwt(await (told[0] ?? assert.fail())).sid;
  const other =
    client.told.length > 2 ? decodeJwt(client.told[2]?.token ?? '').sid : decodeJwt(await nextTold(true)).sid;
  assert.deepEqual([one, other].sort(), ['left', 's']);
  second.end();
  const [code] = await second.ended;
  assert.equal(code, 0);
  assert.deepEqual(await rowsOf(database, 'logouts'), []);
});
