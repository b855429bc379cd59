import { hashId } from '../platform/hash.ts';
import type { AwaitedCode, CodeHolder, DeliveredCode } from './code.ts';

/**
 * Names everything that must be the same where a code counts: browser, account, purpose, courier, destination and, where it
 * proves a factor, that one. It is part of the code's keyed hash, so that no other browser, account, purpose or destination
 * makes it right, and what a code is found by when a newer sign-in of the same person asks for one that may not be sent.
 */
export function bindingOf({ id, browser, accountId = '' }: CodeHolder, awaited: AwaitedCode): string {
  const { purpose, courier, destination, factorId = '' } = awaited;
  const where = browser === undefined ? ['sign-in', id] : ['browser', browser]; // guard: code-own-browser
  // What is being set up has an id of its own in each sign-in.
  const proves = purpose === 'enrolment' ? '' : factorId; // guard: code-own-factor
  return hashId(JSON.stringify([...where, accountId, purpose, courier, destination, proves])); // guard: code-own-binding
}

/** It was sent for the same, and may still be entered. */
export function stands(
  code: DeliveredCode | undefined,
  { binding, tries, now }: { readonly binding: string; readonly tries: number; readonly now: Date },
): code is DeliveredCode {
  return code !== undefined && code.binding === binding && code.tries < tries && code.expiresAt > now; // guard: foreign-code-not-standing, spent-code-not-standing, ended-code-not-standing
}
