import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { debianAtHand, installDebian } from './debian.js';
import { root } from './dependencies.js';
import { progress } from './progress.js';
import { answers, reasonIn, run, SetUpProblem } from './run.js';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

/** Gives a Chromium that runs: TWOFOLD_CHROMIUM, this machine's own, Debian's, or else Playwright's. */
export async function bringChromium({ node }) {
  const given = process.env.TWOFOLD_CHROMIUM;
  if (given) return given;
  return present() ?? (await progress('Bringing Chromium', () => bring(node)));
}

/** As a path, because that is what browser drivers want. */
function present() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find((path) => existsSync(path) && answers(path, ['--version']));
}

async function bring(node) {
  if (debianAtHand()) await installDebian('chromium', 'fonts-liberation');
  const debians = present();
  if (debians) return debians;
  const playwright = join(root, 'node_modules', 'playwright-core');
  const installed = await run(node, [join(playwright, 'cli.js'), 'install', 'chromium'], { cwd: root });
  if (installed.code !== 0) throw new SetUpProblem(`Chromium could not be brought: ${reasonIn(installed.output)}.`);
  const told = await run(node, ['-p', 'require("playwright-core").chromium.executablePath()'], { cwd: root });
  return told.output.trim();
}
