import { longestTyped } from '../platform/plain-text.ts';

type Input = Readonly<Record<string, string>>;

/**
 * What a person may type into each field, in characters as people count them: code points of the normal form in which they are
 * judged and kept. Whoever pastes more is told at the field; whatever else a form carries is ours, and bounded where it is read.
 */
const most: Readonly<Record<string, number>> = {
  identifier: longestTyped,
  email: longestTyped,
  username: longestTyped,
  password: longestTyped,
  code: longestTyped,
  phone: longestTyped,
  name: 60,
};

export interface TooLong {
  readonly field: string;
  readonly code: string;
  readonly params: { readonly max: number };
}

export function isTyped(field: string): boolean {
  return Object.hasOwn(most, field);
}

/** The fields that hold more than they may; undefined: none does. */
export function tooLong(
  input: Input,
): { readonly outcome: 'refused'; readonly refusals: readonly TooLong[] } | undefined {
  const refusals = Object.entries(input).flatMap(([field, value]) => {
    const max = most[field];
    if (max === undefined || !exceeds(value, max)) return [];
    return [{ field, code: field === 'password' ? 'password_long' : 'too_long', params: { max } }];
  });
  return refusals.length > 0 ? { outcome: 'refused', refusals } : undefined;
}

/** Without what is too long: for what is kept elsewhere than in the page. */
export function withinLengths(input: Input): Input {
  return Object.fromEntries(Object.entries(input).filter(([field, value]) => !exceeds(value, most[field] ?? Infinity)));
}

function exceeds(value: string, max: number): boolean {
  return value.length > max && [...value.normalize('NFC')].length > max;
}
