import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { listSettings } from '../../src/config/listing.ts';

const folder = fileURLToPath(new URL('../../config/', import.meta.url));
const settings = listSettings();

test('every setting has a meaning', () => {
  for (const { path, meaning } of settings) assert.match(meaning, /\S.*\.$/, path);
});

test('every setting stands in config/default.yaml below its meaning, commented when it has no default', () => {
  const lines = readFileSync(`${folder}default.yaml`, 'utf8').split('\n');
  for (const { path, preset, meaning } of settings) {
    const at = lines.findIndex((line) => line.trim() === `# ${meaning}`);
    const name = path.split('.').at(-1) ?? '';
    assert.match(lines[at + 1] ?? '', new RegExp(`^ *${preset === undefined ? '# ' : ''}${name}:`), path);
  }
});

test('every default belongs to a setting, and every environment variable too', () => {
  const paths = new Set(settings.map(({ path }) => path));
  const named =
    readFileSync(`${folder}custom-environment-variables.yaml`, 'utf8').match(
      /\b(TWOFOLD_[A-Z0-9_]+|MONGODB_URI|NODE_ENV)\b/g,
    ) ?? [];
  const used = settings.flatMap(({ variable }) => variable ?? []);
  assert.deepEqual([...used].sort(), [...named].sort());
  assert.equal(paths.size, settings.length);
});

test('the settings script prints one row for each', () => {
  const script = fileURLToPath(new URL('../../scripts/settings.js', import.meta.url));
  const rows = execFileSync(process.execPath, [script], { encoding: 'utf8' }).trim().split('\n').slice(2);
  assert.equal(rows.length, settings.length);
  assert.ok(rows.includes('| `port` | `3000` | `TWOFOLD_PORT` | Port to listen on. |'));
});
