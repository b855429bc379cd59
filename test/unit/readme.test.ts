import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const readme = readFileSync('README.md', 'utf8');
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
  'dependencies' | 'scripts',
  Record<string, string>
>;

test("the README's table of settings is the one that the schema makes", () => {
  const printed = execFileSync(process.execPath, ['scripts/settings.js'], { encoding: 'utf8' }).trim();
  const [, shown = ''] = /<!-- settings -->([\s\S]*?)<!-- \/settings -->/.exec(readme) ?? [];
  assert.equal(shown.trim(), printed);
});

test('every runtime dependency stands in the README with its reason', () => {
  const reasons = readme.slice(readme.indexOf('## Dependencies'));
  const missing = Object.keys(manifest.dependencies).filter(
    (name) => !new RegExp(`\\| [^|]*${name}[ ,|]`).test(reasons),
  );
  assert.deepEqual(missing, []);
});

test("the README's commands are the project's", () => {
  assert.ok(manifest.scripts.start && manifest.scripts.test);
  assert.match(readme, /^npm start\b/m);
  assert.match(readme, /^npm test\b/m);
});
