import assert from 'node:assert/strict';
import test from 'node:test';
import argon2 from 'argon2';
import { argon2Parameters, createPasswords } from '../../src/accounts/password.ts';
import { Problem } from '../../src/platform/problem.ts';

const quick = { memoryKib: 64, passes: 1, lanes: 1 };
const bounds = { concurrency: 2, queue: 100 };
const passwords = createPasswords({ ...bounds, parameters: quick });

test('a stored password is argon2id with m=19456 t=2 p=1, and two with the same password differ [check 1]', async () => {
  const real = createPasswords(bounds);
  const [one, other] = await Promise.all([real.hash('correct horse'), real.hash('correct horse')]);
  assert.match(one, /^\$argon2id\$v=19\$m=19456,p=1,t=2\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  assert.notEqual(one, other);
  assert.equal(await real.verify(async () => one, 'correct horse'), true);
  assert.equal(await real.verify(async () => one, 'correct horsf'), false);
});

test('nothing of a password is cut or changed but for NFC [check 3]', async () => {
  const long = 'x'.repeat(99);
  const hash = await passwords.hash(`${long}y`);
  assert.equal(await passwords.verify(async () => hash, `${long}y`), true);
  assert.equal(await passwords.verify(async () => hash, `${long}z`), false);
  assert.equal(await passwords.verify(async () => hash, `${long}Y`), false);
  assert.equal(await passwords.verify(async () => hash, `${long}y `), false);

  const withNul = await passwords.hash('secret\0one');
  assert.equal(await passwords.verify(async () => withNul, 'secret\0two'), false);
  assert.equal(await passwords.verify(async () => withNul, 'secret'), false);
  assert.equal(await passwords.verify(async () => withNul, 'secret\0one'), true);

  const accent = await passwords.hash('caf\u00e9 au lait');
  assert.equal(await passwords.verify(async () => accent, 'cafe\u0301 au lait'), true);
  const wide = await passwords.hash('ｐａｓｓｗｏｒｄｓ');
  assert.equal(await passwords.verify(async () => wide, 'passwords'), false);
});

test('odd stored hashes and odd input are a wrong password, never a success and never an error [check 8]', async () => {
  const plain = { type: argon2.argon2id, memoryCost: 64, timeCost: 1, parallelism: 1 } as const;
  const hash = await passwords.hash('correct horse');
  const [, , , , salt, digest] = hash.split('$');
  const odd = [
    undefined,
    '',
    'correct horse',
    'undefined',
    '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy',
    await argon2.hash('correct horse', { ...plain, type: argon2.argon2i }),
    await argon2.hash('correct horse', { ...plain, type: argon2.argon2d }),
    hash.replace('$v=19', ''),
    hash.replace('v=19', 'v=16'),
    hash.replace('m=64', 'm=0'),
    hash.replace('m=64', 'm=9999999'),
    hash.replace('m=64', 'm=99999999999'),
    hash.replace('m=64', 'm=07'),
    hash.replace('t=1', 't=0'),
    hash.replace('t=1', 't=9999999'),
    hash.replace('t=1', 'm=64'),
    hash.replace('p=1', 'p=0'),
    hash.replace('p=1', 'p=99'),
    hash.replace('p=1', 'p=1,data=AAAA'),
    hash.replace(`$${digest}`, ''),
    hash.replace(`$${digest}`, '$'),
    hash.replace(`$${salt}`, '$'),
    `${hash}\n`,
    ` ${hash}`,
    hash.slice(0, -30),
  ];
  for (const stored of odd) assert.equal(await passwords.verify(async () => stored, 'correct horse'), false, stored);

  const empty = await argon2.hash('', plain);
  assert.equal(await passwords.verify(async () => empty, ''), false);
  await assert.rejects(passwords.hash(''), TypeError);

  const replaced = await argon2.hash('broken \ufffd', plain);
  assert.equal(await passwords.verify(async () => replaced, 'broken \ud800'), false);
  await assert.rejects(passwords.hash('broken \ud800'), TypeError);
});

test('an older hash is told apart, and so is what is no hash of ours [check 7]', async () => {
  const strong = createPasswords({ ...bounds, parameters: { ...quick, passes: 2 } });
  const weak = await passwords.hash('correct horse');
  assert.equal(passwords.needsRehash(weak), false);
  assert.equal(strong.needsRehash(weak), true);
  assert.equal(await strong.verify(async () => weak, 'correct horse'), true);
  assert.equal(strong.needsRehash(await strong.hash('correct horse')), false);
  assert.equal(strong.needsRehash('$2b$10$something'), true);
});

test('a missing, foreign or malformed hash costs exactly one hash of the usual parameters [check 10]', async (t) => {
  const verify = t.mock.method(argon2, 'verify');
  const usual = await passwords.hash('correct horse');
  for (const stored of [usual, undefined, '', '$2b$10$foreign', `${usual}x$`])
    await passwords.verify(async () => stored, 'wrong');
  await passwords.verify(async () => usual, '');
  const costs = verify.mock.calls.map(({ arguments: [digest] }) => costOf(String(digest)));
  assert.deepEqual(costs, Array(6).fill('argon2id v=19 m=64 p=1 t=1'));
});

function costOf(digest: string): string {
  const [, variant, version, parameters = ''] = digest.split('$');
  return [variant, version, ...parameters.split(',').toSorted()].join(' ');
}

test('an unknown account takes as long as a known one [check 10]', async () => {
  const real = createPasswords(bounds);
  const stored = await real.hash('correct horse');
  const timed = async (hash: string | undefined) => {
    const start = performance.now();
    await real.verify(async () => hash, 'wrong');
    return performance.now() - start;
  };
  // Whatever else the machine does only makes things slower, and not five times over: without the decoy the answer takes
  // microseconds every time.
  const seen: number[] = [];
  for (let series = 0; series < 5; series += 1) {
    const best = { known: Number.POSITIVE_INFINITY, unknown: Number.POSITIVE_INFINITY };
    for (let round = 0; round < 15; round += 1) {
      best.known = Math.min(best.known, await timed(stored));
      best.unknown = Math.min(best.unknown, await timed(undefined));
    }
    const ratio = best.unknown / best.known;
    if (ratio > 0.6 && ratio < 1.7) return;
    seen.push(ratio);
  }
  assert.fail(`unknown / known = ${seen}`);
});

test('a flood of sign-ins is answered with "busy" instead of being kept [check 110]', async () => {
  const small = createPasswords({ concurrency: 1, queue: 2, parameters: quick });
  const answers = await Promise.allSettled(
    Array.from({ length: 20 }, () => small.verify(async () => undefined, 'wrong')),
  );
  const refused = answers.filter((answer) => answer.status === 'rejected');
  assert.equal(refused.length, 17);
  for (const { reason } of refused) assert.ok(reason instanceof Problem && reason.status === 503);
  assert.equal(await small.verify(async () => undefined, 'wrong'), false);
});

test('who is told to come back has lost no guess: it is taken only once there is a place to judge it in [check 13] [check 110]', async () => {
  const small = createPasswords({ concurrency: 1, queue: 2, parameters: quick });
  let taken = 0;
  const takeGuess = async () => {
    taken += 1;
    return undefined;
  };
  await Promise.allSettled(Array.from({ length: 20 }, () => small.verify(takeGuess, 'wrong')));
  assert.equal(taken, 3);
});

test('the parameters are ones that ASVS 5.0 names [check 1]', () => {
  assert.deepEqual(argon2Parameters, { memoryKib: 19_456, passes: 2, lanes: 1 });
});
