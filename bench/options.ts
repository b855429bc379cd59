import { parseArgs } from 'node:util';

/** What can be measured. Rows are measured unless others are chosen, the rest only where it is asked for. */
export const rowParts = ['sign-in', 'remembered', 'sso', 'refresh', 'sign-up'] as const;
export const furtherParts = ['processes', 'offered', 'heap'] as const;

const parts = [...rowParts, ...furtherParts];

export type Part = (typeof parts)[number];

export interface Options {
  readonly parts: readonly Part[];
  /** Accounts with an authenticator app that are there before anything is measured. */
  readonly accounts: number;
  readonly rounds: number;
  /** Of each row in each round. */
  readonly perRound: number;
  readonly processes: number;
  /** Sign-ins begun in a second, whether earlier ones are done or not, and for how long. */
  readonly offered: number;
  readonly seconds: number;
  /** Sign-ins over which the heap is watched. */
  readonly heap: number;
  readonly out: string;
}

export const usage = `npm run bench -- [options]
  --only <parts>   ${parts.join(', ')}; without it ${rowParts.join(', ')}
  --accounts <n>   accounts with an app that are there before (6000)
  --rounds <n>     alternating rounds (4), --sign-ins <n> of each row in each of them (400)
  --processes <n>  adds: Twofold in so many processes, beside one (2)
  --offered <n>    adds: so many sign-ins begun in a second (200), for --seconds <n> (20), while /jwks and /health are asked
  --heap <n>       adds: the heap of one process over so many sign-ins (10000)
  --out <file>     where the figures go (bench/latest.json)`;

const text = { type: 'string' } as const;
const known = {
  only: text,
  accounts: text,
  rounds: text,
  'sign-ins': text,
  processes: text,
  offered: text,
  seconds: text,
  heap: text,
  out: text,
};

/** Throws an Error of one line for what cannot be measured. */
export function readOptions(args: readonly string[], env: Readonly<Record<string, string | undefined>> = {}): Options {
  const { values } = parseArgs({ args: [...args], options: known, strict: true });
  const number = (name: Exclude<keyof typeof known, 'only' | 'out'>, otherwise: number | string, least = 1) =>
    wholeNumber(`--${name}`, values[name] ?? String(otherwise), least);
  return {
    parts: chosenParts(
      values.only,
      furtherParts.filter((part) => values[part] !== undefined),
    ),
    accounts: number('accounts', 6_000),
    rounds: number('rounds', env.BENCH_ROUNDS ?? 4),
    perRound: number('sign-ins', env.BENCH_SIGN_INS ?? 400),
    processes: number('processes', 2, 2),
    offered: number('offered', 200),
    seconds: number('seconds', 20),
    heap: number('heap', 10_000, 10),
    out: values.out ?? 'bench/latest.json',
  };
}

function chosenParts(only: string | undefined, added: readonly Part[]): readonly Part[] {
  const named: readonly string[] = only === undefined ? rowParts : only.split(',').map((name) => name.trim());
  const unknown = named.find((name) => !parts.some((part) => part === name));
  if (unknown !== undefined) throw new Error(`--only: there is no ${unknown || 'part without a name'}`);
  return parts.filter((part) => named.includes(part) || added.includes(part));
}

function wholeNumber(name: string, given: string, least: number): number {
  const value = Number(given);
  if (!/^\d{1,9}$/.test(given) || value < least) throw new Error(`${name} must be a whole number from ${least} on`);
  return value;
}
