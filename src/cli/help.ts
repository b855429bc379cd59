import { type Command, type Option, optionsOf } from './command.ts';

const program = 'npm run twofold -- user';

interface Named {
  readonly name: string;
  readonly operand?: string;
  readonly does: string;
  readonly options: Readonly<Record<string, Option>>;
}

/** All commands at a glance. */
export function overview(commands: readonly Named[]): string {
  const rows = commands.map(({ name, operand, does }) => [[name, operand].filter(Boolean).join(' '), does] as const);
  return `Usage: ${program} <command> [options]

${table(rows)}

<account> is an e-mail address or an account's id. Every command takes --json, and --help, which tells its options.
What cannot be undone or signs somebody out is asked first; without a terminal it needs --yes. Each change is an event, and a mail
to the owner. With --json errors and warnings are JSON too, one object a line on standard error.

Exit codes: 0 done, 1 not done, 2 wrongly called, 69 no database, 78 wrong configuration.
`;
}

export function helpOf<Context>(command: Command<Context>): string {
  const { name, operand, does } = command;
  const rows = Object.entries(optionsOf(command)).map(
    ([option, { value, does: meaning }]) => [`--${option}${value ? ` ${value}` : ''}`, meaning] as const,
  );
  return `Usage: ${[program, name, operand, '[options]'].filter(Boolean).join(' ')}

${does[0]?.toUpperCase()}${does.slice(1)}.

${table(rows)}
`;
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}
