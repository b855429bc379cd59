import { parseArgs } from 'node:util';

export interface Option {
  /** What stands in place of its value in the help; absent: it is a switch. */
  readonly value?: string;
  /** It may be given more than once. */
  readonly multiple?: true;
  readonly does: string;
}

export type Given = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

export interface Call {
  /** The one operand, where the command takes one. */
  readonly operand: string;
  readonly options: Given;
}

/** What is printed: one or the other. */
export interface Answer {
  readonly lines: readonly string[];
  readonly json: unknown;
}

export interface Command<Context> {
  readonly name: string;
  /** The operand as the help names it: '<account>'. */
  readonly operand?: string;
  readonly does: string;
  readonly options: Readonly<Record<string, Option>>;
  /** Throws a UsageError for options that do not go together; asked before anything is opened. */
  check?(call: Call): void;
  run(call: Call, context: Context): Promise<Answer>;
}

/** It was not called as it can be: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** It was understood and cannot be done: exit code 1. */
export class NotDone extends Error {
  override readonly name = 'NotDone';
}

/** No database where it was looked for, or none that answers: exit code 69. */
export class NoDatabase extends Error {
  override readonly name = 'NoDatabase';
}

const common: Readonly<Record<string, Option>> = {
  json: { does: 'print JSON' },
  help: { does: 'print this and do nothing' },
};

export function optionsOf<Context>(command: Command<Context>): Readonly<Record<string, Option>> {
  return { ...command.options, ...common };
}

/** Reads the arguments that follow the command's name. */
export function readCall<Context>(
  command: Command<Context>,
  args: readonly string[],
): Call & { readonly help: boolean } {
  const declared = Object.entries(optionsOf(command)).map(([name, { value, multiple }]) => {
    const type = value === undefined ? ('boolean' as const) : ('string' as const);
    return [name, { type, multiple: multiple === true }] as const;
  });
  const { values, positionals } = parsed(command.name, args, Object.fromEntries(declared));
  const [operand = '', ...more] = positionals;
  const call = { operand, options: values, help: values.help === true };
  if (call.help) return call;
  if (command.operand !== undefined && operand === '') throw new UsageError(`Name ${command.operand}.`);
  const surplus = command.operand === undefined ? positionals : more;
  if (surplus.length > 0) throw new UsageError(`There is nothing to do with ${surplus.length} more of the arguments.`);
  command.check?.(call);
  return call;
}

type Declared = Readonly<Record<string, { readonly type: 'string' | 'boolean'; readonly multiple: boolean }>>;

/** In words of our own: those of Node quote the arguments, and one may be a password that does not belong there. */
function parsed(name: string, args: readonly string[], options: Declared): { values: Given; positionals: string[] } {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const [option] = /--?[a-z][a-z-]*(?=[\s',]|$)/.exec(message) ?? [];
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION')
      throw new UsageError(`"user ${name}" has no such option${option ? `: ${option}` : ''}.`);
    if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE')
      throw new UsageError(`${option ?? 'An option'} is given in the wrong way: see --help.`);
    throw error;
  }
}

export function textOf(value: Given[string]): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function listOf(value: Given[string]): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
