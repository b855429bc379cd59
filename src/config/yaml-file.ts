import { readFileSync } from 'node:fs';
import { type Document, isScalar, LineCounter, type Pair, parseDocument, visit } from 'yaml';

export type Tree = Readonly<Record<string, unknown>>;
export type ReportFault = (file: string, sentence: string) => void;

/** The file's top-level mapping; `{}` when it is empty, absent though it may be, or faulty (then reported). */
export function readYaml(file: string, report: ReportFault, { optional = false } = {}): Tree {
  const text = readText(file);
  if (text === undefined) {
    if (!optional) report(file, 'cannot be read; create it or name another file');
    return {};
  }
  const lines = new LineCounter();
  // The parser's own messages quote the line, which may hold a secret: only the place and the kind are told.
  const document = parseDocument(text, { prettyErrors: false, lineCounter: lines });
  for (const error of document.errors) {
    const { line, col } = lines.linePos(error.pos[0]);
    report(
      `${file}:${line}:${col}`,
      `is not valid YAML (${error.code.toLowerCase().replaceAll('_', ' ')}); mend this line`,
    );
  }
  if (document.errors.length > 0) return {};
  for (const { key, place } of emptied(document, text)) {
    const { line } = lines.linePos(place);
    report(`${file}:${line}`, `${key} has no value; give it one (in quotes if it begins with #), or remove the line`);
  }
  const content: unknown = document.toJS() ?? {};
  if (isTree(content)) return content;
  report(file, 'must hold settings as "name: value" lines');
  return {};
}

/**
 * Keys whose value is gone: `accent: #12b886` is a key and a comment. A group whose members are all commented out below it
 * says nothing on purpose, as a written null does.
 */
function emptied(document: Document, text: string): readonly { readonly key: string; readonly place: number }[] {
  const found: { key: string; place: number }[] = [];
  visit(document, {
    Pair(_, { key, value }: Pair) {
      const gone = value === null || (isScalar(value) && value.value === null && value.source === '');
      const place = isScalar(key) ? key.range?.[0] : undefined;
      if (gone && place !== undefined && isScalar(key) && !holdsComments(text, place))
        found.push({ key: String(key.value), place });
    },
  });
  return found;
}

/** Nothing stands behind the key, and what follows it is a comment that is set in deeper. */
function holdsComments(text: string, place: number): boolean {
  const start = text.lastIndexOf('\n', place) + 1;
  const [line = '', ...after] = text.slice(start).split('\n');
  const next = after.find((each) => each.trim() !== '') ?? '';
  const indent = (each: string) => each.length - each.trimStart().length;
  return /:\s*$/.test(line) && next.trimStart().startsWith('#') && indent(next) > indent(line);
}

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readText(file: string): string | undefined {
  try {
    return withoutMark(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Editors of some systems begin a file with a byte order mark, which is none of its content (RFC 8259 section 8.1). */
export function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '');
}
