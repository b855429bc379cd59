/** Commands that change rows; `update` and `bulkWrite` with several statements are one, because they are sent and waited for once. */
const writing = ['insert', 'update', 'delete', 'findAndModify', 'bulkWrite'] as const;
const reading = ['find', 'aggregate', 'getMore', 'count', 'distinct'] as const;

export interface Counted {
  readonly commands: number;
  readonly writes: number;
}

/** serverStatus().metrics.commands */
type Totals = Readonly<Record<string, { readonly total?: unknown } | undefined>>;

/** Commands since mongod began, by its own counters: every process's and the sweeper's, none that no row is read or written by. */
export function countCommands(totals: Totals): Counted {
  const sum = (names: readonly string[]) => names.reduce((all, name) => all + Number(totals[name]?.total ?? 0), 0);
  const writes = sum(writing);
  return { commands: sum(reading) + writes, writes };
}

export function countedBetween(before: Counted, after: Counted): Counted {
  return { commands: after.commands - before.commands, writes: after.writes - before.writes };
}
