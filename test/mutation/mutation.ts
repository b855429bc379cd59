// Mutation: the lines that a guarantee rests on, each taken out once to see a test turn red.
// Such a line is marked in src/ by `// guard: name`; the tables here say of each name what is taken out and which tests must
// notice, one file for each folder of src/. run.ts takes them out. A new guarantee is a marker and an entry; a marker without an
// entry, an entry without a marker and an entry without a test are faults. No entry is about looks, words or speed.

interface Edit {
  /** Name of the marker. */
  readonly guard: string;
  /** Text of the marked line (or beginning in it), there once, and what stands in its place. Absent: the line is left out. */
  readonly replace?: readonly [from: string, to: string];
  /** So many lines from the marked one on are left out; one unless said. */
  readonly lines?: number;
}

/** One line whose loss would be a fault, and the tests that must notice. */
export interface Mutation extends Edit {
  /** The other half of a guarantee that stands in two places of one file. */
  readonly also?: Edit;
  readonly tests: readonly string[];
  /** Marker of another line that holds the same by itself: only without both a test turns red. */
  readonly secondGuardOf?: string;
}

/** A mutation whose marker was found. */
export interface Located extends Mutation {
  readonly file: string;
}

export type Line = Omit<Mutation, 'tests'> & Partial<Pick<Mutation, 'tests'>>;

/** Entries that are seen by the same tests, but where one names its own. */
export function guarded(tests: readonly string[], lines: readonly Line[]): readonly Mutation[] {
  return lines.map((line) => ({ tests, ...line }));
}

const marker = /(?:^|\s)\s*\/\/ guard: ([a-z0-9-]+(?:, [a-z0-9-]+)*)$/;

/** A source without its markers, and the names that each of its lines was marked by. */
export interface Marked {
  readonly lines: readonly string[];
  readonly names: readonly (readonly string[])[];
}

/** A marker that stands alone belongs to the line above it: the formatter puts it there where that line opens a block. */
export function readMarkers(text: string): Marked {
  const lines: string[] = [];
  const names: string[][] = [];
  for (const line of text.split('\n')) {
    const found = marker.exec(line);
    const marked = found?.[1]?.split(', ') ?? [];
    if (found?.index === 0) names.at(-1)?.push(...marked);
    else {
      lines.push(line.replace(marker, ''));
      names.push(marked);
    }
  }
  return { lines, names };
}

/** First and last line that the edit is about, counted from 0. Throws where the marker does not stand exactly once. */
export function spanOf({ names }: Marked, { guard, replace, lines = 1 }: Edit): readonly [first: number, last: number] {
  const places = names.flatMap((ofLine, line) => (ofLine.includes(guard) ? [line] : []));
  const [first] = places;
  if (first === undefined || places.length > 1) throw new Error(`${guard} is marked ${places.length} times`);
  return [first, first + (replace ? replace[0].split('\n').length : lines) - 1];
}

/** The file's text without the lines. Throws when an entry no longer says which text it means. */
export function mutated(text: string, ...mutations: readonly Mutation[]): string {
  const source = readMarkers(text);
  const edits = mutations.flatMap(({ also, ...edit }): readonly Edit[] => (also ? [edit, also] : [edit]));
  // From the end on: what was taken out moves no line that is still to be looked at.
  const spans = edits.map((each) => ({ each, span: spanOf(source, each) })).toSorted((a, b) => b.span[0] - a.span[0]);
  const lines = [...source.lines];
  for (const { each, span } of spans) {
    const [first, last] = span;
    lines.splice(first, last - first + 1, ...edited(lines.slice(first, last + 1).join('\n'), each));
  }
  return lines.join('\n');
}

/** What stands in the place of the marked lines. */
function edited(text: string, { guard, replace }: Edit): readonly string[] {
  if (!replace) return [];
  const [from, to] = replace;
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`${guard} holds ${parts.length - 1} times: ${from}`);
  return [parts.join(to)];
}
