import { spawn } from 'node:child_process';
import { bringDependencies, root } from './set-up/dependencies.js';
import { bringMongod } from './set-up/mongod.js';

/** `npm run test:mutation`: brings what the tests need and hands over to test/mutation/run.ts. */
const node = await bringDependencies();
const env = { ...process.env, TWOFOLD_MONGOD: process.env.TWOFOLD_MONGOD || (await bringMongod()) };
const args = ['--disable-warning=ExperimentalWarning', 'test/mutation/run.ts', ...process.argv.slice(2)];
const child = spawn(node, args, { cwd: root, env, stdio: 'inherit' });
child.on('exit', (code) => process.exit(code ?? 1));
