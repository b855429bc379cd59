import { readdirSync } from 'node:fs';
import { answers, isRoot, run } from './run.js';

/** Debian's packages can be brought only where there is apt and we may use it. */
export function debianAtHand() {
  return isRoot() && answers('apt-get', ['--version']);
}

export async function installDebian(...packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return withPackageLists(() => run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env }));
}

/**
 * The files of one package alone, in a folder: nothing is installed, and no script of the package runs. An installed server
 * would be started at once, on ports that are this machine's own business.
 */
export async function unpackDebian(name, folder) {
  const fetched = await withPackageLists(() => run('apt-get', ['download', name], { cwd: folder }));
  if (fetched.code !== 0) return fetched;
  const file = readdirSync(folder).find((each) => each.endsWith('.deb'));
  return run('dpkg-deb', ['-x', file ?? `${name}.deb`, '.'], { cwd: folder });
}

/** A fresh machine has no package lists, or old ones. */
async function withPackageLists(work) {
  const first = await work();
  if (first.code === 0) return first;
  const update = await run('apt-get', ['update'], { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  return update.code === 0 ? work() : update;
}
