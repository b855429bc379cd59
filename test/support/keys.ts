import { env } from 'node:process';
import type { Keys } from '../../src/config/config.ts';
import { keepKeys, makeKeys } from '../../src/oidc/keys.ts';

const folder = env.TWOFOLD_TEST_KEYS;

/** One set for all files of a run: each is a process of its own, and an RSA key costs a tenth of a second. */
export const keys: Keys = folder === undefined ? makeKeys() : await keepKeys(folder);
