import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Context } from 'koa';
import { openedLinks } from '../../src/http/cookies/opened-link.ts';
import { createCipher } from '../../src/platform/cipher.ts';
import { keys } from '../support/keys.ts';

const start = Date.parse('2030-01-01T00:00:00Z');
const token = 't'.repeat(43);

function browser(issuer = 'https://login.example.com') {
  const clock = { now: start };
  const jar = new Map<string, string>();
  const flags: object[] = [];
  const cookies = {
    get: (name: string) => jar.get(name),
    set(name: string, value: string | null, given: object) {
      flags.push(given);
      if (value === null) jar.delete(name);
      else jar.set(name, value);
    },
  };
  const links = openedLinks({ cipher: createCipher(keys.cipher), issuer, now: () => new Date(clock.now) });
  return { clock, jar, flags, links, ctx: { cookies } as unknown as Context };
}

test('a link that was opened is read in this browser, sealed in a cookie of this host alone', () => {
  const { jar, flags, links, ctx } = browser();
  links.keep(ctx, 'reset', token);
  assert.equal(links.read(ctx, 'reset')?.token, token);
  const [[name, value] = ['', '']] = [...jar];
  assert.equal(name, '__Host-twofold_link_reset');
  assert.ok(!value.includes(token));
  assert.deepEqual(flags, [
    { signed: false, secure: true, httpOnly: true, sameSite: 'lax', path: '/', overwrite: true, maxAge: 3_600_000 },
  ]);
});

test('each purpose has its own, and one is not taken for another', () => {
  const { jar, links, ctx } = browser();
  links.keep(ctx, 'reset', token);
  links.keep(ctx, 'invite', 'i'.repeat(43));
  assert.equal(links.read(ctx, 'reset')?.token, token);
  jar.set('__Host-twofold_link_invite', jar.get('__Host-twofold_link_reset') ?? '');
  assert.equal(links.read(ctx, 'invite'), undefined);
});

test('it is kept for an hour', () => {
  const { clock, links, ctx } = browser();
  links.keep(ctx, 'reset', token);
  clock.now = start + 3_600_000 - 1;
  assert.ok(links.read(ctx, 'reset'));
  clock.now = start + 3_600_000;
  assert.equal(links.read(ctx, 'reset'), undefined);
});

test('what holds it is random, the same while the same link is opened again, and another for another link', () => {
  const [one, two] = [browser(), browser()];
  for (const { links, ctx } of [one, two]) links.keep(ctx, 'reset', token);
  const first = one.links.read(one.ctx, 'reset')?.holder;
  assert.match(first ?? '', /^[\w-]{43}$/);
  assert.notEqual(two.links.read(two.ctx, 'reset')?.holder, first);
  one.links.keep(one.ctx, 'reset', token);
  assert.equal(one.links.read(one.ctx, 'reset')?.holder, first);
  one.links.keep(one.ctx, 'reset', 'u'.repeat(43));
  assert.notEqual(one.links.read(one.ctx, 'reset')?.holder, first);
});

test('forgotten, it is gone', () => {
  const { links, ctx } = browser();
  links.keep(ctx, 'reset', token);
  links.forget(ctx, 'reset');
  assert.equal(links.read(ctx, 'reset'), undefined);
});
