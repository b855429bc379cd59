import { randomBytes } from 'node:crypto';
import { z } from 'zod';

/** Without I, L, O and U, which are read as others (Crockford's base 32): five bits a letter. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 80 bits: NIST SP 800-63B-4 section 4.2.1.1 asks for 64. */
const letters = 16;
const shape = new RegExp(`^[${alphabet}]{${letters}}$`);

/** A code that is written down: 16 letters and digits, 80 random bits. */
export function newLongCode(): string {
  // 32 letters: the five low bits of a random byte are one of them, each as likely.
  return [...randomBytes(letters)].map((byte) => alphabet.charAt(byte & 31)).join('');
}

/** In readable groups, such as K7M4-9QWT-X2HD-5VNP. */
export function grouped(code: string): string {
  return code.replace(/(.{4})(?=.)/g, '$1-');
}

/** `sentence`: its code, for whatever is no such code. */
export function longCodeField(sentence: string) {
  return z.string(sentence).transform(tidyLongCode).pipe(z.string().regex(shape, sentence));
}

/** Case, blanks and hyphens do not count, and what is read as another letter is that letter. */
export function tidyLongCode(typed: string): string {
  return typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Z}\p{Cf}\p{Pd}\u2212]/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
}
