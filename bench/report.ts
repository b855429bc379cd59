import { rounded } from './figures.ts';
import type { Heap } from './heap.ts';
import { lineOf, type Offered } from './offered.ts';
import type { Part } from './options.ts';
import type { RowName } from './rows.ts';
import type { Seeded } from './seed.ts';
import type { Summary } from './summary.ts';

export interface Measurement {
  readonly parts: readonly Part[];
  readonly accounts: Seeded;
  readonly rows: ReadonlyMap<RowName, Summary>;
  readonly processes: number;
  readonly offered?: Offered;
  readonly heap?: Heap;
  /** How long people were waited for: with too few accounts a rate says nothing. */
  readonly waitedMs: number;
  readonly machine: Readonly<Record<string, unknown>> & { readonly cores: number };
}

/** What bench/latest.json holds; a part that was not measured is not there. */
export function figures({ rows, accounts, ...measured }: Measurement) {
  const [one, two] = [rows.get('floorOne'), rows.get('floorTwo')];
  const twofold = rows.get('twofold');
  const byMail = rows.get('byMail');
  const more = rows.get('processes');
  const beside = (row: Summary | undefined) => (row ? besideFloors(row, { one, two }) : undefined);
  return {
    signIn: beside(twofold),
    signInByMail: beside(byMail),
    remembered: rows.get('remembered'),
    singleSignOn: rows.get('singleSignOn'),
    refresh: rows.get('refresh'),
    signUp: rows.get('signUp'),
    processes: more && twofold ? besideOne(more, twofold, measured) : undefined,
    offered: measured.offered,
    heap: measured.heap,
    idleMiB: twofold && rounded(twofold.idleMiB, 0),
    startSeconds: twofold?.startSeconds,
    floors: one && two ? { one, two } : undefined,
    twofold,
    byMail,
    accounts: { ...accounts, seedSeconds: rounded(accounts.seedSeconds) },
    waitedMs: measured.waitedMs,
    parts: measured.parts,
    machine: measured.machine,
  };
}

interface Floors {
  readonly one: Summary | undefined;
  readonly two: Summary | undefined;
}

function besideFloors({ rate, serverCpuMs, databaseCpuMs, commands, writes }: Summary, { one, two }: Floors) {
  return {
    ...(one ? { ratioToFloorOne: rounded(rate / one.rate) } : {}),
    ...(two ? { ratioToFloorTwo: rounded(rate / two.rate) } : {}),
    serverCpuMs,
    databaseCpuMs,
    commands,
    writes,
  };
}

function besideOne(
  { title: _title, ...more }: Summary,
  one: Summary,
  { processes, machine }: Pick<Measurement, 'processes' | 'machine'>,
) {
  return { processes, cores: machine.cores, ratioToOneProcess: rounded(more.rate / one.rate), ...more };
}

/** The same for people: a table of the rows, one of their requests, and a line for each of the rest. */
export function table(rows: Measurement['rows']): Readonly<Record<string, Omit<Summary, 'title' | 'requests'>>> {
  return Object.fromEntries([...rows.values()].map(({ title, requests: _requests, ...costs }) => [title, costs]));
}

export function requestTable(rows: Measurement['rows']) {
  return [...rows.values()].flatMap(({ title, requests }) =>
    Object.entries(requests).map(([request, times]) => ({ row: title, request, ...times })),
  );
}

export function lines({ rows, accounts, offered, heap, processes, waitedMs, machine }: Measurement): readonly string[] {
  const [one, two] = [rows.get('floorOne'), rows.get('floorTwo')];
  const [twofold, more] = [rows.get('twofold'), rows.get('processes')];
  const ratio = (row: Summary, other: Summary) => rounded(row.rate / other.rate);
  return [
    `${accounts.accounts} accounts were there, seeded in ${rounded(accounts.seedSeconds, 1)} s`,
    ...(one && two && twofold
      ? [`Twofold's rate: ${ratio(twofold, one)} of floor one's, ${ratio(twofold, two)} of floor two's`]
      : []),
    ...(more && twofold
      ? [
          `in ${processes} processes: ${ratio(more, twofold)} of one process's rate, on ${machine.cores} cores that MongoDB and the driver share`,
        ]
      : []),
    ...(offered ? [lineOf(offered), ...probes(offered)] : []),
    ...(heap ? [`heap after each collection, MiB: ${JSON.stringify(heap.heapMiB)}`] : []),
    ...(heap ? [`growth: ${heap.bytesPerSignIn} bytes for each sign-in`] : []),
    ...(waitedMs > 0
      ? [`too few accounts for this rate: ${rounded(waitedMs / 1000, 1)} s went by waiting for people`]
      : []),
  ];
}

function probes({ quiet, loaded }: Offered): readonly string[] {
  return Object.entries(loaded).map(
    ([path, { p95Ms, failed }]) =>
      `${path}: p95 ${p95Ms} ms meanwhile, ${quiet[path]?.p95Ms} ms before; ${failed} failed meanwhile`,
  );
}
