import { thisNodeIsSupported, unsupportedNode } from './set-up/dependencies.js';

/**
 * `node scripts/serve.js`: Twofold in production, in this very process. An older Node refuses a program in TypeScript before any line of
 * it runs (ERR_UNKNOWN_FILE_EXTENSION), so the door is plain JavaScript and says in words what is missing.
 */

/** EX_CONFIG of sysexits.h, as src/main.ts: starting it again will not help. */
const badConfiguration = 78;

function refuse(sentence) {
  console.error(sentence);
  process.exit(badConfiguration);
}

/** Nothing is begun yet. To the first process of a container a signal that nobody listens for is none; src/main.ts listens from its first line on. */
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(0));

if (!thisNodeIsSupported()) refuse(unsupportedNode());
try {
  await import('../src/main.ts');
} catch (error) {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  refuse(`A package of Twofold is not there: run "npm ci" first. (${error.message.split('\n')[0]})`);
}
