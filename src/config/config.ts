import { availableParallelism } from 'node:os';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ClientSettings, settleClients } from './clients.ts';
import { checkDatabase } from './database.ts';
import { checkClientLevels, factorSettings } from './factors.ts';
import { ConfigError, collectFaults, type Faults } from './faults.ts';
import { checkGuards } from './guards.ts';
import { describeIssues } from './issues.ts';
import { type Keys, settleKeys } from './keys.ts';
import { chosenEnvironment, type Environment, foreignVariables, readLayers, readVariables } from './layers.ts';
import { checkLogo } from './logo.ts';
import { checkPlaceDatabase } from './place-database.ts';
import { type Settings, settingsSchema } from './schema.ts';
import { isTree, readYaml, type Tree } from './yaml-file.ts';

export { type ClientSettings, ownClientId } from './clients.ts';
export { ConfigError } from './faults.ts';
export type { Keys, PrivateJwks } from './keys.ts';

import type { FactorKind } from '../factors/kind.ts';
import { declaredKinds } from '../factors/kinds.ts';

type DeepReadonly<T> = T extends string ? T : { readonly [K in keyof T]: DeepReadonly<T[K]> };

export type Config = DeepReadonly<Omit<Settings, 'issuer' | 'keys' | 'clients' | 'argon2'>> & {
  readonly issuer: string;
  /** Whole in production; elsewhere what is missing is made and kept (oidc/keys). */
  readonly keys: Partial<Keys>;
  readonly clients: readonly ClientSettings[];
  /** Characters: 8 where a second factor always comes after, 15 where the password may stand alone (NIST SP 800-63B-4, 3.1.1.2). */
  readonly password: { readonly minimumLength: 8 | 15 };
  readonly argon2: { readonly concurrency: number; readonly queue: number };
  /** Environment variables that bear the name of a setting and are none of ours: worth a line in the log. */
  readonly ignoredVariables: readonly string[];
};

const projectFolder = fileURLToPath(new URL('../../config', import.meta.url));

/** Throws a ConfigError that names every fault at once; never the value of a setting. */
export function loadConfig({
  env,
  folder = projectFolder,
  kinds = declaredKinds,
}: {
  readonly env: Environment;
  readonly folder?: string;
  /** Kinds of factors that may be named. */
  readonly kinds?: readonly FactorKind[];
}): Config {
  const variables = readVariables(folder, () => {});
  const faults = collectFaults(new Map(variables.map(({ path, name }) => [path, name])));
  const settings = withIssuer(readLayers(folder, { env, report: faults.about }));
  const parsed = settingsSchema.extend({ factors: factorSettings(kinds) }).safeParse(settings);
  if (!parsed.success) describeIssues(parsed.error.issues, settings, faults.about);
  checkGuards(settings, faults.about);
  const keys = settleKeys(parsed.success ? parsed.data.keys : {}, faults.about);
  if (parsed.success) checkPlaceDatabase(parsed.data.mail.placeDatabase, faults.about); // guard: place-database-read-at-start
  if (parsed.success) checkDatabase(parsed.data.database.uri, faults.about);
  if (parsed.success) checkLogo(parsed.data.theme.logo, faults.about);
  const clients = loadClients(settings, { env, folder, kinds, faults });
  if (parsed.success) checkClientLevels({ kinds: parsed.data.factors.kinds, declared: kinds }, clients, faults.about);
  if (!parsed.success || faults.list.length > 0) throw new ConfigError(faults.list); // guard: faults-start-nothing
  const ignoredVariables = foreignVariables(variables, env).map(({ name }) => name);
  return deepFreeze(settle(parsed.data, { keys, clients, ignoredVariables })); // guard: configuration-frozen
}

function withIssuer(settings: Tree): Tree {
  if (settings.issuer !== undefined || typeof settings.port !== 'number') return settings;
  return { ...settings, issuer: `http://localhost:${settings.port}` };
}

interface ClientSources {
  readonly env: Environment;
  readonly folder: string;
  readonly kinds: readonly FactorKind[];
  readonly faults: Faults;
}

function loadClients({ clients }: Tree, { env, folder, kinds, faults }: ClientSources): readonly ClientSettings[] {
  if (typeof clients !== 'string') return [];
  const { clients: list, ...others } = readYaml(resolve(folder, clients), faults.about);
  const report = (subject: string, sentence: string) => faults.about(`${basename(clients)}, ${subject}`, sentence);
  for (const key of Object.keys(others)) report(key, 'does not belong here; the file holds "clients:" alone');
  return settleClients(list, { env, environment: chosenEnvironment(env), kinds, report });
}

/** Nobody is ever signed in by a password alone. */
function alwaysSecond({ secondFactor, factors }: Settings): boolean {
  return secondFactor === 'required' && factors.enrolBy === undefined && factors.skips === 0;
}

function settle(settings: Settings, made: Pick<Config, 'keys' | 'clients' | 'ignoredVariables'>): Config {
  const { issuer = '', host, argon2, ...others } = settings;
  return {
    ...others,
    ...made,
    issuer,
    // As addresses write an IPv6 host; a socket takes it without the brackets.
    host: host.replace(/^\[(.*)\]$/, '$1'),
    password: { minimumLength: alwaysSecond(settings) ? 8 : 15 }, // guard: lone-password-fifteen
    argon2: { concurrency: argon2.concurrency ?? availableParallelism(), queue: argon2.queue },
  };
}

/** Key bytes stay as they are: views on memory cannot be frozen. */
function deepFreeze<T>(value: T): T {
  if (ArrayBuffer.isView(value)) return value;
  if (isTree(value) || Array.isArray(value)) {
    for (const member of Object.values(value)) deepFreeze(member);
    Object.freeze(value);
  }
  return value;
}
