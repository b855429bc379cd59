import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Context } from 'koa';
import { savedInput } from '../../src/http/cookies/saved-input.ts';
import { createCipher } from '../../src/platform/cipher.ts';

/** A browser that keeps what it is told to keep. */
function browser() {
  const jar = new Map<string, string>();
  const set = (name: string, value: string | null) => (value === null ? jar.delete(name) : jar.set(name, value));
  const ctx = { cookies: { get: (name: string) => jar.get(name), set } } as unknown as Context;
  return { ctx, jar };
}

function keeping() {
  let time = new Date('2030-01-01T00:00:00Z');
  const now = () => time;
  const cipher = createCipher([{ id: 1, key: Buffer.alloc(32, 1) }]);
  const inputs = savedInput({ cipher, issuer: 'https://login.example.com', now });
  const travel = (seconds: number) => {
    time = new Date(time.getTime() + seconds * 1000);
  };
  return { inputs, travel, cipher, now, ...browser() };
}

const ada = { accountId: 'ada', path: '/account/ways/f1/rename' };

test('what was typed comes back once, to that account and on that page alone [check 78]', () => {
  const { inputs, ctx } = keeping();
  inputs.keep(ctx, ada, { name: 'Work phone' });
  assert.deepEqual(inputs.take(ctx, { ...ada, accountId: 'eve' }), {});
  assert.deepEqual(inputs.take(ctx, { ...ada, path: '/account/ways/f2/rename' }), {});
  assert.deepEqual(inputs.take(ctx, ada), { name: 'Work phone' });
  assert.deepEqual(inputs.take(ctx, ada), {});
});

test('what is read stays there for as long, for its own place alone, in a cookie of its own name', () => {
  const { cipher, ctx, jar, travel, now } = keeping();
  const proofs = savedInput({ cipher, issuer: 'https://login.example.com', now, cookie: 'twofold_proof' });
  proofs.keep(ctx, ada, { change: 'rename_way' });
  assert.deepEqual([...jar.keys()], ['__Host-twofold_proof']);
  assert.deepEqual(proofs.read(ctx, { ...ada, path: 'another' }), {});
  travel(1799);
  assert.deepEqual(proofs.read(ctx, ada), { change: 'rename_way' });
  assert.deepEqual(proofs.read(ctx, ada), { change: 'rename_way' });
  travel(1);
  assert.deepEqual(proofs.read(ctx, ada), {});
});

test('nobody reads it in the cookie, and after half an hour it is nothing any more', () => {
  const { inputs, ctx, jar, travel } = keeping();
  inputs.keep(ctx, ada, { name: 'Work phone' });
  assert.deepEqual([...jar.keys()], ['__Host-twofold_input']);
  assert.doesNotMatch(String([...jar.values()]), /Work/);
  travel(1800);
  assert.deepEqual(inputs.take(ctx, ada), {});
});

test('no more is kept than a browser takes, and an empty form keeps nothing', () => {
  const { inputs, ctx, jar } = keeping();
  for (const input of [{}, { name: 'x'.repeat(3000) }, { name: '\u0001'.repeat(1000) }]) {
    inputs.keep(ctx, ada, input);
    assert.equal(jar.size, 0);
  }
  inputs.keep(ctx, ada, { name: 'x'.repeat(1024), email: 'y'.repeat(1024) });
  assert.ok(String([...jar.values()]).length < 4000);
});

test('what somebody planted is read by nobody', () => {
  const { inputs, ctx, jar } = keeping();
  const { name: __, ...foreign } = { name: 'x', code: '123456' };
  for (const planted of ['', 'x', '1.AAAA', JSON.stringify({ until: 9e15, input: foreign })]) {
    jar.set('__Host-twofold_input', planted);
    assert.deepEqual(inputs.take(ctx, ada), {});
  }
});
