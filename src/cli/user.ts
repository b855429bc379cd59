import type { Command } from './command.ts';
import type { Context } from './context.ts';
import { disable, enable, remove, resetFactors, roles, unlock } from './user-change.ts';
import { create } from './user-create.ts';
import { pass } from './user-pass.ts';
import { password } from './user-password.ts';
import { list, show } from './user-read.ts';
import { sessions } from './user-sessions.ts';

/** In the order of the help. */
export const userCommands: readonly Command<Context>[] = [
  ...[create, list, show, disable, enable, roles],
  ...[unlock, password, pass, resetFactors, sessions, remove],
];
