import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { startEmbedded } from '../../src/storage/embedded/embedded.ts';
import { interrupted, judge, runTests, type Verdict } from './judge.ts';
import type { Located } from './mutation.ts';
import { table, tableFaults } from './table.ts';
import { refusedByTypes } from './types.ts';
import { projectFolder, trackedFiles, type WorkCopy, workCopy } from './work-copy.ts';

interface Judged {
  readonly mutation: Located;
  readonly verdict: Verdict;
}

/**
 * `npm run test:mutation -- --only attempts`: entries whose file or marker holds the text. `--at-once 2`: in so many copies.
 * `--unchecked`: neither the tests with every line in nor the compiler are asked first, for trying a new entry.
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    'at-once': { type: 'string', default: '1' },
    unchecked: { type: 'boolean', default: false },
  },
});

function chosen(): readonly Located[] {
  const text = values.only?.toLowerCase() ?? '';
  return table.filter(({ file, guard }) => `${file} ${guard}`.toLowerCase().includes(text));
}

/** A second guard is taken out together with the first: alone it changes nothing. */
function takenOut(mutation: Located): readonly Located[] {
  const first = table.find(({ guard }) => guard === mutation.secondGuardOf);
  return first ? [mutation, first] : [mutation];
}

async function judgeAll(mutations: readonly Located[], copies: readonly WorkCopy[], surroundings: object) {
  const [first] = copies;
  const refused = first && !values.unchecked ? await refusedByTypes(first, mutations) : new Map<Located, string>();
  const waiting = mutations.entries();
  const judged: Judged[] = [];
  const work = async (copy: WorkCopy) => {
    for (const [, mutation] of waiting) {
      if (interrupted.signal.aborted) return;
      const fault = refused.get(mutation);
      const verdict: Verdict = fault
        ? { outcome: 'broken', told: fault }
        : await judge(copy, takenOut(mutation), surroundings);
      judged.push({ mutation, verdict });
      console.log(line({ mutation, verdict }));
    }
  };
  await Promise.all(copies.map(work));
  return judged;
}

function line({ mutation: { file, guard, secondGuardOf }, verdict: { outcome, told } }: Judged): string {
  const pair = secondGuardOf === undefined ? '' : ` (with: ${secondGuardOf})`;
  return `${outcome.padEnd(8)}  ${file}  ${guard}${pair}\n${' '.repeat(10)}${outcome === 'red' ? 'seen by: ' : ''}${told}`;
}

/** The tests must be green on what stands, or a red one would say nothing. */
async function refuseRedTests(mutations: readonly Located[], copy: WorkCopy, surroundings: object): Promise<void> {
  const tests = [...new Set(mutations.flatMap((mutation) => mutation.tests))].sort();
  console.log(
    `${mutations.length} lines, seen by ${tests.length} files of tests; first those tests with every line in`,
  );
  const { outcome, told } = await runTests(copy.folder, tests, surroundings);
  if (outcome !== 'survived') throw new Error(`The tests fail with every line in: ${told}`);
}

/** The exit code: 0 when every line that was taken out turned a test red. */
async function run(surroundings: object): Promise<number> {
  const mutations = chosen();
  const faults = tableFaults(projectFolder);
  if (faults.length > 0) throw new Error(`The table does not fit the project:\n${faults.join('\n')}`);
  const files = trackedFiles(projectFolder);
  const copies = Array.from({ length: Math.max(1, Number(values['at-once'])) }, () => workCopy(projectFolder, files));
  try {
    const [first] = copies;
    if (first && !values.unchecked) await refuseRedTests(mutations, first, surroundings);
    const judged = await judgeAll(mutations, copies, surroundings);
    const left = judged.filter(({ verdict }) => verdict.outcome !== 'red');
    console.log(
      `\n${judged.length - left.length} of ${judged.length} lines turned a test red when they were taken out`,
    );
    for (const one of left) console.log(line(one));
    return left.length === 0 && judged.length > 0 && !interrupted.signal.aborted ? 0 : 1;
  } finally {
    for (const copy of copies) copy.remove();
  }
}

/** One real server for the whole run, in a folder that does not outlive it. */
async function withDatabase(work: (surroundings: object) => Promise<number>): Promise<number> {
  const { TWOFOLD_TEST_MONGODB_URI: running, TWOFOLD_MONGOD: mongod = '' } = process.env;
  if (running !== undefined) return work({ TWOFOLD_TEST_MONGODB_URI: running });
  const folder = await mkdtemp(join(tmpdir(), 'twofold-mutation-db-'));
  const database = await startEmbedded({ mongod, folder });
  try {
    return await work({ TWOFOLD_TEST_MONGODB_URI: database.uri });
  } finally {
    await database.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 500 });
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => interrupted.abort());
process.exitCode = await withDatabase(run);
