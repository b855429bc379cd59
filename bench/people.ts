import { createHash } from 'node:crypto';
import { ScureBase32Plugin } from 'otplib';

export const person = { password: 'a walrus in the attic' };
/** So many that nobody signs in twice within one time step. */
export const people = 6_000;

export const benchClient = {
  client_id: 'bench',
  client_secret: 'a-secret-of-at-least-22-characters',
  redirect_uris: ['http://localhost:4999/callback'],
};

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
