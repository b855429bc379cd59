import { readFileSync } from 'node:fs';

export type TextParams = Readonly<Record<string, string | number>>;

/** One language's catalogue. Every word a person reads comes from here; a missing key is a bug and throws. */
export interface Texts {
  readonly lang: string;
  readonly dir: 'ltr' | 'rtl';
  readonly keys: readonly string[];
  has(key: string): boolean;
  text(key: string, params?: TextParams): string;
  /** The same text as HTML: everything escaped, each string that was put in isolated in a `<bdi>`. Safe for `<%- %>`. */
  rich(key: string, params?: TextParams): string;
  /** The same catalogue with parameters that every text may use, such as the product's name. */
  having(defaults: TextParams): Texts;
}

type Forms = Readonly<Record<string, string>>;
type Entry = string | Forms;
type Node = Readonly<Record<string, unknown>>;

const pluralForms = new Set(['none', 'zero', 'one', 'two', 'few', 'many', 'other']);
const placeholder = /\{(\w+)\}/g;
const minuteSeconds = 60;
const hourSeconds = 3600;
const markup: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };

/** Reads a catalogue such as views/texts/en.json: `lang`, `dir`, then texts nested by stage; `further`: texts that it does not have. */
export function loadTexts(file: URL, ...further: readonly Node[]): Texts {
  return createTexts(further.reduce((all, more) => joined(all, more), JSON.parse(readFileSync(file, 'utf8'))));
}

/** A text that is there already is not replaced: two of one name are a bug and throw. */
function joined(catalogue: Node, more: Node, prefix = ''): Node {
  const entries = Object.entries(more).map(([name, child]) => {
    const there = catalogue[name];
    if (there === undefined) return [name, child];
    if (!isNode(there) || !isNode(child)) throw new Error(`The text "${prefix}${name}" is there already`);
    return [name, joined(there, child, `${prefix}${name}.`)];
  });
  return { ...catalogue, ...Object.fromEntries(entries) };
}

/**
 * A text is a string with `{name}` places, or one string per plural form of `{n}` (`none`: no n was given).
 * `{time}` is a duration made of the parameter `seconds`, rounded up; without it, "a moment".
 */
export function createTexts(catalogue: Readonly<Record<string, unknown>>): Texts {
  const lang = String(catalogue.lang);
  const entries = new Map(flatten(catalogue).filter(([key]) => key !== 'lang' && key !== 'dir'));
  const plurals = new Intl.PluralRules(lang);
  const known = {
    lang,
    dir: catalogue.dir === 'rtl' ? ('rtl' as const) : ('ltr' as const),
    keys: [...entries.keys()],
    has: (key: string) => entries.has(key),
  };

  function template(key: string, n: string | number | undefined): string {
    const entry = entries.get(key);
    if (entry === undefined) throw new Error(`No text for "${key}" in the catalogue "${lang}"`);
    if (typeof entry === 'string') return entry;
    return entry[typeof n === 'number' ? plurals.select(n) : 'none'] ?? entry.other ?? '';
  }

  function having(defaults: TextParams): Texts {
    const text = (key: string, params: TextParams = {}) =>
      fill(template(key, params.n), (name) => String(value(key, name, params)));
    const rich = (key: string, params: TextParams = {}) =>
      fill(escapeMarkup(template(key, params.n)), (name) => isolate(value(key, name, params)));
    function value(key: string, name: string, params: TextParams): string | number {
      const given = params[name] ?? defaults[name];
      if (given !== undefined) return given;
      if (name === 'time') return duration(text, params.seconds);
      throw new Error(`The text "${key}" needs "${name}"`);
    }
    return { ...known, text, rich, having: (more) => having({ ...defaults, ...more }) };
  }

  return having({});
}

/** One pass: what is put in is never read as a place again. */
function fill(template: string, value: (name: string) => string): string {
  return template.replace(placeholder, (_, name: string) => value(name));
}

function duration(text: Texts['text'], seconds: string | number | undefined): string {
  if (typeof seconds !== 'number') return text('duration.moment');
  if (seconds < minuteSeconds) return text('duration.seconds', { n: Math.max(1, Math.ceil(seconds)) });
  if (seconds <= 2 * hourSeconds) return text('duration.minutes', { n: Math.ceil(seconds / minuteSeconds) });
  return text('duration.hours', { n: Math.ceil(seconds / hourSeconds) });
}

/** Clock times are told in UTC: the reader's zone is not known. */
export function moment(texts: Texts, value: unknown): string {
  const time = value instanceof Date ? value : new Date(String(value));
  if (Number.isNaN(time.getTime())) return String(value);
  const clock = new Intl.DateTimeFormat(texts.lang, {
    dateStyle: 'long',
    timeStyle: 'short',
    hourCycle: 'h23',
    timeZone: 'UTC',
  });
  return texts.text('duration.instant', { instant: clock.format(time) });
}

function isolate(value: string | number): string {
  return typeof value === 'number' ? String(value) : `<bdi>${escapeMarkup(value)}</bdi>`; // guard: rich-text-escaped
}

function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => markup[character] ?? '');
}

function flatten(node: Node, prefix = ''): [string, Entry][] {
  return Object.entries(node).flatMap(([name, child]): [string, Entry][] => {
    const key = `${prefix}${name}`;
    if (typeof child === 'string') return [[key, child]];
    if (isForms(child)) return [[key, child]];
    if (isNode(child)) return flatten(child, `${key}.`);
    throw new Error(`The text "${key}" is neither a text nor a group of texts`);
  });
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isForms(value: unknown): value is Forms {
  return isNode(value) && 'other' in value && Object.keys(value).every((name) => pluralForms.has(name));
}
