// Mutation: the lines that a guarantee rests on, each taken out once to see a test turn red.
// The tables here name such lines by their exact text, one file for each folder of src/; run.ts takes them out. A new guarantee
// is a new entry. What a test asserts may not live here, and no entry may be about looks, words or speed.

interface Edit {
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** One line whose loss would be a fault, and the tests that must notice. */
export interface Mutation extends Edit {
  /** The guarantee that is lost, as one sentence. It names the entry: no two are alike. */
  readonly why: string;
  readonly file: string;
  /** The other half of a guarantee that stands in two places. */
  readonly also?: Edit;
  readonly tests: readonly string[];
  /** `why` of another line that holds the same by itself: only without both a test turns red. */
  readonly secondGuardOf?: string;
}

export type Line = Omit<Mutation, 'file' | 'tests'> & Partial<Pick<Mutation, 'tests'>>;

/** The entries of one file; those that name no tests have the file's. */
export function linesOf(file: string, tests: readonly string[], lines: readonly Line[]): readonly Mutation[] {
  return lines.map((line) => ({ file, tests, ...line }));
}

/** The file's text without the line. Throws when the entry no longer says which text it means. */
export function mutated(text: string, { file, find, replace, also }: Mutation): string {
  const changed = edited(text, { file, find, replace });
  return also ? edited(changed, { file, ...also }) : changed;
}

function edited(text: string, { file, find, replace }: Edit & Pick<Mutation, 'file'>): string {
  const parts = text.split(find);
  if (parts.length !== 2) throw new Error(`${file} holds ${parts.length - 1} times: ${find}`);
  return parts.join(replace);
}
