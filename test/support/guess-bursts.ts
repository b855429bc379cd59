import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { start } from '../../bench/process.ts';
import { accountRow, afterPassword, captured, editAccount, uidOf } from './attack.ts';
import { freePort } from './free-port.ts';
import { testDatabaseUri } from './mongod.ts';
import type { Person } from './person.ts';
import type { World } from './world.ts';

/** An answer to the question for a code, ready to go out to whichever process. */
export interface Answer {
  readonly code: string;
  /** Its browser is gone as soon as it has sent all. */
  readonly cut?: boolean;
}

/** Somebody whose password is known, in so many sign-ins that ask for a code, and servers in processes of their own. */
export async function guessedAt(t: TestContext, world: World, { signIns, processes }: Record<string, number>) {
  const ada = await world.person();
  const asking = await askedForCodes(world, ada, signIns ?? 0);
  const kept = await rowsKept(world, ada);
  const servers = await startProcesses(t, world, processes ?? 0);
  return {
    ada,
    /** All at once: the nth goes to the nth sign-in and to the nth process, and round again. */
    async burst(answers: readonly Answer[]): Promise<readonly (number | undefined)[]> {
      const sent = answers.map((answer, n) => {
        const { path, headers, forgery } = asking[n % asking.length] ?? assert.fail();
        const { port } = servers[n % servers.length] ?? assert.fail();
        const body = new URLSearchParams({ forgery, code: answer.code }).toString();
        return postTo({ port, path, headers, body, cut: answer.cut ?? false });
      });
      return Promise.all(sent);
    },
    /** As before the first burst: no guess counted, no step spent, every sign-in still asks. */
    again: () => kept.restore(),
    /** The processes come to their end, and with them all that they were asked. */
    async end() {
      await Promise.all(servers.map(({ end }) => end()));
    },
    row: () => accountRow(world, ada.id),
  };
}

async function askedForCodes(world: World, ada: Person, count: number) {
  const asking = [];
  while (asking.length < count) {
    const browser = await afterPassword(world, ada);
    await editAccount(world, ada.id, { $set: { 'guesses.password': { failures: 0 } } });
    const path = `/interaction/${uidOf(browser)}/factor`;
    const { headers, url } = captured(browser, path, {});
    const cookie = await browser.jar.getCookieString(url.href);
    const forgery = browser.page.forgery ?? '';
    asking.push({ path, forgery, headers: { ...headers, cookie, host: url.host, accept: 'application/json' } });
  }
  return asking;
}

async function rowsKept({ database: { connection } }: World, ada: Person) {
  const rows = (name: string) => connection.collection<{ _id: string }>(name);
  const account = (await rows('accounts').findOne({ _id: ada.id })) ?? assert.fail();
  const attempts = await rows('attempts').find({}).toArray();
  const far = new Date('2100-01-01T00:00:00Z');
  const puts = attempts.map((row) => ({
    replaceOne: { filter: { _id: row._id }, replacement: { ...row, expiresAt: far, removeAt: far } },
  }));
  return {
    async restore() {
      await Promise.all(['events', 'counters'].map((name) => rows(name).deleteMany({})));
      await rows('attempts').bulkWrite(puts, { ordered: false });
      await rows('accounts').replaceOne({ _id: ada.id }, account);
    },
  };
}

/** With the world's rows, keys and address: what a load balancer has behind it. */
async function startProcesses(t: TestContext, world: World, count: number) {
  const { keys, config, issuer, database } = world;
  const folder = mkdtempSync(join(tmpdir(), 'twofold-processes-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const clients = join(folder, 'clients.yaml');
  const listed = config.clients.map(({ clientId, name, redirectUris, firstParty }) => ({
    ...{ clientId, name, redirectUris, firstParty },
    secretEnv: 'TEST_CLIENT_SECRET',
  }));
  writeFileSync(clients, JSON.stringify({ clients: listed }));
  const env = {
    NODE_ENV: 'test',
    MONGODB_URI: testDatabaseUri(''),
    TWOFOLD_DATABASE: database.connection.name,
    TWOFOLD_ISSUER: issuer,
    TWOFOLD_CLIENTS: clients,
    TEST_CLIENT_SECRET: 'a-secret-of-at-least-22-characters',
    TWOFOLD_JWKS: JSON.stringify(keys.jwks),
    TWOFOLD_COOKIE_KEYS: keys.cookies.join(','),
    TWOFOLD_CIPHER_KEYS: keys.cipher.map(({ id, key }) => `${id}:${Buffer.from(key).toString('base64')}`).join(','),
  };
  const servers: { readonly port: number; readonly end: () => Promise<void> }[] = [];
  while (servers.length < count) {
    const port = await freePort();
    const server = await start({ program: 'src/main.ts', port, env: { ...env, TWOFOLD_PORT: String(port) } });
    let ended: Promise<void> | undefined;
    const end = () => (ended ??= server.stop());
    t.after(end);
    servers.push({ port, end });
  }
  return servers;
}

interface Post {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly cut: boolean;
}

/** The status of the answer; undefined where nobody waited for one. */
async function postTo({ port, path, headers, body, cut }: Post): Promise<number | undefined> {
  const length = { 'content-length': String(Buffer.byteLength(body)) };
  const asking = request({
    host: '127.0.0.1',
    port,
    path,
    method: 'POST',
    headers: { ...headers, ...length },
    agent: false,
  });
  if (cut) {
    asking.on('error', () => {});
    const gone = new Promise<void>((done) => asking.on('close', done));
    asking.end(body, () => asking.destroy());
    await gone;
    return undefined;
  }
  asking.end(body);
  const [answer] = await once(asking, 'response');
  answer.resume();
  await once(answer, 'end');
  return answer.statusCode;
}
