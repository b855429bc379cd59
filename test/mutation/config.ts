import { guarded } from './mutation.ts';

const configPlaces = 'test/unit/config-places.test.ts';
const configTheme = 'test/unit/config-theme.test.ts';
const config = 'test/unit/config.test.ts';
const configGuards = 'test/unit/config-guards.test.ts';
const discovery = 'test/flow/discovery.test.ts';
const configSecrets = 'test/unit/config-secrets.test.ts';
const clientSettings = 'test/unit/client-settings.test.ts';
const places = 'test/unit/places.test.ts';

export const configuration = [
  ...guarded(
    [configPlaces],
    [
      { guard: 'writes-majority', replace: ["majority'] },", "majority', '1'] },"] },
      { guard: 'reads-primary', replace: ["primary'] },", "primary', 'secondary'] },"] },
      { guard: 'loosening-option-spelling', replace: ['.toLowerCase() === name.toLowerCase()', ' === name'] },
    ],
  ),
  ...guarded([configTheme], [{ guard: 'logo-own-origin', replace: [')', ') return undefined;\n  if (!name)'] }]),
  ...guarded(
    [configGuards],
    [
      { guard: 'production-https', replace: ["look) => !text(look('issuer')).startsWith('https:')", ') => false'] },
      { guard: 'production-trusted-proxy', replace: ["look) => look('trustedProxies') === 0", ') => false'] },
      { guard: 'production-sends-mail', replace: ["look) => look('mail.transport') === 'outbox'", ') => false'] },
      { guard: 'production-own-database', replace: ["look) => look('database.uri') === undefined", ') => false'] },
      { guard: 'production-own-cipher-keys', replace: ['look: Look) => look(path) === undefined', ') => false'] },
      {
        guard: 'production-own-signing-keys',
        replace: ["look) => look('keys.jwks') === undefined && look('keys.jwksFile') === undefined", ') => false'],
      },
      {
        guard: 'production-own-clients',
        replace: ["look) => text(look('clients')).endsWith('clients.development.yaml')", ') => false'],
      },
      {
        guard: 'outbox-loopback',
        replace: ["look) => showsCodes(look) && !isLoopbackHost(text(look('host')))", ') => false'],
        tests: [config, configGuards],
      },
    ],
  ),
  ...guarded([discovery], [{ guard: 'recovery-no-client-level', replace: ['[]', '[level]'] }]),
  ...guarded(
    [configGuards, config],
    [
      { guard: 'environment-defaults-production', replace: ['production', 'development'] },
      { guard: 'environment-not-from-file', replace: ["some((layer) => 'environment' in layer)", 'length > 9'] },
    ],
  ),
  ...guarded(
    [configSecrets, config],
    [
      { guard: 'cookie-secret-length', replace: ['(32', '(1'] },
      { guard: 'cipher-key-bytes', replace: [']{43}=', '=]+'] },
      { guard: 'unknown-setting-fault', replace: ['strictObject', 'object'], tests: [config] },
    ],
  ),
  ...guarded(
    [clientSettings, config],
    [
      {
        guard: 'http-loopback-only',
        replace: ["(url.protocol === 'http:' && isLoopbackHost(url.hostname))", "url.protocol === 'http:'"],
      },
      { guard: 'config-address-no-password', replace: [' || url.username || url.password', ''] },
    ],
  ),
  ...guarded(
    [configSecrets],
    [
      { guard: 'rsa-2048-bits', replace: ['2048', '512'] },
      { guard: 'foreign-key-no-signing', replace: ["(use === undefined || use === 'sig')", 'use !== null'] },
      {
        guard: 'cipher-key-numbers-unique',
        replace: ['new Set(numbers).size < numbers.length', 'numbers.length > 99'],
        tests: [configSecrets, config],
      },
      { guard: 'both-algorithms-have-key', replace: [", 'RS256'", ''] },
    ],
  ),
  ...guarded(
    [clientSettings],
    [
      { guard: 'client-secret-bits', replace: ['22', '2'] },
      {
        guard: 'public-client-pkce',
        replace: [
          'secretEnv, pkceRequired }) => secretEnv !== undefined || pkceRequired',
          'pkceRequired }) => pkceRequired !== undefined',
        ],
      },
      { guard: 'client-pkce-unless-exempt', replace: ['true', 'false'] },
      { guard: 'client-consent-unless-own', replace: ['false', 'true'] },
      { guard: 'client-names-unique' },
    ],
  ),
  ...guarded(
    [config],
    [
      { guard: 'lone-password-fifteen', replace: ['15', '8'] },
      { guard: 'place-database-read-at-start', tests: [places] },
      { guard: 'faults-start-nothing', replace: [' || faults.list.length > 0', ''], tests: [configGuards] },
      { guard: 'configuration-frozen', replace: ['deepFreeze', '(<T>(it: T) => it)'] },
    ],
  ),
];
