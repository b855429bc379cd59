import { env } from 'node:process';
import { isLong } from './size.ts';
import type { World } from './world.ts';

/** The same cases each time in `npm test`, others each time in a long run; a failure prints its seed, and TWOFOLD_FUZZ_SEED=<seed> repeats it. */
export function fuzzParameters(runs: number) {
  const given = env.TWOFOLD_FUZZ_SEED;
  const seed = given !== undefined ? { seed: Number(given) } : isLong ? {} : { seed: 6238 };
  return { numRuns: Math.ceil(runs), ...seed, includeErrorInReport: true } as const;
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
