import { spawn } from 'node:child_process';
import { bringDependencies } from './set-up/dependencies.js';
import { SetUpProblem } from './set-up/run.js';
import { demoClientSecret, readSettings } from './start/settings.js';

/** `npm run twofold -- user list`: the command line, on a Node that can run it, with the configuration that `npm start` would have. */
function environment() {
  const { port, data, issuer, demoUrl } = readSettings(process.env);
  const chosen = { ...process.env, NODE_ENV: process.env.NODE_ENV || 'development' };
  if (chosen.NODE_ENV !== 'development') return chosen;
  return {
    ...chosen,
    TWOFOLD_PORT: String(port),
    TWOFOLD_DATA: data,
    TWOFOLD_ISSUER: issuer,
    TWOFOLD_DEMO_URL: demoUrl,
    TWOFOLD_DEMO_CLIENT_SECRET: demoClientSecret(data),
  };
}

async function run(args) {
  const node = await bringDependencies();
  const program = new URL('../src/cli/main.ts', import.meta.url).pathname;
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', program, ...args], {
    env: environment(),
    stdio: 'inherit',
  });
  // Ctrl-C in a terminal reaches both, and the command says what came of it.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('close', (code) => resolve(code ?? 1));
  });
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  const told = error instanceof SetUpProblem ? error.message : error;
  const json = process.argv.includes('--json');
  console.error(json ? JSON.stringify({ error: { code: 'set_up', message: String(error.message) } }) : told);
  process.exitCode = 1;
}
