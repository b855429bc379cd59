import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { contender, type Surroundings, sum, writeClients } from '../../bench/servers.ts';
import { loadConfig } from '../../src/config/config.ts';
import { makeKeys } from '../../src/oidc/keys.ts';

const keys = makeKeys();
const post = { port: 2525, codeFor: async () => '000000' };

function surroundings(t: TestContext): Surroundings {
  const folder = mkdtempSync(join(tmpdir(), 'twofold-bench-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return { uri: 'mongodb://127.0.0.1:27017', keys, clients: writeClients(folder), post, processes: 3 };
}

test('a floor knows the signing keys and, the second one, the database', (t) => {
  const given = surroundings(t);
  const [one, two] = [contender('floorOne', given), contender('floorTwo', given)];
  assert.deepEqual(one.env, { TWOFOLD_JWKS: JSON.stringify(keys.jwks) });
  assert.deepEqual(two.env, { TWOFOLD_JWKS: JSON.stringify(keys.jwks), BENCH_MONGODB_URI: given.uri });
  for (const { program, target } of [one, two]) {
    assert.equal(program, 'bench/floor.ts');
    assert.deepEqual([target.forgery, target.ports.length, target.post], [false, 1, undefined]);
  }
});

test('Twofold starts with these settings: both clients of ours, everything it makes by itself given', (t) => {
  const { env, program, target } = contender('twofold', surroundings(t));
  assert.equal(program, 'src/main.ts');
  const config = loadConfig({ env: { ...env, TWOFOLD_PORT: String(target.ports[0]) } });
  assert.equal(config.issuer, `http://localhost:${config.port}`);
  assert.deepEqual(
    config.clients.map(({ clientId, firstParty, redirectUris }) => [clientId, firstParty, redirectUris]),
    [
      ['bench', true, ['http://localhost:4999/callback']],
      ['second', true, ['http://localhost:4998/callback']],
    ],
  );
  assert.deepEqual([config.keys.jwks, config.keys.cookies, config.keys.cipher], [keys.jwks, keys.cookies, keys.cipher]);
  assert.deepEqual([config.mail.transport, config.mail.smtp.port], ['smtp', 2525]);
  assert.deepEqual([config.registration.open, config.secondFactor, config.log.level], [true, 'required', 'info']);
  assert.ok(config.addressLimits.authorizationsPerMinute >= 100_000, 'one address is everybody here');
});

test('several processes have a port each, one issuer and one set of keys', (t) => {
  const { env, target } = contender('processes', surroundings(t));
  assert.equal(new Set(target.ports).size, 3);
  assert.equal(env.TWOFOLD_ISSUER, `http://localhost:${target.ports[0]}`);
  assert.equal(env.TWOFOLD_PORT, undefined, 'is each process its own');
});

test('every server has ports of its own, and Twofold a mailbox', (t) => {
  const given = surroundings(t);
  const names = ['floorOne', 'floorTwo', 'twofold', 'byMail', 'processes', 'heap'] as const;
  const all = names.map((name) => contender(name, given));
  const ports = all.flatMap(({ target }) => target.ports);
  assert.equal(new Set(ports).size, ports.length);
  assert.deepEqual(
    all.map(({ target }) => target.post === post),
    [false, false, true, true, true, true],
  );
});

test('a sum is of what is asked of each', () => {
  assert.equal(
    sum([{ pid: 1 }, { pid: 41 }], ({ pid }) => pid),
    42,
  );
  assert.equal(
    sum([], () => 1),
    0,
  );
});
