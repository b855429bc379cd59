import assert from 'node:assert/strict';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { judge } from '../mutation/judge.ts';
import type { Mutation } from '../mutation/mutation.ts';
import { table, tableFaults } from '../mutation/table.ts';
import { projectFolder, workCopy } from '../mutation/work-copy.ts';

const sample: Readonly<Record<string, string>> = {
  'door.ts':
    'export function opens(key: string): boolean {\n  if (key === "") return false;\n  return key === "right";\n}\n',
  'door.test.ts':
    'import { test } from "node:test";\nimport { opens } from "./door.ts";\n' +
    'test("a wrong key does not open", () => {\n  if (opens("wrong") || opens("")) throw new Error("open");\n});\n',
};

test('every line of the table of guarantees stands exactly once in its file, and every test that sees it is there', () => {
  assert.deepEqual(tableFaults(projectFolder), []);
});

/** What is a guarantee wherever it stands: a new one needs an entry, so that a test is seen to notice it. */
const guarantees: readonly { readonly files: string; readonly text: RegExp }[] = [
  { files: 'src/storage/*.ts', text: /w: 'majority'/g },
  { files: 'src/storage/*.ts', text: /(expiresAt|removeAt)'?: \{ \$gt: now \}/g },
  { files: 'src/storage/*.ts', text: /(?<=_id: \w+, )active: true/g },
  { files: 'src/storage/*.ts', text: /\$exists: false|\$lt: step|\$size: 0|revision: attempt\.revision|unique: true/g },
  { files: 'src/**/*.ts', text: /sessionVersion === (?!undefined)/g },
  { files: 'src/{http,oidc}/*.ts', text: /httpOnly: true|sameSite: 'lax'|signed: true/g },
  { files: 'src/**/*.ts', text: /\.setAAD\(|\btimingSafeEqual\(\w+, /g },
];

test('conditions of updates, ends of rows, versions, cookie flags and seals each have an entry in the table', () => {
  const without = guarantees.flatMap(({ files, text }) =>
    globSync(files).flatMap((file) => {
      const source = readFileSync(file, 'utf8');
      const places = [...source.matchAll(text)].filter(({ index }) => !hasEntry(file, source, index));
      return places.map(({ 0: found, index }) => `${file}:${source.slice(0, index).split('\n').length} ${found}`);
    }),
  );
  assert.deepEqual(without, []);
});

function hasEntry(file: string, source: string, index: number): boolean {
  const finds = table.filter((entry) => entry.file === file).flatMap(({ find, also }) => [find, also?.find ?? find]);
  return finds.some((find) => source.indexOf(find) <= index && index < source.indexOf(find) + find.length);
}

test('a line that a test sees is told red by the name of the test, one that none sees survives', async (t) => {
  const copy = sampleCopy(t);
  const unguarded = entry({ find: 'key === "right"', replace: 'true' });
  assert.deepEqual(await judge(copy, [unguarded]), { outcome: 'red', told: 'a wrong key does not open' });
  const second = entry({ find: '  if (key === "") return false;\n', replace: '' });
  assert.equal((await judge(copy, [second])).outcome, 'survived');
  assert.equal(readFileSync(join(copy.folder, 'door.ts'), 'utf8'), sample['door.ts']);
});

test('what does not run at all is broken and never told red', async (t) => {
  const copy = sampleCopy(t);
  const unparsed = entry({ find: 'return key', replace: 'return return key' });
  assert.equal((await judge(copy, [unparsed])).outcome, 'broken');
  const renamed = entry({ find: 'function opens', replace: 'function shuts' });
  assert.equal((await judge(copy, [renamed])).outcome, 'broken');
  const throwing = entry({ find: 'export', replace: 'throw new Error("at import");\nexport' });
  assert.equal((await judge(copy, [throwing])).outcome, 'broken');
});

function entry(edit: Pick<Mutation, 'find' | 'replace'>): Mutation {
  return { why: 'Only the right key opens.', file: 'door.ts', tests: ['door.test.ts'], ...edit };
}

function sampleCopy(t: TestContext) {
  const root = mkdtempSync(join(tmpdir(), 'twofold-sample-'));
  for (const [file, text] of Object.entries(sample)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  const copy = workCopy(root, Object.keys(sample));
  t.after(() => {
    copy.remove();
    rmSync(root, { recursive: true });
  });
  return copy;
}
