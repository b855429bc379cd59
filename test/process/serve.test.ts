import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, execPath } from 'node:process';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '../support/database.ts';
import { freePort } from '../support/free-port.ts';
import { testDatabaseUri } from '../support/mongod.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

function serve(t: TestContext, given: { flags?: readonly string[]; settings?: object; cwd?: string } = {}) {
  const { flags = [], settings = {}, cwd = root } = given;
  const child = spawn(execPath, [...flags, 'scripts/serve.js'], {
    cwd,
    env: { ...env, NODE_ENV: 'development', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  return { child, code: once(child, 'close').then(([code]) => code as number | null), errors: text(child.stderr) };
}

test('a Node that cannot run TypeScript is told so in one sentence, with what to do', async (t) => {
  const { code, errors } = serve(t, { flags: ['--no-experimental-strip-types'] });
  assert.equal(await code, 78);
  assert.match(
    await errors,
    /^Twofold needs a Node that runs TypeScript as it is, 22\.18 or newer: this is v[\d.]+, which does not\. [^\n]+\n$/,
  );
});

test('a Twofold without its packages says how to get them', async (t) => {
  const bare = mkdtempSync(join(tmpdir(), 'twofold-bare-'));
  t.after(() => rmSync(bare, { recursive: true }));
  for (const part of ['src', 'scripts', 'config', 'views', 'package.json'])
    cpSync(join(root, part), join(bare, part), { recursive: true });
  const { code, errors } = serve(t, { cwd: bare });
  assert.equal(await code, 78);
  assert.match(await errors, /^A package of Twofold is not there: run "npm ci" first\. \([^\n]+\)\n$/);
});

test('what src/main.ts says and its exit code come through', async (t) => {
  const { code, errors } = serve(t, { settings: { TWOFOLD_ISSUER: 'nonsense' } });
  assert.equal(await code, 78);
  assert.match(await errors, /^Twofold cannot start with this configuration:\n- issuer /);
});

test('a signal that comes before src/main.ts is loaded ends it as asked, and is not left to the system', async (t) => {
  const hook = `import { registerHooks } from 'node:module';
    registerHooks({ resolve(name, context, next) {
      if (name.endsWith('src/main.ts')) process.kill(process.pid, 'SIGTERM');
      return next(name, context);
    } });`;
  const { code, errors } = serve(t, { flags: ['--import', `data:text/javascript,${encodeURIComponent(hook)}`] });
  assert.equal(await code, 0, await errors);
});

test('Twofold itself runs in the process that was started, and a signal to it ends it', async (t) => {
  const database = await openDatabase(t);
  const data = mkdtempSync(join(tmpdir(), 'twofold-serve-'));
  t.after(() => rmSync(data, { recursive: true }));
  const port = await freePort();
  const { child, code, errors } = serve(t, {
    settings: {
      MONGODB_URI: testDatabaseUri(''),
      TWOFOLD_DATABASE: database.connection.name,
      TWOFOLD_PORT: String(port),
      TWOFOLD_DATA: data,
    },
  });
  for await (const line of createInterface(child.stdout)) {
    if (JSON.parse(line).msg === 'listening') break;
  }
  assert.equal((await fetch(`http://127.0.0.1:${port}/health`)).status, 200);
  child.kill('SIGTERM');
  assert.equal(await code, 0, await errors);
});
