import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execPath } from 'node:process';
import type { Located } from './mutation.ts';
import type { WorkCopy } from './work-copy.ts';

/** What is left unused by a line that was taken out is no fault of the one who takes it out. */
const lenient = ['--noUnusedLocals', 'false', '--noUnusedParameters', 'false'];

/**
 * The entries that the compiler refuses, each with its reason: nobody could bring such a fault in unseen, so a test that fails on it
 * shows nothing. Asked in rounds with one entry of each file, because one question costs seconds.
 */
export async function refusedByTypes(
  copy: WorkCopy,
  mutations: readonly Located[],
): Promise<ReadonlyMap<Located, string>> {
  const refused = new Map<Located, string>();
  for (const round of rounds(mutations)) {
    const lines = await copy.without(round, () => typeFaults(copy.folder));
    for (const line of lines) {
      const mutation = round.find(({ file }) => line.startsWith(`${file}(`)) ?? round[0];
      if (mutation && !refused.has(mutation)) refused.set(mutation, line);
    }
  }
  return refused;
}

function rounds(mutations: readonly Located[]): readonly (readonly Located[])[] {
  const byFile = [...Map.groupBy(mutations, ({ file }) => file).values()];
  const most = Math.max(0, ...byFile.map((ofFile) => ofFile.length));
  return Array.from({ length: most }, (_, round) => byFile.flatMap((ofFile) => ofFile.slice(round, round + 1)));
}

function typeFaults(folder: string): Promise<readonly string[]> {
  const compiler = join(folder, 'node_modules', 'typescript', 'bin', 'tsc');
  // The tests need not be understood anew: a line that breaks a file's own users in src/ is refused there.
  const project = join(folder, 'tsconfig.mutation.json');
  writeFileSync(project, JSON.stringify({ extends: './tsconfig.json', include: ['src'] }));
  const args = [compiler, '--noEmit', '--pretty', 'false', '-p', project, ...lenient];
  return new Promise((resolve) => {
    const child = spawn(execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.once('close', () => resolve(output.split('\n').filter((line) => /\(\d+,\d+\): error /.test(line))));
  });
}
