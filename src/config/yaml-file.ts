import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';

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
  const content: unknown = document.toJS() ?? {};
  if (isTree(content)) return content;
  report(file, 'must hold settings as "name: value" lines');
  return {};
}

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
