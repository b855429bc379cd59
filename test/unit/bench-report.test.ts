import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Offered } from '../../bench/offered.ts';
import { figures, lines, type Measurement, requestTable, table } from '../../bench/report.ts';
import type { Round } from '../../bench/round.ts';
import type { RowName } from '../../bench/rows.ts';
import { type Summary, summary } from '../../bench/summary.ts';

function roundOf(given: Partial<Round>): Round {
  const costs = { rate: 20, serverCpuMs: 60, databaseCpuMs: 25, commands: 32, writes: 17 };
  return { ...costs, latencies: [], laps: [], ...given };
}

function row(title: string, given: Partial<Summary> = {}): Summary {
  return {
    title,
    rate: 20,
    p50Ms: 380,
    p99Ms: 600,
    serverCpuMs: 60,
    databaseCpuMs: 25,
    commands: 32,
    writes: 17,
    idleMiB: 170.4,
    startSeconds: 0.61,
    requests: {},
    ...given,
  };
}

function measurement(named: Partial<Record<RowName, Summary>>, given: Partial<Measurement> = {}): Measurement {
  return {
    parts: ['sign-in'],
    accounts: { accounts: 6_000, seedSeconds: 1.234 },
    rows: new Map(Object.entries(named) as [RowName, Summary][]),
    processes: 2,
    waitedMs: 0,
    machine: { cores: 2, node: 'v24.0.0' },
    ...given,
  };
}

const floors = {
  floorOne: row('floor one', { rate: 40, commands: 0, writes: 0 }),
  floorTwo: row('floor two', { rate: 32, commands: 17, writes: 8 }),
};
const everything = {
  ...floors,
  twofold: row('Twofold'),
  byMail: row('by mail', { rate: 16, commands: 38, writes: 23 }),
  remembered: row('remembered', { rate: 25, commands: 20, writes: 8 }),
  singleSignOn: row('single sign-on', { rate: 90, commands: 12, writes: 6 }),
  refresh: row('refresh', { rate: 200, commands: 6, writes: 3 }),
  signUp: row('sign-up', { rate: 3, commands: 54, writes: 31 }),
};

const answers = (p95Ms: number, failed = 0) => ({ p50Ms: 1, p95Ms, p99Ms: 90, failed });
const offered: Offered = {
  perSecond: 200,
  seconds: 20,
  begun: 4_000,
  finishedInTime: 410,
  finished: 450,
  failed: { 503: 3_500, 'no answer': 20 },
  unfinished: 30,
  quiet: { '/jwks': answers(2), '/health': answers(1.5) },
  loaded: { '/jwks': answers(45.5, 3), '/health': answers(40) },
};
const heap = { heapMiB: { 0: 43.8, 1000: 48, 2000: 48.1 }, bytesPerSignIn: 12 };

test('costs of a row are those of its middle round, times those of all of them', () => {
  const rounds = [
    roundOf({ rate: 18, commands: 32.4, latencies: [100, 200, 300] }),
    roundOf({ rate: 21, commands: 32, latencies: [400, 500] }),
    roundOf({ rate: 90, commands: 32.1, latencies: [600] }),
  ];
  const { requests: _requests, ...costs } = summary({ title: 'a row' }, rounds, {
    idleMiB: 170.456,
    startSeconds: 0.617,
  });
  assert.deepEqual(costs, {
    title: 'a row',
    rate: 21,
    p50Ms: 400,
    p99Ms: 600,
    serverCpuMs: 60,
    databaseCpuMs: 25,
    commands: 32.1,
    writes: 17,
    idleMiB: 170.46,
    startSeconds: 0.62,
  });
});

test('each kind of request has its own times over all rounds', () => {
  const page = (ms: number) => ({ kind: 'GET page', ms });
  const rounds = [roundOf({ laps: [page(1), { kind: 'POST code', ms: 70 }] }), roundOf({ laps: [page(3), page(2)] })];
  const { requests } = summary({ title: 'a row' }, rounds, { idleMiB: 0, startSeconds: 0 });
  assert.deepEqual(requests, { 'GET page': { p50Ms: 2, p99Ms: 3 }, 'POST code': { p50Ms: 70, p99Ms: 70 } });
});

test('the figures keep their names, with commands and writes beside each other', () => {
  const measured = figures(measurement(everything));
  assert.deepEqual(measured.signIn, {
    ratioToFloorOne: 0.5,
    ratioToFloorTwo: 0.63,
    serverCpuMs: 60,
    databaseCpuMs: 25,
    commands: 32,
    writes: 17,
  });
  assert.deepEqual(measured.signInByMail, {
    ratioToFloorOne: 0.4,
    ratioToFloorTwo: 0.5,
    serverCpuMs: 60,
    databaseCpuMs: 25,
    commands: 38,
    writes: 23,
  });
  assert.deepEqual([measured.idleMiB, measured.startSeconds], [170, 0.61]);
  assert.deepEqual(measured.floors, { one: floors.floorOne, two: floors.floorTwo });
  assert.deepEqual([measured.twofold, measured.byMail], [everything.twofold, everything.byMail]);
  assert.deepEqual(measured.machine, { cores: 2, node: 'v24.0.0' });
});

test('each further row is there whole, and what was there before with it', () => {
  const measured = figures(measurement(everything, { parts: ['sign-in', 'remembered', 'sso', 'refresh', 'sign-up'] }));
  assert.deepEqual(measured.remembered, everything.remembered);
  assert.deepEqual(measured.singleSignOn, everything.singleSignOn);
  assert.deepEqual(measured.refresh, everything.refresh);
  assert.deepEqual(measured.signUp, everything.signUp);
  assert.deepEqual(measured.accounts, { accounts: 6_000, seedSeconds: 1.23 });
  assert.deepEqual(measured.parts, ['sign-in', 'remembered', 'sso', 'refresh', 'sign-up']);
});

test('what was not measured is not there', () => {
  const text = JSON.stringify(figures(measurement({ refresh: everything.refresh }, { parts: ['refresh'] })));
  assert.deepEqual(Object.keys(JSON.parse(text)).sort(), ['accounts', 'machine', 'parts', 'refresh', 'waitedMs']);
});

test('without its floors a sign-in has costs and no ratio', () => {
  const { signIn, floors: none } = figures(measurement({ twofold: everything.twofold }));
  assert.deepEqual(signIn, { serverCpuMs: 60, databaseCpuMs: 25, commands: 32, writes: 17 });
  assert.equal(none, undefined);
});

test('more processes are told beside one, with the cores that they share', () => {
  const both = { twofold: row('one', { rate: 20 }), processes: row('two', { rate: 31, commands: 32.5 }) };
  const { processes } = figures(measurement(both, { parts: ['processes'] }));
  assert.deepEqual(
    [processes?.processes, processes?.cores, processes?.ratioToOneProcess, processes?.rate, processes?.commands],
    [2, 2, 1.55, 31, 32.5],
  );
});

test('an offered rate and the heap are in the figures as they were measured', () => {
  const measured = figures(measurement({}, { parts: ['offered', 'heap'], offered, heap }));
  assert.deepEqual([measured.offered, measured.heap], [offered, heap]);
});

test('the table has a line for each row, with the names that the figures have', () => {
  const shown = table(measurement(everything).rows);
  assert.deepEqual(Object.keys(shown), [
    'floor one',
    'floor two',
    'Twofold',
    'by mail',
    'remembered',
    'single sign-on',
    'refresh',
    'sign-up',
  ]);
  assert.deepEqual(shown.refresh, {
    rate: 200,
    p50Ms: 380,
    p99Ms: 600,
    serverCpuMs: 60,
    databaseCpuMs: 25,
    commands: 6,
    writes: 3,
    idleMiB: 170.4,
    startSeconds: 0.61,
  });
});

test('requests have a table of their own', () => {
  const requests = { 'GET /auth': { p50Ms: 5, p99Ms: 9 }, 'POST /token': { p50Ms: 7, p99Ms: 11 } };
  const { rows: named } = measurement({ singleSignOn: row('single sign-on', { requests }), refresh: row('refresh') });
  assert.deepEqual(requestTable(named), [
    { row: 'single sign-on', request: 'GET /auth', p50Ms: 5, p99Ms: 9 },
    { row: 'single sign-on', request: 'POST /token', p50Ms: 7, p99Ms: 11 },
  ]);
});

test('how many accounts there were and how long they took is always told', () => {
  assert.deepEqual(lines(measurement({ refresh: everything.refresh })), ['6000 accounts were there, seeded in 1.2 s']);
});

test('the ratio to both floors, and to one process, is told in words', () => {
  const more = { ...everything, processes: row('two', { rate: 31 }) };
  assert.deepEqual(lines(measurement(more)).slice(1), [
    "Twofold's rate: 0.5 of floor one's, 0.63 of floor two's",
    "in 2 processes: 1.55 of one process's rate, on 2 cores that MongoDB and the driver share",
  ]);
});

test('what a machine could not take of an offered rate is told', () => {
  assert.deepEqual(lines(measurement({}, { offered })).slice(1), [
    '200 sign-ins a second offered for 20 s: 4000 begun, 20.5 a second finished, 3500 ended by 503, 20 ended by no answer, 30 unfinished a minute later',
    '/jwks: p95 45.5 ms meanwhile, 2 ms before; 3 failed meanwhile',
    '/health: p95 40 ms meanwhile, 1.5 ms before; 0 failed meanwhile',
  ]);
});

test('the heap is told at each reading, and what a sign-in leaves there', () => {
  assert.deepEqual(lines(measurement({}, { heap })).slice(1), [
    'heap after each collection, MiB: {"0":43.8,"1000":48,"2000":48.1}',
    'growth: 12 bytes for each sign-in',
  ]);
});

test('a rate that had to wait for people says so', () => {
  const [, said] = lines(measurement({}, { waitedMs: 12_345 }));
  assert.equal(said, 'too few accounts for this rate: 12.3 s went by waiting for people');
});
