import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashId } from '../../src/platform/hash.ts';

test('an id is hashed by SHA-256 as base64url', () => {
  // FIPS 180-4, the example of one block.
  const abc = Buffer.from('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', 'hex');
  assert.equal(hashId('abc'), abc.toString('base64url'));
});

test('a missing id has no hash [check 15]', () => {
  for (const missing of [undefined, null, '', 0, ['abc'], { $ne: '' }]) {
    assert.throws(() => hashId(missing as unknown as string), TypeError);
  }
});
