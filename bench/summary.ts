import { middle, rounded, spread } from './figures.ts';
import type { Round } from './round.ts';
import type { Row } from './rows.ts';
import { byKind } from './watch.ts';

export interface Summary {
  readonly title: string;
  readonly rate: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly serverCpuMs: number;
  readonly databaseCpuMs: number;
  readonly commands: number;
  readonly writes: number;
  readonly idleMiB: number;
  readonly startSeconds: number;
  readonly requests: Readonly<Record<string, { readonly p50Ms: number; readonly p99Ms: number }>>;
}

/** Rates and costs are the middle one of the rounds, times those of all rounds together. */
export function summary(
  { title }: Pick<Row, 'title'>,
  rounds: readonly Round[],
  { idleMiB, startSeconds }: Pick<Summary, 'idleMiB' | 'startSeconds'>,
): Summary {
  const latencies = rounds.flatMap((each) => each.latencies);
  const each = (cost: 'rate' | 'serverCpuMs' | 'databaseCpuMs' | 'commands' | 'writes') =>
    rounded(middle(rounds.map((one) => one[cost])));
  return {
    title,
    rate: each('rate'),
    ...ends(latencies),
    serverCpuMs: each('serverCpuMs'),
    databaseCpuMs: each('databaseCpuMs'),
    commands: each('commands'),
    writes: each('writes'),
    idleMiB: rounded(idleMiB),
    startSeconds: rounded(startSeconds),
    requests: Object.fromEntries(
      [...byKind(rounds.flatMap(({ laps }) => laps))].map(([kind, times]) => [kind, ends(times)]),
    ),
  };
}

function ends(times: readonly number[]) {
  const { p50Ms, p99Ms } = spread(times);
  return { p50Ms, p99Ms };
}
