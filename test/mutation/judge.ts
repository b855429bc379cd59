import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { env, execPath } from 'node:process';
import type { Located } from './mutation.ts';
import type { WorkCopy } from './work-copy.ts';

/** 'red': a test failed. 'survived': none did. 'broken': the tests could not judge it, because it does not run at all. */
export interface Verdict {
  readonly outcome: 'red' | 'survived' | 'broken';
  /** The failed test, or what is broken. */
  readonly told: string;
}

/** Ends the tests under way; what was begun is cleared away by whoever began it. */
export const interrupted = new AbortController();

const reporter = join(import.meta.dirname, 'reporter.ts');
const longestTestMilliseconds = 90_000;
/** Beside that the whole of a run, and more of it for each file: before the first line is taken out they are all run at once. */
const longestMilliseconds = 300_000;
const longestFileMilliseconds = 15_000;

/** Takes the lines out, runs the tests and puts the lines back. */
export function judge(copy: WorkCopy, mutations: readonly Located[], surroundings: object = {}): Promise<Verdict> {
  return copy.without(mutations, async () => {
    for (const { file } of mutations) {
      const fault = syntaxFault(readFileSync(join(copy.folder, file), 'utf8'));
      if (fault) return { outcome: 'broken', told: `${file}: ${fault}` };
    }
    const tests = [...new Set(mutations.flatMap((mutation) => mutation.tests))];
    return runTests(copy.folder, tests, surroundings);
  });
}

export function syntaxFault(source: string): string | undefined {
  try {
    stripTypeScriptTypes(source);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

interface Failure {
  readonly name: string;
  readonly file: string;
}

/** A file that fails as a whole did not get as far as its tests: an import or a statement of it is broken. */
export async function runTests(folder: string, tests: readonly string[], surroundings: object): Promise<Verdict> {
  const { code, failures } = await nodeTest(folder, tests, surroundings);
  const failed = failures.find(({ name, file }) => !file.endsWith(name));
  if (failed) return { outcome: 'red', told: failed.name };
  if (code === 0) return { outcome: 'survived', told: tests.join(', ') };
  return { outcome: 'broken', told: failures[0]?.name ?? 'the tests did not come to an end' };
}

function nodeTest(folder: string, tests: readonly string[], surroundings: object) {
  const limits = [`--test-timeout=${longestTestMilliseconds}`, '--test-concurrency=1'];
  const flags = ['--disable-warning=ExperimentalWarning', '--test', ...limits, `--test-reporter=${reporter}`];
  // Left in, it tells the inner run that it is a file of the outer one, and nothing is run.
  const { NODE_TEST_CONTEXT: _outer, ...outer } = env;
  return new Promise<{ readonly code: number | null; readonly failures: readonly Failure[] }>((resolve) => {
    const child = spawn(execPath, [...flags, ...tests], {
      cwd: folder,
      // Compiled once for all the runs in this copy: most of a short test's time.
      env: { ...outer, NODE_ENV: 'test', NODE_COMPILE_CACHE: join(folder, '.compiled'), ...surroundings },
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: longestMilliseconds + tests.length * longestFileMilliseconds,
      signal: interrupted.signal,
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.once('error', () => resolve({ code: 1, failures: [] }));
    child.once('close', (code) => resolve({ code, failures: output.split('\n').filter(isRecord).map(toFailure) }));
  });
}

function isRecord(line: string): boolean {
  return line.startsWith('{"name":');
}

function toFailure(line: string): Failure {
  return JSON.parse(line);
}
