import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const list = readFileSync('docs/security-checks.md', 'utf8');

/** Written out here as the document's reader would count: the script that writes its lines is not asked. */
function testsOf(number: number): readonly string[] {
  const tag = new RegExp(`\\[check (\\d+, )*${number}(, \\d+)*\\]`);
  const files = globSync('test/**/*.test.ts').filter((file) => tag.test(readFileSync(file, 'utf8')));
  return files.map((file) => file.replace(/^test\//, '').replace(/\.test\.ts$/, '')).sort();
}

function entries(): ReadonlyMap<number, readonly string[]> {
  const found = [...list.matchAll(/^(\d+)\. .*\n(?: {4}- Departs: .*\n)? {4}- Shown by: (.*)$/gm)];
  return new Map(
    found.map(([, number, files = '']) => [
      Number(number),
      [...files.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file),
    ]),
  );
}

test('the list of security checks has all 120, each with the test files that name it', () => {
  const listed = entries();
  assert.deepEqual(
    [...listed.keys()],
    Array.from({ length: 120 }, (_, index) => index + 1),
  );
  for (const [number, files] of listed)
    assert.deepEqual(files, testsOf(number), `check ${number}: node scripts/security-checks.js writes the lines anew`);
});

test('every check that a test names is one of the list', () => {
  const numbers = globSync('test/**/*.test.ts').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\[check ([\d, ]+)\]/g)].flatMap(([, named = '']) =>
      named.split(',').map(Number),
    ),
  );
  const unknown = [...new Set(numbers)].filter((number) => !(number >= 1 && number <= 120));
  assert.deepEqual(unknown, []);
});
