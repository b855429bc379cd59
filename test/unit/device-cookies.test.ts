import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Context } from 'koa';
import { deviceCookies } from '../../src/http/cookies/device-cookies.ts';
import { createCipher } from '../../src/platform/cipher.ts';
import { deviceSecrets } from '../../src/sign-in/device/device-secrets.ts';

const key = (id: number) => ({ id, key: Buffer.alloc(32, id) });
const issuer = 'https://login.example.com';
const held = { id: 'a-device-of-16-letters', secret: 's'.repeat(43) };
const until = new Date('2030-01-31T00:00:00Z');

/** A browser that sends what it was told to keep, in the order in which it came. */
function browser(keys = [key(1)], given = issuer) {
  const jar = new Map<string, string>();
  const flags = new Map<string, object>();
  const open = (cipherKeys: Parameters<typeof createCipher>[0]) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const set = (name: string, value: string | null, told: object) => {
      flags.set(name, told);
      if (value === null) jar.delete(name);
      else jar.set(name, value);
    };
    const ctx = { req: { headers: { cookie } }, cookies: { set } } as unknown as Context;
    return deviceCookies({ cipher: createCipher(cipherKeys), issuer: given })(ctx);
  };
  return { jar, flags, request: (cipherKeys = keys) => open(cipherKeys) };
}

test('the cookie is __Host-, Secure, HttpOnly and Lax, and is kept to the device’s end [check 52]', () => {
  const { jar, flags, request } = browser();
  request().write('ada', held, until);
  const [name = ''] = jar.keys();
  assert.match(name, /^__Host-twofold_device_/);
  const shared = { signed: false, secure: true, httpOnly: true, sameSite: 'lax', path: '/', overwrite: true };
  assert.deepEqual(flags.get(name), { ...shared, expires: until });
  assert.match([...browser([key(1)], 'http://localhost:3000').jar.keys()].join(), /^$/);
});

test('neither its name nor its value tells whose it is, or what it holds [check 52]', () => {
  const { jar, request } = browser();
  request().write('ada', held, until);
  const sent = JSON.stringify([...jar]);
  for (const told of ['ada', held.id, held.secret, Buffer.from('ada').toString('base64url')]) {
    assert.ok(!sent.includes(told), told);
  }
  const other = browser([key(2)]);
  other.request().write('ada', held, until);
  assert.notEqual([...other.jar.keys()][0], [...jar.keys()][0], 'the name is keyed');
});

test('each account has its own, and reads no other’s, even where the value is put under its name [check 49]', () => {
  const { jar, request } = browser();
  request().write('ada', held, until);
  request().write('eve', { ...held, id: 'another-of-16-letters' }, until);
  assert.equal(jar.size, 2);
  assert.deepEqual(request().read('ada'), held);
  assert.equal(request().read('eve')?.id, 'another-of-16-letters');
  assert.equal(request().read('bob'), undefined);
  const [adas = '', eves = ''] = jar.keys();
  jar.set(eves, jar.get(adas) ?? '');
  assert.equal(request().read('eve'), undefined);
  request().clear('ada');
  assert.deepEqual([...jar.keys()], [eves]);
});

test('any byte that is altered makes it none [check 47]', () => {
  const { jar, request } = browser();
  request().write('ada', held, until);
  const [[name, value] = ['', '']] = [...jar];
  for (let place = 0; place < value.length - 1; place += 1) {
    jar.set(name, `${value.slice(0, place)}${value[place] === 'A' ? 'B' : 'A'}${value.slice(place + 1)}`);
    assert.equal(request().read('ada'), undefined, String(place));
  }
  jar.set(name, value);
  assert.deepEqual(request().read('ada'), held);
});

test('a new key writes, and what an older one wrote is read and replaced', () => {
  const { jar, request } = browser();
  request().write('ada', held, until);
  const [before] = jar.keys();
  const rotated = () => request([key(2), key(1)]);
  assert.deepEqual(rotated().read('ada'), held);
  rotated().write('ada', held, until);
  assert.equal(jar.size, 1);
  assert.notEqual([...jar.keys()][0], before);
  assert.equal(request([key(3)]).read('ada'), undefined);
});

test('a shared computer holds eight: the oldest is let go', () => {
  const { jar, request } = browser();
  for (let n = 1; n <= 10; n += 1) request().write(`account ${n}`, held, until);
  assert.equal(jar.size, 8);
  const kept = Array.from({ length: 10 }, (_, n) => request().read(`account ${n + 1}`) !== undefined);
  assert.deepEqual(kept, [false, false, ...Array(8).fill(true)]);
  request().write('account 5', held, until);
  assert.equal(jar.size, 8, 'one that is there already costs none');
});

test('a secret has 256 random bits, and the one that follows is the same each time, and another for each device and key [check 47]', () => {
  const secrets = deviceSecrets({ cipher: createCipher([key(1)]) });
  const begun = Array.from({ length: 1000 }, () => secrets.begin());
  assert.equal(new Set(begun).size, 1000);
  for (const secret of begun) assert.equal(Buffer.from(secret, 'base64url').length, 32);
  const next = secrets.after(held);
  assert.equal(secrets.after(held), next);
  assert.ok(!next.includes(held.secret));
  const others = [
    secrets.after({ ...held, id: 'another-of-16-letters' }),
    secrets.after({ ...held, secret: next }),
    deviceSecrets({ cipher: createCipher([key(2)]) }).after(held),
  ];
  assert.equal(new Set([next, ...others]).size, 4);
});
