import { ConfigError } from '../config/faults.ts';
import { type Answer, type Call, type Command, NoDatabase, readCall, UsageError } from './command.ts';
import { helpOf, overview } from './help.ts';
import type { House } from './house.ts';
import { terminal } from './terminal.ts';
import { userCommands } from './user.ts';

// Reads the arguments, opens what a command needs, prints, and says by the exit code how it went. Touches the process.

/** EX_UNAVAILABLE and EX_CONFIG of sysexits.h. */
const exitCodes = { refused: 1, usage: 2, noDatabase: 69, configuration: 78 } as const;

async function main([group, name, ...args]: readonly string[]): Promise<number> {
  const asksForHelp = [group, name].some((one) => one === undefined || one === '--help');
  if (group !== undefined && group !== 'user' && group !== '--help')
    throw new UsageError('The only commands are those of "user".');
  if (asksForHelp) {
    print(overview(userCommands));
    return name === '--help' || group === '--help' ? 0 : exitCodes.usage;
  }
  const command = userCommands.find((one) => one.name === name);
  if (!command) throw new UsageError('There is no such command: see --help.');
  const call = readCall(command, args);
  if (call.help) print(helpOf(command));
  else answer(await carryOut(command, call), call);
  return 0;
}

/** What the work needs is loaded for it alone: help and wrong calls are answered at once. */
async function carryOut(command: Command<House>, call: Call): Promise<Answer> {
  const { loadConfig } = await import('../config.ts');
  const config = loadConfig({ env: process.env });
  const { withHouse } = await import('./build.ts');
  const asked = terminal({ input: process.stdin, output: process.stderr });
  return withHouse(config, { terminal: asked, warn: complain }, (house) => command.run(call, house));
}

function answer({ lines, json }: Answer, { options }: Call): void {
  // What a browser calls itself could hold commands for the terminal.
  const plain = lines.map((line) => `${line.replaceAll(/\p{Cc}/gu, '')}\n`).join('');
  print(options.json === true ? `${JSON.stringify(json, undefined, 2)}\n` : plain);
}

function print(text: string): void {
  process.stdout.write(text);
}

function complain(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

function failed(error: unknown): number {
  if (error instanceof ConfigError) {
    complain(`Twofold cannot work with this configuration:\n${error.faults.map((fault) => `- ${fault}`).join('\n')}`);
    return exitCodes.configuration;
  }
  complain(error instanceof Error ? error.message : String(error));
  if (error instanceof NoDatabase) return exitCodes.noDatabase;
  return error instanceof UsageError ? exitCodes.usage : exitCodes.refused;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = failed(error);
}
