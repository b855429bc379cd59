import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cache } from './cache.js';
import { debianAtHand, installDebian, unpackDebian } from './debian.js';
import { progress } from './progress.js';
import { answers, reasonIn, run, SetUpProblem } from './run.js';

const cached = join(cache, 'nginx');

/** Gives the path of an nginx that runs: TWOFOLD_NGINX, this machine's own, the one brought earlier, or Debian's. No service is started. */
export async function bringNginx() {
  const present = process.env.TWOFOLD_NGINX || onPath() || (runs(cached) ? cached : undefined);
  if (present) return present;
  const fault = await progress('Bringing nginx', bring);
  if (fault === undefined) return cached;
  throw new SetUpProblem(
    `nginx could not be brought: ${fault}. Install nginx, or set TWOFOLD_NGINX to one: the tests put it in front of Twofold.`,
  );
}

function onPath() {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, 'nginx')).find(runs);
}

function runs(nginx) {
  return answers(nginx, ['-v']);
}

/** Gives what is wrong when no nginx came of it. */
async function bring() {
  if (!answers('apt-get', ['--version'])) return 'there is no apt on this machine';
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'new-'));
  try {
    const unpacked = await unpackDebian('nginx', folder);
    if (unpacked.code !== 0) return reasonIn(unpacked.output);
    const nginx = join(folder, 'usr', 'sbin', 'nginx');
    if (!runs(nginx) && debianAtHand()) await installDebian('libpcre2-8-0', 'libssl3', 'zlib1g');
    if (!runs(nginx)) return `Debian's does not run here (${reasonIn((await run(nginx, ['-v'])).output)})`;
    renameSync(nginx, cached);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
