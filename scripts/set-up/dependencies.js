/**
 * scripts/ owns the set-up: what a machine needs before Twofold can run, and the two commands. Plain JavaScript, because it runs on
 * whatever Node is there, and without any dependency, because it is what brings them. No rule of the product may live here.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { progress } from './progress.js';
import { answers, environmentOutside, reasonIn, run, SetUpProblem } from './run.js';

export const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '');

/** The first version that runs TypeScript as it is. */
const oldestNode = [22, 18];

/** Brings the packages of package-lock.json if they are not there, and gives the path of a Node that can run Twofold. */
export async function bringDependencies() {
  if (!installed() || !findNode()) await install();
  const node = findNode();
  if (node) return node;
  throw new SetUpProblem(
    `Node ${oldestNode.join('.')} or newer is needed: this is ${process.version}, and npm brought no other. Install a newer Node.`,
  );
}

async function install() {
  // NODE_ENV=production would leave out what the demo and the tests stand on.
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  const { code, output } = await progress('Bringing dependencies (npm ci)', () =>
    run('npm', args, { cwd: root, env: environmentOutside() }),
  );
  if (code !== 0) throw new SetUpProblem(`The dependencies could not be brought (npm ci): ${reasonIn(output)}`);
}

/**
 * npm writes what it has installed to node_modules/.package-lock.json, as the last step of an installation: complete and of the
 * locked versions, or not there at all. Optional packages are of other platforms.
 */
function installed() {
  const wanted = packagesIn(join(root, 'package-lock.json'));
  const present = packagesIn(join(root, 'node_modules', '.package-lock.json'));
  return Object.entries(wanted).every(
    ([path, { version, integrity, optional }]) =>
      path === '' ||
      optional === true ||
      (present[path]?.version === version && present[path]?.integrity === integrity),
  );
}

function packagesIn(lock) {
  if (!existsSync(lock)) return {};
  try {
    return JSON.parse(readFileSync(lock, 'utf8')).packages ?? {};
  } catch {
    return {};
  }
}

/** Some newer ones do not run TypeScript either (23.0 to 23.5, or told so by an option): they are asked. */
export function thisNodeIsSupported() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const young = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  return young && Boolean(process.features.typescript);
}

export function unsupportedNode() {
  return `Twofold needs a Node that runs TypeScript as it is, ${oldestNode.join('.')} or newer: this is ${process.version}, which does not. Install a newer Node, or take the one that npm brings: node_modules/.bin/node.`;
}

function findNode() {
  if (thisNodeIsSupported()) return process.execPath;
  const brought = join(root, 'node_modules', '.bin', 'node');
  return answers(brought, ['--version']) ? brought : undefined;
}
