import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { test } from 'node:test';

const folders = [...new Set(globSync('src/**/*.ts').map((file) => dirname(file)))].filter((folder) => folder !== 'src');
const rooms = [...new Set(folders.map((folder) => folder.split('/')[1] ?? ''))];
const readme = readFileSync('README.md', 'utf8');

function roomOf(file: string): string {
  return file.split('/')[1] ?? '';
}

/** What stands between two comments of the README. */
function part(name: string): string {
  const [, text = ''] = new RegExp(`<!-- ${name} -->\\n([\\s\\S]*?)<!-- /${name} -->`).exec(readme) ?? [];
  assert.notEqual(text, '', `the README has no part "${name}"`);
  return text;
}

/** A file may be named from its own folder, from src/ or from the root. */
function isThere(path: string, folder: string): boolean {
  return [folder, 'src', '.'].some((from) => existsSync(join(from, path)));
}

function filesNamed(text: string): readonly string[] {
  return [...text.matchAll(/`([\w./-]+\.(?:ts|ejs|json|md))`/g)].map(([, path = '']) => path);
}

/** What a folder's README lacks; nothing for a good one. */
function faultsOf(folder: string): readonly string[] {
  const file = join(folder, 'README.md');
  if (!existsSync(file)) return [`${file} is missing`];
  const text = readFileSync(file, 'utf8');
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return [
    ...(lines.length >= 4 && lines.length <= 10 ? [] : [`${file} has ${lines.length} lines`]),
    ...(/^# \S/.test(text) ? [] : [`${file} has no title`]),
    ...(/^- May not /m.test(text) ? [] : [`${file} does not say what the room may not know`]),
    ...(/^- Begin with `/m.test(text) ? [] : [`${file} does not say where to begin`]),
    ...filesNamed(text).flatMap((path) => (isThere(path, folder) ? [] : [`${file} names ${path}, which is not there`])),
  ];
}

test('every folder of the source says in its README what it is for, what it may not know and where to begin', () => {
  assert.ok(folders.length > 10);
  assert.deepEqual(folders.flatMap(faultsOf), []);
});

test('no README stands in a folder without source', () => {
  const empty = globSync('src/**/README.md').filter((file) => !folders.includes(dirname(file)));
  assert.deepEqual(empty, []);
});

/** The rooms in the order of the map. */
function mapped(): readonly string[] {
  return [...part('map').matchAll(/^([a-z][\w-]*)\/ /gm)].map(([, room = '']) => room);
}

test('the map of the house has at most 15 lines, names every room, and no other', () => {
  const lines = part('map')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('```'));
  assert.ok(lines.length <= 15, `${lines.length} lines`);
  assert.deepEqual(mapped().toSorted(), rooms.toSorted());
});

test('no import points up the map', () => {
  const order = mapped();
  const up = globSync('src/**/*.ts').flatMap((file) => {
    const from = order.indexOf(roomOf(file));
    const targets = [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(
      ([, name = '']) => relative('.', join(dirname(file), name)),
    );
    // What lies beside the rooms is the program, which only a program may import.
    const wrong = targets.filter((target) => from >= 0 && order.indexOf(roomOf(target)) < from);
    return wrong.map((target) => `${file} -> ${target}`);
  });
  assert.deepEqual(up, []);
});

test('the map names the folders below a room, too', () => {
  const inner = folders.filter((folder) => folder.split('/').length > 2).map((folder) => `${basename(folder)}/`);
  const map = part('map');
  assert.deepEqual(
    inner.filter((name) => !map.includes(name)),
    [],
  );
});

test('the way of one POST through the house names files that are there, in at most 15 lines', () => {
  const way = part('one POST');
  const lines = way.split('\n').filter((line) => line.trim() !== '');
  assert.ok(lines.length >= 8 && lines.length <= 15, `${lines.length} lines`);
  const named = filesNamed(way);
  assert.ok(named.length >= 8);
  assert.deepEqual(
    named.filter((path) => !isThere(path, 'src')),
    [],
  );
});
