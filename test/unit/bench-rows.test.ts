import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chosenRows, countOf, rows } from '../../bench/rows.ts';

test('parts choose rows, in the order of the table; more processes are measured beside one', () => {
  const names = (...parts: Parameters<typeof chosenRows>[0]) => chosenRows(parts).map(({ name }) => name);
  assert.deepEqual(names('sign-in'), ['floorOne', 'floorTwo', 'twofold', 'byMail']);
  assert.deepEqual(names('remembered'), ['remembered']);
  assert.deepEqual(names('sso'), ['singleSignOn']);
  assert.deepEqual(names('sign-up', 'refresh'), ['refresh', 'signUp']);
  assert.deepEqual(names('processes'), ['twofold', 'processes']);
  assert.deepEqual(names('offered', 'heap'), []);
});

test('each row has a name and a title of its own, and only who has an app uses up its codes', () => {
  assert.equal(new Set(rows.map(({ name }) => name)).size, rows.length);
  assert.equal(new Set(rows.map(({ title }) => title)).size, rows.length);
  assert.deepEqual(
    rows.filter(({ people }) => people !== 'app').map(({ name, people }) => [name, people]),
    [
      ['floorOne', 'floor'],
      ['floorTwo', 'floor'],
      ['byMail', 'mailed'],
    ],
  );
});

test('a row takes as many of a round as it is worth, and at least one', () => {
  const signUps = rows.find(({ name }) => name === 'signUp');
  assert.deepEqual(
    [400, 20, 1].map((perRound) => countOf(signUps ?? {}, perRound)),
    [50, 3, 1],
  );
  const others = rows.filter((row) => row !== signUps);
  assert.deepEqual([...new Set(others.map((row) => countOf(row, 400)))], [400]);
});
