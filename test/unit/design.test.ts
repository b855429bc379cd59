import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ranking } from '../../src/accounts/level.ts';
import { consequences } from '../../src/protection/consequences.ts';
import { recipientRule } from '../../src/protection/recipient-rule.ts';
import { proofChanges } from '../../src/sign-in/policy/proof-changes.ts';
import { indexes } from '../../src/storage/indexes.ts';

const design = readFileSync('docs/design.md', 'utf8');
const readme = readFileSync('README.md', 'utf8');

/** The cells of the table between two comments, its heading aside. */
function table(name: string, document = design): readonly (readonly string[])[] {
  const [, text = ''] = new RegExp(`<!-- ${name} -->\\n([\\s\\S]*?)<!-- /${name} -->`).exec(document) ?? [];
  const rows = text.trim().split('\n').slice(2);
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

test("the design's table of what a change to a proof needs is the one that the code holds", () => {
  const held = Object.entries(proofChanges).map(([change, { needs, makes }]) => [change, needs, makes]);
  assert.deepEqual(table('proof changes'), held);
});

test('the tables of what ends, in the design and in the README, are the one that the code holds', () => {
  const held = Object.entries(consequences).map(([event, row]) => [
    event,
    ...[row.sessions, row.grants, row.rememberedDevices, row.recoveryCodes, row.pendingCodes],
  ]);
  assert.deepEqual(table('consequences'), held);
  assert.deepEqual(table('consequences', readme), held);
});

test("the design tells the recipient's windows as the code holds them", () => {
  const [, all = '', strangers = ''] =
    /\| a minute, 10 minutes, an hour, a day \| ([\d, ]+) \| ([\d, ]+) \|/.exec(design) ?? [];
  const minutes = recipientRule.map(({ milliseconds }) => milliseconds / 60_000);
  assert.deepEqual(minutes, [1, 10, 60, 1440]);
  assert.deepEqual(
    all.split(', ').map(Number),
    recipientRule.map((window) => window.all),
  );
  assert.deepEqual(
    strangers.split(', ').map(Number),
    recipientRule.map((window) => window.strangers),
  );
});

test("the design's table of the data has every collection that the code names", () => {
  const named = globSync('src/storage/**/*.ts').flatMap((file) => {
    const source = readFileSync(file, 'utf8');
    const found = [...source.matchAll(/(?:storedIn<\w+>|\.collection<[^(]+>)\('([a-z_]+)'/g)];
    return found.map(([, name = '']) => name);
  });
  assert.ok(named.includes('accounts') && named.includes('decoys') && named.includes('events'));
  const [, data = ''] = /## Data\n([\s\S]*?)## Tables of truth/.exec(design) ?? [];
  const firstCells = [...data.matchAll(/^\| ([^|]+) \|/gm)].map(([, cell = '']) => cell).join(' ');
  const missing = [...new Set([...named, ...Object.keys(indexes)])].filter(
    (name) => !firstCells.includes(`\`${name}\``),
  );
  assert.deepEqual(missing, []);
});

test("the design's levels are ranked as the code ranks them", () => {
  const [, told = ''] = /Levels rank upwards: ([^(]+) \(/.exec(design) ?? [];
  assert.deepEqual(
    told.split(', ').map((level) => level.replaceAll('`', '')),
    [...ranking],
  );
});

test('every file and document that the design names is there', () => {
  const named = [...design.matchAll(/`((?:src|test|docs|config)\/[\w./-]+)`/g)].map(([, path = '']) => path);
  assert.ok(named.length > 3);
  assert.deepEqual(
    named.filter((path) => !existsSync(path)),
    [],
  );
});
