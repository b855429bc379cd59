import { linesOf } from './mutation.ts';

const guards = 'test/unit/config-guards.test.ts';
const config = 'test/unit/config.test.ts';
const clients = 'test/unit/client-settings.test.ts';
const secrets = 'test/unit/config-secrets.test.ts';

export const configuration = [
  ...linesOf(
    'src/config/database.ts',
    ['test/unit/config-places.test.ts'],
    [
      {
        why: 'Writes wait for the majority.',
        find: "allowed: ['majority'] }",
        replace: "allowed: ['majority', '1'] }",
      },
      { why: 'Reads ask the primary.', find: "allowed: ['primary'] }", replace: "allowed: ['primary', 'secondary'] }" },
      {
        why: 'A loosening option is found in every spelling.',
        find: 'each.toLowerCase() === name.toLowerCase()',
        replace: 'each === name',
      },
    ],
  ),
  ...linesOf(
    'src/config/logo.ts',
    ['test/unit/config-theme.test.ts'],
    [
      {
        why: 'A logo is loaded from nowhere else.',
        find: '  if (name === undefined)\n    return',
        replace: '  if (name === undefined) return undefined;\n  if (!name)\n    return',
      },
    ],
  ),
  ...linesOf(
    'src/config/guards.ts',
    [guards],
    [
      {
        why: 'Production has an https issuer.',
        find: "broken: (look) => !text(look('issuer')).startsWith('https:'),",
        replace: 'broken: () => false,',
      },
      {
        why: 'Behind https nobody shares the address of the proxy.',
        find: "broken: (look) => look('trustedProxies') === 0,",
        replace: 'broken: () => false,',
      },
      {
        why: 'Production sends its mails.',
        find: "broken: (look) => look('mail.transport') === 'outbox',",
        replace: 'broken: () => false,',
      },
      {
        why: 'Production has a database of its own.',
        find: "broken: (look) => look('database.uri') === undefined,",
        replace: 'broken: () => false,',
      },
      {
        why: 'Production makes no cookie or cipher keys by itself.',
        find: 'broken: (look: Look) => look(path) === undefined,',
        replace: 'broken: () => false,',
      },
      {
        why: 'Production makes no signing keys by itself.',
        find: "broken: (look) => look('keys.jwks') === undefined && look('keys.jwksFile') === undefined,",
        replace: 'broken: () => false,',
      },
      {
        why: 'Production does not take the clients of development.',
        find: "broken: (look) => text(look('clients')).endsWith('clients.development.yaml'),",
        replace: 'broken: () => false,',
      },
      {
        why: 'The outbox is not reachable from other machines.',
        find: "broken: (look) => showsCodes(look) && !isLoopbackHost(text(look('host'))),",
        replace: 'broken: () => false,',
        tests: [config, guards],
      },
    ],
  ),
  ...linesOf(
    'src/config/factors.ts',
    ['test/flow/discovery.test.ts'],
    [
      {
        why: 'Recovery codes make no level that a client may ask for.',
        find: "kind === 'recovery' ? [] : levels[kind]",
        replace: "kind === 'recovery' ? '2fa' : levels[kind]",
      },
    ],
  ),
  ...linesOf(
    'src/config/layers.ts',
    [guards, config],
    [
      {
        why: 'Who forgets to say which environment it is gets the rules of production.',
        find: "return env.NODE_ENV || 'production';",
        replace: "return env.NODE_ENV || 'development';",
      },
      {
        why: 'No file chooses the environment.',
        find: "  if (overriding.some((layer) => 'environment' in layer))\n",
        replace: '  if (overriding.length > 9)\n',
      },
    ],
  ),
  ...linesOf(
    'src/config/schema.ts',
    [clients, config],
    [
      {
        why: 'A cookie secret has 32 characters.',
        find: 'z.string().min(32, {',
        replace: 'z.string().min(1, {',
        tests: [secrets, config],
      },
      {
        why: 'A cipher key has 32 bytes.',
        find: 'const cipherKey = /^[0-9]{1,9}:[A-Za-z0-9+/]{43}=$/;',
        replace: 'const cipherKey = /^[0-9]{1,9}:[A-Za-z0-9+/=]+$/;',
        tests: [secrets, config],
      },
      {
        why: 'A setting that nobody knows is a fault.',
        find: 'export const settingsSchema = z.strictObject({',
        replace: 'export const settingsSchema = z.object({',
        tests: [config],
      },
    ],
  ),
  ...linesOf(
    'src/config/safe-url.ts',
    [clients, config],
    [
      {
        why: 'http is for this very machine.',
        find: "(url.protocol === 'http:' && isLoopbackHost(url.hostname))",
        replace: "url.protocol === 'http:'",
      },
      {
        why: 'No address of the configuration holds a password.',
        find: '  if (!url || url.username || url.password) return false;\n',
        replace: '  if (!url) return false;\n',
      },
    ],
  ),
  ...linesOf(
    'src/config/keys.ts',
    [secrets],
    [
      {
        why: 'A signing key has 2048 bits or more.',
        find: '(asymmetricKeyDetails?.modulusLength ?? 0) >= 2048',
        replace: '(asymmetricKeyDetails?.modulusLength ?? 0) >= 512',
      },
      {
        why: 'A key for something else does not sign.',
        find: "(use === undefined || use === 'sig') ? kind",
        replace: 'use !== null ? kind',
      },
      {
        why: 'Two cipher keys of one number are a fault of the configuration.',
        find: '  if (new Set(numbers).size < numbers.length)\n',
        replace: '  if (numbers.length > 99)\n',
        tests: [secrets, config],
      },
      {
        why: 'Both signing algorithms have a key.',
        find: "for (const algorithm of ['ES256', 'RS256']) {",
        replace: "for (const algorithm of ['ES256']) {",
      },
    ],
  ),
  ...linesOf(
    'src/config/clients.ts',
    [clients],
    [
      {
        why: 'A client secret has 128 bits.',
        find: 'const leastSecretLength = 22;',
        replace: 'const leastSecretLength = 2;',
      },
      {
        why: 'A public client cannot do without PKCE.',
        find: '.refine(({ secretEnv, pkceRequired }) => secretEnv !== undefined || pkceRequired, {',
        replace: '.refine(({ pkceRequired }) => pkceRequired !== undefined, {',
      },
      {
        why: 'A client is asked for PKCE unless it is exempted.',
        find: 'pkceRequired: z.boolean().default(true),',
        replace: 'pkceRequired: z.boolean().default(false),',
      },
      {
        why: 'A client asks for consent unless it is our own.',
        find: 'firstParty: z.boolean().default(false),',
        replace: 'firstParty: z.boolean().default(true),',
      },
      {
        why: 'Two clients of one name are a fault.',
        find: '  reportRepeated(settled, report);\n',
        replace: '',
      },
    ],
  ),
  ...linesOf(
    'src/config.ts',
    [config],
    [
      {
        why: 'Where a password may stand alone it has 15 characters.',
        find: 'alwaysSecond(settings) ? 8 : 15',
        replace: 'alwaysSecond(settings) ? 8 : 8',
      },
      {
        why: 'A place database that cannot be used is found out at the start.',
        find: '  if (parsed.success) checkPlaceDatabase(parsed.data.mail.placeDatabase, faults.about);\n',
        replace: '',
        tests: ['test/unit/places.test.ts'],
      },
      {
        why: 'A configuration with faults starts nothing.',
        find: 'if (!parsed.success || faults.list.length > 0) throw',
        replace: 'if (!parsed.success) throw',
        tests: [guards],
      },
      {
        why: 'Nobody changes the configuration later.',
        find: 'return deepFreeze(settle(',
        replace: 'return (<T>(it: T) => it)(settle(',
      },
    ],
  ),
];
