import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { createCipher } from '../../src/platform/cipher.ts';

const older = { id: 1, key: randomBytes(32) };
const newer = { id: 2, key: randomBytes(32) };

test('what was sealed opens again, also when it is long or not ASCII', () => {
  const cipher = createCipher([older]);
  for (const plain of ['', 'JBSWY3DPEHPK3PXP', 'äöü 🦉'.repeat(1000)]) {
    assert.equal(cipher.open(cipher.seal(plain, 'here'), 'here'), plain);
  }
});

test('[check 99] the same text sealed twice differs, and tells nothing of its text', () => {
  const cipher = createCipher([older]);
  const sealed = Array.from({ length: 100 }, () => cipher.seal('JBSWY3DPEHPK3PXP', 'here'));
  assert.equal(new Set(sealed).size, 100);
  assert.ok(sealed.every((value) => !value.includes('JBSWY3DPEHPK3PXP')));
});

test('[check 99] two rows that swap their sealed values both fail closed', () => {
  const cipher = createCipher([older]);
  const ada = cipher.seal('JBSWY3DPEHPK3PXP', 'account:ada:factor:1');
  const bob = cipher.seal('KRSXG5CTMVRXEZLU', 'account:bob:factor:1');
  assert.throws(() => cipher.open(ada, 'account:bob:factor:1'), /does not belong here/);
  assert.throws(() => cipher.open(bob, 'account:ada:factor:1'), /does not belong here/);
});

test('a sealed value that is altered, cut or foreign is an error, never another text', () => {
  const cipher = createCipher([older]);
  const sealed = cipher.seal('six digits', 'here');
  const bytes = Buffer.from(sealed.slice(2), 'base64url');
  for (let at = 0; at < bytes.length; at += 1) {
    const altered = Buffer.from(bytes);
    altered[at] = (altered[at] ?? 0) ^ 1;
    assert.throws(() => cipher.open(`1.${altered.toString('base64url')}`, 'here'), `byte ${at}`);
  }
  for (const foreign of [
    '',
    'null',
    '1.',
    '1.AAAA',
    sealed.slice(2),
    `2.${sealed.slice(2)}`,
    `1.${sealed.slice(2, 30)}`,
  ]) {
    assert.throws(() => cipher.open(foreign, 'here'), foreign);
  }
  assert.throws(() => createCipher([{ id: 1, key: newer.key }]).open(sealed, 'here'));
});

test('[check 100] after a rotation the new key writes, the old one still reads, and without it its values fail', () => {
  const before = createCipher([older]);
  const sealed = before.seal('secret', 'here');
  const mac = before.mac('123456', 'here');

  const rotated = createCipher([newer, older]);
  assert.equal(rotated.open(sealed, 'here'), 'secret');
  assert.ok(rotated.matchesMac(mac, '123456', 'here'));
  assert.match(rotated.seal('secret', 'here'), /^2\./);
  assert.match(rotated.mac('123456', 'here'), /^2\./);

  const retired = createCipher([newer]);
  assert.throws(() => retired.open(sealed, 'here'), /key 1/);
  assert.equal(retired.matchesMac(mac, '123456', 'here'), false);
});

test('[check 30] a keyed hash fits one value in one context and cannot be made without the key', () => {
  const cipher = createCipher([older]);
  const mac = cipher.mac('123456', 'attempt:a');
  assert.ok(cipher.matchesMac(mac, '123456', 'attempt:a'));
  assert.equal(mac, cipher.mac('123456', 'attempt:a'));
  assert.equal(cipher.matchesMac(mac, '123457', 'attempt:a'), false);
  assert.equal(cipher.matchesMac(mac, '123456', 'attempt:b'), false);
  assert.equal(createCipher([{ ...older, key: newer.key }]).matchesMac(mac, '123456', 'attempt:a'), false);
  for (const odd of ['', '1', '1.', 'null', `${mac}A`, mac.slice(0, -1), mac.slice(2), `01.${mac.slice(2)}`]) {
    assert.equal(cipher.matchesMac(odd, '123456', 'attempt:a'), false, odd);
  }
});

test('sealing and hashing each have a key of their own, and what an earlier release wrote is still read', () => {
  const cipher = createCipher([{ id: 1, key: Buffer.alloc(32, 7) }]);
  assert.equal(cipher.open('1.O0jl2IuYM9ha34IVmbUNEKx3RCWnPsZAI14o1X1YwMMM_dF4WiU', 'here'), 'six digits');
  assert.equal(cipher.mac('123456', 'here'), '1.aNvzCmaeKVw2vGadq2wU1PcsR9cdRGUO5l5oQ29k-z8');
});

test('a tag cut to four bytes, which can be guessed, is no tag', () => {
  const cipher = createCipher([older]);
  const bytes = Buffer.from(cipher.seal('', 'here').slice(2), 'base64url');
  for (const length of [12, 16, 20, 27])
    assert.throws(() => cipher.open(`1.${bytes.subarray(0, length).toString('base64url')}`, 'here'), `${length} bytes`);
});

test('a value that moves a character from its context is hashed differently', () => {
  const cipher = createCipher([older]);
  assert.notEqual(cipher.mac('23', 'a1'), cipher.mac('123', 'a'));
});

test('a cipher without keys, with a short key or with two keys of one number is refused at the start', () => {
  assert.throws(() => createCipher([]), /at least one key/);
  assert.throws(() => createCipher([{ id: 1, key: randomBytes(16) }]), /32 bytes/);
  assert.throws(() => createCipher([older, { ...newer, id: 1 }]), /same number/);
});
