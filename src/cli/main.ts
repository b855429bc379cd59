import { type Answer, type Call, type Command, readCall, UsageError } from './command.ts';
import type { Context } from './context.ts';
import { complaint, exitCodes, failureOf, wantsJson, warning } from './failure.ts';
import { helpOf, overview } from './help.ts';
import { printedJson, printedLines } from './printed.ts';
import { terminal } from './terminal.ts';
import { userCommands } from './user.ts';

// Reads the arguments, opens what a command needs, prints, and says by the exit code how it went. Touches the process.

const given = process.argv.slice(2);
const json = wantsJson(given);

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
async function carryOut(command: Command<Context>, call: Call): Promise<Answer> {
  const { loadConfig } = await import('../config/config.ts');
  const config = loadConfig({ env: process.env });
  const { withContext } = await import('./build.ts');
  const answering = terminal({ input: process.stdin, output: process.stderr });
  return withContext(config, { terminal: answering, warn }, (context) => command.run(call, context));
}

function answer({ lines, json }: Answer, { options }: Call): void {
  print(options.json === true ? printedJson(json) : printedLines(lines));
}

function print(text: string): void {
  process.stdout.write(text);
}

function warn(sentence: string): void {
  process.stderr.write(warning(sentence, json));
}

try {
  process.exitCode = await main(given);
} catch (error) {
  const failure = failureOf(error);
  process.stderr.write(complaint(failure, json));
  process.exitCode = failure.exitCode;
}
