import { UsageError } from './command.ts';

const shape = /^[a-z][a-z0-9_-]{0,39}$/;

/** Plain words: a role is compared, printed and written into events. */
export function checkRoles(roles: readonly string[]): void {
  if (roles.every((role) => shape.test(role))) return;
  throw new UsageError('A role is a word of at most 40 small letters, digits, hyphens and underscores.');
}
