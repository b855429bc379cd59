import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { env } from 'node:process';
import { after, before, test } from 'node:test';
import { judge } from '../mutation/judge.ts';
import type { Located } from '../mutation/mutation.ts';
import { table } from '../mutation/table.ts';
import { projectFolder, trackedFiles, type WorkCopy, workCopy } from '../mutation/work-copy.ts';

/** The cheapest tests first: what costs a second here may cost half a minute in a browser. */
const cheapest = ['test/unit/', 'test/contract/', 'test/flow/'];

function costOf({ tests, secondGuardOf }: Located): number {
  const dearest = Math.max(...tests.map((test) => cheapest.findIndex((folder) => test.startsWith(folder))));
  const known = tests.every((test) => cheapest.some((folder) => test.startsWith(folder)));
  return known && secondGuardOf === undefined ? dearest : cheapest.length;
}

const byFolder = Map.groupBy(table, ({ file }) => dirname(file));

let copy: WorkCopy;
before(() => {
  copy = workCopy(projectFolder, trackedFiles(projectFolder));
});
after(() => copy.remove());

for (const [folder, entries] of byFolder) {
  const [entry] = entries.toSorted((one, other) => costOf(one) - costOf(other));
  if (!entry) continue;
  test(`a guarantee of ${folder} that is taken out turns a test red: ${entry.guard}`, async () => {
    const { TWOFOLD_TEST_MONGODB_URI } = env;
    const { outcome } = await judge(copy, [entry], { TWOFOLD_TEST_MONGODB_URI });
    assert.equal(outcome, 'red');
  });
}
