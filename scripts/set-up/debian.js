import { answers, isRoot, run } from './run.js';

/** Debian's packages can be brought only where there is apt and we may use it. */
export function debianAtHand() {
  return isRoot() && answers('apt-get', ['--version']);
}

export async function installDebian(...packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () => run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env });
  const first = await install();
  if (first.code === 0) return first;
  // A fresh machine has no package lists, or old ones.
  const update = await run('apt-get', ['update'], { env });
  return update.code === 0 ? install() : update;
}
