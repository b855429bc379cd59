import { createHash, createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ScureBase32Plugin } from 'otplib';

export const person = { password: 'a walrus in the attic' };

const secrets = { client_secret: 'a-secret-of-at-least-22-characters' };

export const benchClient = { ...secrets, client_id: 'bench', redirect_uris: ['http://localhost:4999/callback'] };
/** Another client of the same people: single sign-on leads to it. */
export const secondClient = { ...secrets, client_id: 'second', redirect_uris: ['http://localhost:4998/callback'] };

export type BenchClient = typeof benchClient;

export function emailOf(number: number): string {
  return `person-${number}@example.com`;
}

/** Somebody whose second factor is a code by mail. */
export function mailedEmailOf(number: number): string {
  return `reader-${number}@example.com`;
}

/** 160 bits from the address, so that neither side has to be told. */
export function secretBytesOf(email: string): Buffer {
  return createHash('sha1').update(email).digest();
}

export function secretOf(email: string): string {
  return new ScureBase32Plugin().encode(secretBytesOf(email));
}

const stepMilliseconds = 30_000;
const stepAt = (time: number) => Math.floor(time / stepMilliseconds);

/** RFC 6238 by hand: the driver must cost as little as it can. */
export function totpCode(secret: Uint8Array, time: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(stepAt(time)));
  const hash = createHmac('sha1', secret).update(counter).digest();
  const offset = (hash.at(-1) ?? 0) & 15;
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

export interface Person {
  readonly number: number;
  /** The code of the app, of the moment in which it is typed. */
  code(): string;
}

export interface People {
  /** One after the other, and only who has not used the code of this time step: it is accepted once. */
  next(): Promise<Person>;
  /** How long next() had to wait because there are too few for the rate; a rate above zero of it is not the server's. */
  readonly waitedMs: number;
}

export interface Clock {
  now(): number;
  pause(milliseconds: number): Promise<unknown>;
}

export function peopleOf(count: number, clock: Clock = { now: Date.now, pause }): People {
  const usedSteps = new Map<number, number>();
  let turn = 0;
  let waitedMs = 0;
  const use = (number: number) => {
    const now = clock.now();
    usedSteps.set(number, stepAt(now));
    return now;
  };
  return {
    get waitedMs() {
      return waitedMs;
    },
    async next() {
      const number = turn++ % count;
      const now = clock.now();
      if (usedSteps.get(number) === stepAt(now)) {
        const wait = stepMilliseconds - (now % stepMilliseconds);
        waitedMs += wait;
        await clock.pause(wait);
      }
      use(number);
      return { number, code: () => totpCode(secretBytesOf(emailOf(number)), use(number)) };
    },
  };
}
