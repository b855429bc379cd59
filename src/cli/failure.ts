import { ConfigError } from '../config/faults.ts';
import { NoDatabase, NotDone, UsageError } from './command.ts';
import { printedJson, printedLines } from './printed.ts';

export interface Failure {
  /** A fixed word for programs; the exit code says the same. */
  readonly code: 'refused' | 'usage' | 'no_database' | 'configuration' | 'failed';
  readonly exitCode: number;
  readonly message: string;
  /** Of a configuration: all that is wrong with it. */
  readonly faults?: readonly string[];
}

/** 69 and 78 are EX_UNAVAILABLE and EX_CONFIG of sysexits.h. */
export const exitCodes = { refused: 1, failed: 1, usage: 2, no_database: 69, configuration: 78 } as const;

export function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof ConfigError)
    return failure('configuration', 'Twofold cannot work with this configuration', error.faults);
  if (error instanceof NoDatabase) return failure('no_database', message);
  if (error instanceof UsageError) return failure('usage', message);
  return failure(error instanceof NotDone ? 'refused' : 'failed', message);
}

function failure(code: Failure['code'], message: string, faults?: readonly string[]): Failure {
  return { code, exitCode: exitCodes[code], message, ...(faults ? { faults } : {}) };
}

/** What goes to standard error: with --json one object on one line, so that a program never meets a sentence. */
export function complaint({ code, message, faults }: Failure, json: boolean): string {
  if (json) return printedJson({ error: { code, message, faults } }, 0);
  const lines = faults ? [`${message}:`, ...faults.map((fault) => `- ${fault}`)] : message.split('\n');
  return printedLines(lines);
}

/** Something that did not stop the command. */
export function warning(sentence: string, json: boolean): string {
  return json ? printedJson({ warning: sentence }, 0) : printedLines([sentence]);
}

/** Asked before the arguments are read, because how they are wrong is told in JSON too. */
export function wantsJson(args: readonly string[]): boolean {
  return args.some((arg) => arg === '--json' || arg.startsWith('--json='));
}
