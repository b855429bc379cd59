import { withoutUnseen } from '../platform/plain-text.ts';

// What goes to a terminal. People choose what a browser calls itself, a user name and the name of a way: none of them may hold a
// command for the terminal, turn a line round or write a line of its own.

const unseen = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

export function printedLines(lines: readonly string[]): string {
  return lines.map((line) => `${withoutUnseen(line)}\n`).join(''); // guard: terminal-text-plain
}

/** JSON leaves C1 controls and direction marks as they are; escaped they are the same value. `indent` 0: on one line. */
export function printedJson(value: unknown, indent = 2): string {
  return `${JSON.stringify(value, undefined, indent).replace(unseen, escaped)}\n`; // guard: terminal-json-plain
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
