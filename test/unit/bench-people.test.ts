import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScureBase32Plugin } from 'otplib';
import { type Clock, emailOf, mailedEmailOf, peopleOf, secretBytesOf, secretOf, totpCode } from '../../bench/people.ts';
import { matchedStep } from '../../src/factors/totp-match.ts';

const second = 1_000;

/** A clock that nobody waits by: a pause moves it. */
function movingClock(now: number): Clock & { now(): number; move(milliseconds: number): void; pauses: number[] } {
  let at = now;
  const pauses: number[] = [];
  return {
    pauses,
    now: () => at,
    move(milliseconds) {
      at += milliseconds;
    },
    async pause(milliseconds) {
      pauses.push(milliseconds);
      at += milliseconds;
    },
  };
}

test('the code is that of RFC 6238, appendix B', () => {
  const secret = Buffer.from('12345678901234567890');
  const codes = [
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ] as const;
  for (const [time, code] of codes) assert.equal(totpCode(secret, time * second), code, String(time));
});

test("a person's code is one that Twofold takes, of the secret that was seeded", async () => {
  const clock = movingClock(1_700_000_000 * second);
  const one = await peopleOf(3, clock).next();
  const secret = secretOf(emailOf(one.number));
  const step = matchedStep({ secret, code: one.code(), now: new Date(clock.now()) });
  assert.equal(step, Math.floor(1_700_000_000 / 30));
});

test('both spellings of a secret are the same bytes, and everybody has another', () => {
  const email = emailOf(12);
  assert.deepEqual(Buffer.from(new ScureBase32Plugin().decode(secretOf(email))), secretBytesOf(email));
  assert.equal(secretBytesOf(email).length, 20);
  const everybody = [0, 1, 2].flatMap((number) => [secretOf(emailOf(number)), secretOf(mailedEmailOf(number))]);
  assert.equal(new Set(everybody).size, 6);
});

test('people come one after the other, and begin again', async () => {
  const clock = movingClock(0);
  const people = peopleOf(3, clock);
  const numbers: number[] = [];
  for (let count = 0; count < 7; count += 1) {
    numbers.push((await people.next()).number);
    clock.move(15 * second);
  }
  assert.deepEqual(numbers, [0, 1, 2, 0, 1, 2, 0]);
  assert.equal(people.waitedMs, 0);
});

test('who used the code of this time step is waited for, and the wait is told', async () => {
  const clock = movingClock(10 * second);
  const people = peopleOf(2, clock);
  await people.next();
  await people.next();
  const third = await people.next();
  assert.equal(third.number, 0);
  assert.deepEqual(clock.pauses, [20 * second]);
  assert.equal(clock.now(), 30 * second);
  assert.equal(people.waitedMs, 20 * second);
});

test('after the wait the next ones are free again', async () => {
  const clock = movingClock(0);
  const people = peopleOf(2, clock);
  for (let count = 0; count < 4; count += 1) await people.next();
  assert.deepEqual(clock.pauses, [30 * second]);
});

test('the step in which a code was typed is the one that is used up, not that in which its owner came', async () => {
  const clock = movingClock(29 * second);
  const people = peopleOf(1, clock);
  const first = await people.next();
  clock.move(2 * second);
  const code = first.code();
  const again = await people.next();
  assert.deepEqual(clock.pauses, [29 * second]);
  assert.notEqual(again.code(), code);
});

test('two who come at once are two people', async () => {
  const people = peopleOf(2, movingClock(0));
  const both = await Promise.all([people.next(), people.next()]);
  assert.deepEqual(
    both.map(({ number }) => number),
    [0, 1],
  );
});
