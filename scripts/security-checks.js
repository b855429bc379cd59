// Writes into docs/security-checks.md which test files show each check: node scripts/security-checks.js
// A test names the checks that it shows in its name: [check 21] or [check 21, 22].
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const document = join(root, 'docs', 'security-checks.md');

/** The list with its lines "Shown by" made anew from the names of the tests; all else stays as it was written. */
export function withTests(text) {
  const shown = filesByCheck();
  const lines = text.split('\n').filter((line) => !line.startsWith(showing));
  return lines.flatMap((line) => [line, ...shownBy(line, shown)]).join('\n');
}

const showing = '    - Shown by: ';
const ending = '.test.ts';

function shownBy(line, shown) {
  const [, number] = /^(\d+)\. /.exec(line) ?? [];
  if (number === undefined) return [];
  const files = shown.get(Number(number)) ?? [];
  return [`${showing}${files.length === 0 ? 'no test yet' : files.map((file) => `\`${file}\``).join(', ')}`];
}

function filesByCheck() {
  const shown = new Map();
  for (const file of testFiles()) {
    for (const number of checksIn(readFileSync(join(root, 'test', `${file}${ending}`), 'utf8')))
      shown.set(number, [...(shown.get(number) ?? []), file]);
  }
  return shown;
}

function checksIn(source) {
  const named = [...source.matchAll(/\[check ([\d, ]+)\]/g)].flatMap(([, numbers]) => numbers.split(','));
  return new Set(named.map(Number));
}

function testFiles() {
  const files = readdirSync(join(root, 'test'), { recursive: true }).map((file) => file.replaceAll('\\', '/'));
  return files.flatMap((file) => (file.endsWith(ending) ? [file.slice(0, -ending.length)] : [])).sort();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  writeFileSync(document, withTests(readFileSync(document, 'utf8')));
