import { spawn } from 'node:child_process';
import { bringDependencies, root } from './set-up/dependencies.js';
import { bringMongod } from './set-up/mongod.js';

/** `npm run bench -- --only sso`: brings what a measurement needs and hands over to bench/run.ts. */
const node = await bringDependencies();
const env = { ...process.env, TWOFOLD_MONGOD: process.env.TWOFOLD_MONGOD || (await bringMongod()) };
const args = ['--disable-warning=ExperimentalWarning', 'bench/run.ts', ...process.argv.slice(2)];
const child = spawn(node, args, { cwd: root, env, stdio: 'inherit' });
child.on('exit', (code) => process.exit(code ?? 1));
