import { factorGuards } from './factors.ts';
import { anywhere, type Guard, type Look } from './guard.ts';
import { isLoopbackHost } from './safe-url.ts';
import { smsGuards } from './sms.ts';
import { isTree, type Tree } from './yaml-file.ts';

const text = (value: unknown) => (typeof value === 'string' ? value : '');
const showsCodes = (look: Look) => look('mail.transport') !== 'smtp' || look('sms.sender') === 'outbox';
const missingKey = 'is missing; production makes no keys by itself';

/** Production has to refuse what development makes convenient (ASVS 5.0, 13.4.2). */
const guards: readonly Guard[] = [
  {
    path: 'issuer',
    environments: ['production'],
    broken: (look) => !text(look('issuer')).startsWith('https:'), // guard: production-https
    sentence: 'must begin with https:// in production: cookies and tokens would travel readable',
  },
  {
    path: 'trustedProxies',
    environments: ['production'],
    broken: (look) => look('trustedProxies') === 0, // guard: production-trusted-proxy
    sentence:
      'is 0, but https is ended by a reverse proxy: everybody would have its address and share its limits; say how many proxies append to X-Forwarded-For, 1 for one nginx',
  },
  {
    path: 'mail.transport',
    environments: ['production'],
    broken: (look) => look('mail.transport') === 'outbox', // guard: production-sends-mail
    sentence: 'is the outbox, whose mails anybody can read; use smtp in production',
  },
  {
    path: 'mail.from',
    environments: ['production'],
    broken: (look) => text(look('mail.from')).endsWith('@localhost'),
    sentence: 'is not an address of yours; give the sender of your mails',
  },
  {
    path: 'database.uri',
    environments: ['production'],
    broken: (look) => look('database.uri') === undefined, // guard: production-own-database
    sentence: 'is missing; production does not start a database of its own',
  },
  ...['keys.cookies', 'keys.cipher'].map((path) => ({
    path,
    environments: ['production'],
    broken: (look: Look) => look(path) === undefined, // guard: production-own-cipher-keys
    sentence: missingKey,
  })),
  {
    path: 'keys.jwks',
    environments: ['production'],
    broken: (look) => look('keys.jwks') === undefined && look('keys.jwksFile') === undefined, // guard: production-own-signing-keys
    sentence: `${missingKey}; set this or keys.jwksFile`,
  },
  {
    path: 'keys.jwksFile',
    environments: anywhere,
    broken: (look) => look('keys.jwks') !== undefined && look('keys.jwksFile') !== undefined,
    sentence: 'stands beside keys.jwks; set one of them',
  },
  {
    path: 'clients',
    environments: ['production'],
    broken: (look) => text(look('clients')).endsWith('clients.development.yaml'), // guard: production-own-clients
    sentence: 'names the clients of development; list your own in another file',
  },
  {
    path: 'host',
    environments: ['development'],
    broken: (look) => showsCodes(look) && !isLoopbackHost(text(look('host'))), // guard: outbox-loopback
    sentence:
      'is reachable from other machines, which could read the codes in the outbox; use 127.0.0.1, or no outbox for mail.transport and sms.sender',
  },
  {
    path: 'session.idleSeconds',
    environments: anywhere,
    broken: (look) => Number(look('session.idleSeconds')) > Number(look('session.absoluteSeconds')),
    sentence: 'is longer than session.absoluteSeconds, which ends the session first; lower it',
  },
  ...smsGuards,
  ...factorGuards,
];

export function checkGuards(settings: Tree, report: (path: string, sentence: string) => void): void {
  const look: Look = (path) =>
    path.split('.').reduce<unknown>((tree, key) => (isTree(tree) ? tree[key] : undefined), settings);
  for (const { path, environments, broken, sentence } of guards) {
    if (environments.includes(text(look('environment'))) && broken(look)) report(path, sentence);
  }
}
