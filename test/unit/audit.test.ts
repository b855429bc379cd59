import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
// @ts-expect-error Plain JavaScript, because it runs on whatever Node is there.
import { audit, faultsOf } from '../../scripts/audit.js';

const today = new Date('2027-01-31T12:00:00Z');
const advisory = (severity: string, id = 'GHSA-aaaa-bbbb-cccc') => ({
  ...{ severity, title: 'Prototype pollution', url: `https://github.com/advisories/${id}` },
});
const told = 'Audit: koa: high, GHSA-aaaa-bbbb-cccc, Prototype pollution';
const faults = (koa: object, excepted: readonly object[] = []) =>
  faultsOf({ koa: { name: 'koa', ...koa } }, excepted, today);

test('a grave fault with a mend at hand is told; a lesser one and one that cannot be mended are not', () => {
  assert.deepEqual(faults({ via: [advisory('high')], fixAvailable: true }), [told]);
  assert.deepEqual(faults({ via: [advisory('high')], fixAvailable: { name: 'koa', version: '4.0.0' } }), [told]);
  assert.equal(faults({ via: [advisory('critical')], fixAvailable: true }).length, 1);
  for (const lesser of ['info', 'low', 'moderate'])
    assert.deepEqual(faults({ via: [advisory(lesser)], fixAvailable: true }), []);
  assert.deepEqual(faults({ via: [advisory('critical')], fixAvailable: false }), []);
});

test('a fault is told of the package that has it, not of all that stand on it', () => {
  assert.deepEqual(faults({ via: ['cookies', advisory('high')], fixAvailable: true }), [told]);
  assert.deepEqual(faults({ via: ['cookies'], fixAvailable: true }), []);
});

test('an exception counts for its own advisory, to the end of its day', () => {
  const koa = { via: [advisory('high')], fixAvailable: true };
  const until = (day: string, id = 'GHSA-aaaa-bbbb-cccc') => faults(koa, [{ advisory: id, until: day, reason: 'x' }]);
  assert.deepEqual(until('2027-01-31'), []);
  assert.deepEqual(until('2027-02-01'), []);
  assert.deepEqual(until('2027-01-30'), [told]);
  assert.deepEqual(until('2027-02-01', 'GHSA-dddd-eeee-ffff'), [told]);
});

test('every exception has an advisory, a day and a reason', () => {
  for (const { advisory: id, until, reason } of JSON.parse(readFileSync('scripts/audit-exceptions.json', 'utf8'))) {
    assert.match(id, /^GHSA(-[0-9a-z]{4}){3}$/);
    assert.match(until, /^20\d\d-[01]\d-[0-3]\d$/);
    assert.match(reason, /\S{3}/);
  }
});

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
/** A package as the registry would have it after the mend. */
function packument(name: string): string {
  const versions = [packages[`node_modules/${name}`]?.version ?? '0.0.1', '99.0.0'];
  const all = versions.map((version) => [version, { name, version, dist: {} }]);
  return JSON.stringify({ name, 'dist-tags': { latest: '99.0.0' }, versions: Object.fromEntries(all) });
}

/** A registry that gives every question about faults the same answer. */
async function registry(t: TestContext, status: number, body: string): Promise<string> {
  const server = createServer((request, response) => {
    const { method, url = '' } = request;
    const [code, answer] = method === 'GET' ? [200, packument(decodeURIComponent(url.slice(1)))] : [status, body];
    request.resume().on('end', () => response.writeHead(code, { 'content-type': 'application/json' }).end(answer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

test('the real npm is asked about the locked packages, and a registry that knows of nothing is fine', async (t) => {
  assert.deepEqual(await audit({ registry: await registry(t, 200, '{}') }), { code: 0, lines: ['Audit: fine'] });
});

test('a grave fault that the registry tells fails the run [check 119]', async (t) => {
  const known = [{ id: 1, ...advisory('high'), vulnerable_versions: '<99' }];
  const { code, lines } = await audit({ registry: await registry(t, 200, JSON.stringify({ koa: known })), today });
  assert.equal(code, 1, lines.join('\n'));
  assert.deepEqual(lines, [told, 'Audit: FAILED, so this run will end with exit code 1']);
});

test('a registry that does not answer such questions is told in one line and fails nothing', async (t) => {
  for (const url of [await registry(t, 405, '{}'), await registry(t, 500, 'out of order'), 'http://127.0.0.1:9/']) {
    const { code, lines } = await audit({ registry: url });
    assert.equal(code, 0);
    assert.equal(lines.length, 1);
    assert.match(lines[0], /^Audit: not looked at, because the registry tells nothing \([^\n]+\)$/);
  }
});
