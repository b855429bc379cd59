import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';

const people = ['platform', 'protection', 'accounts'];
const proving = [...people, 'delivery', 'factors', 'sign-in'];
const everything = [...proving, 'delivery/senders', 'self-service', 'config', 'storage', 'http', 'oidc', 'routes'];

/** What each room may import of ours, besides itself; from the bottom up. */
const below: Readonly<Record<string, readonly string[]>> = {
  platform: [],
  protection: ['platform'],
  accounts: ['platform', 'protection'],
  delivery: people,
  'delivery/senders': [...people, 'delivery'],
  factors: [...people, 'delivery'],
  'sign-in': [...people, 'delivery', 'factors'],
  'self-service': proving,
  config: ['platform', 'accounts', 'delivery', 'factors'],
  storage: [...proving, 'self-service'],
  http: ['platform', 'protection'],
  oidc: [...people, 'factors', 'sign-in', 'config'],
  routes: [...proving, 'self-service', 'config', 'http', 'oidc', 'delivery/senders'],
  wiring: everything,
  cli: [...everything.filter((room) => room !== 'oidc' && room !== 'routes'), 'wiring'],
};

/** Libraries with one home each. */
const homes: Readonly<Record<string, string>> = {
  mongoose: 'storage',
  'mongodb-memory-server-core': 'storage',
  'oidc-provider': 'oidc',
  nodemailer: 'delivery/senders',
  twilio: 'delivery/senders',
  maxmind: 'delivery/senders',
  'ipaddr.js': 'protection',
  'libphonenumber-js/max': 'accounts',
  argon2: 'accounts',
  otplib: 'factors',
  qrcode: 'factors',
  'koa-views': 'http',
  'culori/require': 'http',
};

const files = globSync('src/**/*.ts');
const roomOf = (file: string) => /^src\/(delivery\/senders|[^/]+)\//.exec(file)?.[1] ?? '';
const importsOf = (file: string) =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, name]) => String(name));

test('imports point down only', () => {
  const wrong = files.flatMap((file) => {
    const allowed = below[roomOf(file)];
    if (!allowed) return [];
    const targets = importsOf(file)
      .filter((name) => name.startsWith('.'))
      .map((name) => relative('.', join(dirname(file), name)));
    const foreign = targets.map(roomOf);
    return foreign
      .filter((room) => room !== roomOf(file) && !allowed.includes(room))
      .map((room) => `${file} -> ${room}`);
  });
  assert.deepEqual(wrong, []);
});

test('nothing but the program stands outside of a room', () => {
  const outside = files.filter((file) => below[roomOf(file)] === undefined);
  assert.deepEqual(outside, ['src/main.ts']);
});

test('mongoose, oidc-provider, nodemailer and the other heavy libraries have one home each', () => {
  const wrong = files.flatMap((file) =>
    importsOf(file)
      .filter((name) => homes[name] !== undefined && homes[name] !== roomOf(file))
      .map((name) => `${file} -> ${name}`),
  );
  assert.deepEqual(wrong, []);
});

test('a collection that has a schema is asked for by its rows alone: fields known, filters exact [check 14]', () => {
  const sources = globSync('src/storage/*.ts').map((file) => ({ file, source: readFileSync(file, 'utf8') }));
  const named = sources.flatMap(({ source }) =>
    [...source.matchAll(/storedIn<\w+>\('(\w+)'/g)].map(([, name]) => name),
  );
  assert.deepEqual(named.sort(), [
    ...['accounts', 'attempts', 'consents', 'events', 'links', 'logouts', 'oidc'],
    'remembered_devices',
  ]);
  const around = new RegExp(`\\.model[<(]|collection(<[^(]*>)?\\('(${named.join('|')})'`);
  assert.deepEqual(
    sources.filter(({ source }) => around.test(source)).map(({ file }) => file),
    [],
  );
});

test('only the two programs touch process', () => {
  const touching = files.filter((file) =>
    /\bprocess\.(env|exit|argv|on|once|stdout|stderr)\b/.test(readFileSync(file, 'utf8')),
  );
  assert.deepEqual(touching.sort(), ['src/cli/main.ts', 'src/main.ts']);
});

test('no source file is over 250 lines', () => {
  const long = files.filter((file) => readFileSync(file, 'utf8').split('\n').length > 251);
  assert.deepEqual(long, []);
});
