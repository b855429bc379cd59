import { randomBytes, randomInt } from 'node:crypto';
import { z } from 'zod';

/** Twenty-five cells, 'A1' to 'E5', each a letter. */
export type Card = Readonly<Record<string, string>>;

const columns = ['A', 'B', 'C', 'D', 'E'];
const rows = ['1', '2', '3', '4', '5'];
const letters = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const cellNames = columns.flatMap((column) => rows.map((row) => `${column}${row}`));

const cells = z.array(z.enum(cellNames)).length(3);
/** What an account and a card that is being set up keep of it. */
export const cardData = z.object({ sealedCard: z.string() });
/** What a challenge keeps: which cells were asked for. */
export const challengeData = z.object({ cells });

export function newCard(): string {
  return [...randomBytes(cellNames.length)].map((byte) => letters.charAt(byte % letters.length)).join('');
}

export function readCard(written: string): Card {
  return Object.fromEntries(cellNames.map((name, n) => [name, written.charAt(n)]));
}

/** Three different ones. */
export function randomCells(): readonly string[] {
  const left = [...cellNames];
  return [1, 2, 3].flatMap(() => left.splice(randomInt(left.length), 1));
}

export function lettersOf(card: Card, asked: readonly string[]): string {
  return asked.map((cell) => card[cell] ?? '').join('');
}
