import assert from 'node:assert/strict';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { judge } from '../mutation/judge.ts';
import { type Located, type Marked, type Mutation, mutated, readMarkers, spanOf } from '../mutation/mutation.ts';
import { table, tableFaults } from '../mutation/table.ts';
import { projectFolder, workCopy } from '../mutation/work-copy.ts';

const sample: Readonly<Record<string, string>> = {
  'door.ts':
    'export function opens(key: string): boolean { // guard: door\n' +
    '  if (key === "") return false; // guard: empty-key\n' +
    '  return key === "right"; // guard: right-key, second-name\n}\n',
  'door.test.ts':
    'import { test } from "node:test";\nimport { opens } from "./door.ts";\n' +
    'test("a wrong key does not open", () => {\n  if (opens("wrong") || opens("")) throw new Error("open");\n});\n',
};

test('every marker has one entry, every entry one marker and its text, and every test that sees it is there', () => {
  assert.deepEqual(tableFaults(projectFolder), []);
});

test('a marker without an entry, an entry without a marker and a text that stands twice are faults', () => {
  assert.deepEqual(readMarkers('a(); // guard: one, two\nif (b) {\n  // guard: three\n  c();\n}\n'), {
    lines: ['a();', 'if (b) {', '  c();', '}', ''],
    names: [['one', 'two'], ['three'], [], [], []],
  });
  assert.throws(() => mutated('a(); // guard: one', { guard: 'other', tests: [] }), /other is marked 0 times/);
  const twice = 'a(); // guard: one\nb(); // guard: one\n';
  assert.throws(() => mutated(twice, { guard: 'one', tests: [] }), /one is marked 2 times/);
  const replace = ['a', 'b'] as const;
  assert.throws(() => mutated('a(a); // guard: one', { guard: 'one', replace, tests: [] }), /one holds 2 times: a/);
});

test('an entry takes out the marked line, so many lines, or a text that begins in it', () => {
  const source = 'a();\nb(c); // guard: one\nd();\ne();\n';
  assert.equal(mutated(source, { guard: 'one', tests: [] }), 'a();\nd();\ne();\n');
  assert.equal(mutated(source, { guard: 'one', lines: 2, tests: [] }), 'a();\ne();\n');
  assert.equal(mutated(source, { guard: 'one', replace: ['c', ''], tests: [] }), 'a();\nb();\nd();\ne();\n');
  const across = ['(c);\nd', '.d'] as const;
  assert.equal(mutated(source, { guard: 'one', replace: across, tests: [] }), 'a();\nb.d();\ne();\n');
});

test('two lines of one file are taken out at once, also where both are one line', () => {
  const source = 'a(b, c); // guard: one, two\nd(); // guard: three\n';
  const [one, two]: [Mutation, Mutation] = [
    { guard: 'one', replace: ['b', 'x'], tests: [] },
    { guard: 'two', replace: ['c', 'y'], tests: [] },
  ];
  assert.equal(mutated(source, one, two), 'a(x, y);\nd();\n');
  assert.equal(mutated(source, two, { guard: 'three', tests: [] }), 'a(b, y);\n');
});

/** What is a guarantee wherever it stands: a new one needs a marker, so that a test is seen to notice it. */
const guarantees: readonly { readonly files: string; readonly text: RegExp }[] = [
  { files: 'src/storage/*.ts', text: /w: 'majority'/g },
  { files: 'src/storage/*.ts', text: /(expiresAt|removeAt)'?: \{ \$gt: now \}/g },
  { files: 'src/storage/*.ts', text: /(?<=_id: \w+, )active: true/g },
  { files: 'src/storage/*.ts', text: /\$exists: false|\$lt: step|\$size: 0|revision: attempt\.revision|unique: true/g },
  { files: 'src/**/*.ts', text: /sessionVersion === (?!undefined)/g },
  { files: 'src/{http,oidc}/*.ts', text: /httpOnly: true|sameSite: 'lax'|signed: true/g },
  { files: 'src/**/*.ts', text: /\.setAAD\(|\btimingSafeEqual\(\w+, /g },
];

test('conditions of updates, ends of rows, versions, cookie flags and seals each are marked', () => {
  const without = guarantees.flatMap(({ files, text }) =>
    globSync(files).flatMap((file) => {
      const source = readMarkers(readFileSync(file, 'utf8'));
      return source.lines.flatMap((line, number) =>
        (line.match(text) ?? []).flatMap((found) => (isMarked(file, source, number) ? [] : [`${file} ${found}`])),
      );
    }),
  );
  assert.deepEqual(without, []);
});

function isMarked(file: string, source: Marked, line: number): boolean {
  const edits = table.filter((entry) => entry.file === file).flatMap((entry) => [entry, entry.also ?? entry]);
  return edits.some((edit) => {
    const [first, last] = spanOf(source, edit);
    return first <= line && line <= last;
  });
}

test('a line that a test sees is told red by the name of the test, one that none sees survives', async (t) => {
  const copy = sampleCopy(t);
  const unguarded = entry({ guard: 'right-key', replace: ['key === "right"', 'true'] });
  assert.deepEqual(await judge(copy, [unguarded]), { outcome: 'red', told: 'a wrong key does not open' });
  const second = entry({ guard: 'empty-key' });
  assert.equal((await judge(copy, [second])).outcome, 'survived');
  assert.equal(readFileSync(join(copy.folder, 'door.ts'), 'utf8'), sample['door.ts']);
});

test('what does not run at all is broken and never told red', async (t) => {
  const copy = sampleCopy(t);
  const unparsed = entry({ guard: 'right-key', replace: ['return', 'return return'] });
  assert.equal((await judge(copy, [unparsed])).outcome, 'broken');
  const renamed = entry({ guard: 'door', replace: ['opens', 'shuts'] });
  assert.equal((await judge(copy, [renamed])).outcome, 'broken');
  const throwing = entry({ guard: 'door', replace: ['export', 'throw new Error("at import");\nexport'] });
  assert.equal((await judge(copy, [throwing])).outcome, 'broken');
});

function entry(edit: Pick<Mutation, 'guard' | 'replace'>): Located {
  return { file: 'door.ts', tests: ['door.test.ts'], ...edit };
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
