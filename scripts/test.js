import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { audit } from './audit.js';
import { bringChromium } from './set-up/chromium.js';
import { bringDependencies, root, thisNodeIsSupported } from './set-up/dependencies.js';
import { bringMongod } from './set-up/mongod.js';
import { bringNginx } from './set-up/nginx.js';
import { endRunning, SetUpProblem } from './set-up/run.js';

/** Ends everything at once; what was begun is cleared away on the way out. */
const interrupted = new AbortController();
const underWay = new Set();

/** `npm test -- --only test/unit/totp.test.ts`: without --only lint and types are looked at as well, without files everything runs. */
async function test(args) {
  const node = await bringDependencies();
  if (!thisNodeIsSupported()) return inForeground(node, [join(root, 'scripts', 'test.js'), ...args]);
  const only = args.includes('--only');
  const files = args.filter((arg) => arg !== '--only');
  const mongod = await bringMongod();
  const chromium = await bringChromium({ node });
  const nginx = await bringNginx();
  const codes = only ? [] : [await lint(node), await types(node), await audited()];
  codes.push(await withDatabase(mongod, (place) => runTests({ node, mongod, chromium, nginx, files, ...place })));
  return codes.find((code) => code !== 0) ?? 0;
}

async function lint(node) {
  const colours = `--colors=${process.stdout.isTTY ? 'force' : 'off'}`;
  return step('Biome', node, [join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome'), 'ci', colours, '.']);
}

async function types(node) {
  return step('Types', node, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '--noEmit', '-p', '.']);
}

async function audited() {
  const { lines, code } = await audit();
  for (const line of lines) console.log(line);
  return code;
}

/** The tests run all the same: their summary comes last, and the exit code is that of the first step that failed. */
async function step(name, node, args) {
  console.log(`${name} ...`);
  const code = await inForeground(node, args);
  console.log(code === 0 ? `${name}: fine` : `${name}: FAILED, so this run will end with exit code ${code}`);
  return code;
}

function runTests({ node, mongod, chromium, nginx, files, uri, temporary, shared }) {
  const chosen = files.length > 0 ? files : ['test/**/*.test.ts'];
  const args = ['--disable-warning=ExperimentalWarning', '--test', '--test-concurrency=2', ...chosen];
  const env = {
    ...process.env,
    NODE_ENV: 'test',
    TMPDIR: temporary,
    TWOFOLD_TEST_MONGODB_URI: uri,
    TWOFOLD_MONGOD: mongod,
    TWOFOLD_CHROMIUM: chromium,
    TWOFOLD_NGINX: nginx,
    ...shared,
  };
  return inForeground(node, args, env);
}

/** One real server for the whole run, in a folder that does not outlive it; what the tests put aside goes there too. */
async function withDatabase(mongod, work) {
  const { startEmbedded } = await import('../src/storage/embedded/embedded.ts');
  const folder = await mkdtemp(join(tmpdir(), 'twofold-test-'));
  const temporary = join(folder, 'tmp');
  // Each file is a process of its own: what one has compiled, the keys that it has made, and the databases that it has emptied, serve the next.
  const shared = {
    NODE_COMPILE_CACHE: join(folder, 'compiled'),
    TWOFOLD_TEST_KEYS: join(folder, 'keys'),
    TWOFOLD_TEST_DATABASES: join(folder, 'databases'),
  };
  try {
    for (const made of [temporary, ...Object.values(shared)]) await mkdir(made);
    const database = await startEmbedded({ mongod, folder });
    try {
      return await work({ uri: database.uri, temporary, shared });
    } finally {
      await database.stop();
    }
  } finally {
    // A mongod that an interrupted test has left takes two seconds to notice, and still writes meanwhile.
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 500 });
  }
}

/** Ends when its program has ended, interrupted or not: nothing is cleared away under a running test. */
function inForeground(command, args, env = process.env) {
  if (interrupted.signal.aborted) return 130;
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env, stdio: 'inherit' });
    underWay.add(child);
    child.once('error', () => resolve(1));
    child.once('close', (code) => {
      underWay.delete(child);
      resolve(interrupted.signal.aborted ? 130 : (code ?? 1));
    });
  });
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    interrupted.abort();
    endRunning();
    for (const child of underWay) child.kill('SIGTERM');
  });
}

try {
  process.exitCode = await test(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof SetUpProblem ? error.message : error);
  process.exitCode = 1;
}
