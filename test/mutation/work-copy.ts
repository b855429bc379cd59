import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Located, mutated } from './mutation.ts';

/** A copy of the project in which lines may be taken out: the work tree itself is never touched. */
export interface WorkCopy {
  readonly folder: string;
  /** Runs `work` while the lines are out, then puts every file back as it was. */
  without<T>(mutations: readonly Located[], work: () => Promise<T>): Promise<T>;
  remove(): void;
}

/** What git knows or would add, so that neither data nor logs come along. */
export function trackedFiles(root: string): readonly string[] {
  const listing = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  if (listing.status !== 0) throw new Error('git cannot list the files of the project');
  const files = listing.stdout.toString().split('\0').filter(Boolean);
  return files.filter((file) => existsSync(join(root, file)));
}

export function workCopy(root: string, files: readonly string[]): WorkCopy {
  const folder = mkdtempSync(join(tmpdir(), 'twofold-mutation-'));
  for (const file of files) cpSync(join(root, file), join(folder, file), { recursive: true });
  const modules = join(root, 'node_modules');
  if (existsSync(modules)) symlinkSync(modules, join(folder, 'node_modules'));
  return {
    folder,
    async without(mutations, work) {
      const originals = new Map(mutations.map(({ file }) => [file, readFileSync(join(folder, file), 'utf8')]));
      try {
        // At once in each file: what is left has no markers to find another line by.
        for (const [file, text] of originals)
          writeFileSync(join(folder, file), mutated(text, ...mutations.filter((one) => one.file === file)));
        return await work();
      } finally {
        for (const [file, text] of originals) writeFileSync(join(folder, file), text);
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** The project that this file is part of. */
export const projectFolder = dirname(dirname(import.meta.dirname));
