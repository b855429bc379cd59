import { env } from 'node:process';
import { type Config, loadConfig } from '../../src/config/config.ts';
import { isLong } from './size.ts';
import type { World } from './world.ts';

/** The same cases each time in `npm test`, others each time in a long run; a failure prints its seed, and TWOFOLD_FUZZ_SEED=<seed> repeats it. `place`: one of several that are not to see the same cases. */
export function fuzzParameters(runs: number, place = 0) {
  const given = env.TWOFOLD_FUZZ_SEED;
  const seed = given !== undefined ? { seed: Number(given) } : isLong ? {} : { seed: 6238 + place };
  return { numRuns: Math.ceil(runs), ...seed, includeErrorInReport: true } as const;
}

/** Setting up a first way may be put off so many times, and no budget of the whole installation ends the messages. */
export function fuzzSettings(skips = 5): Partial<Config> {
  const usual = loadConfig({ env: { NODE_ENV: 'test', TWOFOLD_ISSUER: 'http://localhost' } });
  const many = { mailsPerDay: 1_000_000, smsPerDay: 1_000_000, smsPerCountryPerDay: 1_000_000 };
  return { factors: { ...usual.factors, skips }, sendBudgets: { ...usual.sendBudgets, ...many } };
}

/** Where a redirect may lead: here, or to an address that a client registered. */
export function homesOf({ issuer, config }: World): readonly string[] {
  const registered = config.clients.flatMap(({ redirectUris, postLogoutRedirectUris }) => [
    ...redirectUris,
    ...postLogoutRedirectUris,
  ]);
  return [issuer, ...registered].map((uri) => new URL(uri).origin);
}

/** What no answer may hold, whoever asks. */
export function secretsOf({ keys, config }: World): readonly string[] {
  const ofClients = config.clients.flatMap(({ secret }) => secret ?? []);
  const ofKeys = [...keys.cookies, ...keys.jwks.keys.map((key) => String((key as { d?: unknown }).d))];
  return [...ofClients, ...ofKeys];
}
