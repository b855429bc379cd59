import { fileURLToPath } from 'node:url';
import ejs from 'ejs';
import { plainName } from '../platform/plain-text.ts';
import { browserName } from './browser-name.ts';
import { moment, type TextParams, type Texts } from './texts.ts';

// Mails and texts to phones. Whoever makes somebody else's mail go out, as a registration does, must not choose what it says: nothing
// of a request and no name that anybody chose stands in one as it came.

export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

interface Options {
  readonly facts: Readonly<Record<string, unknown>>;
  /** Those of the pages, whose product name may be anything. */
  readonly texts: Texts;
  readonly productName: string;
  readonly cache: boolean;
}

const folder = fileURLToPath(new URL('../../views/mail/', import.meta.url));

export async function renderMail(view: string, { facts: given, texts, productName, cache }: Options): Promise<Mail> {
  const facts: Facts = { ...plain(given), browser: browserWords(texts, given.browser) }; // guard: mail-browser-own-words
  const product = plainName(productName); // guard: mail-product-plain
  const words = texts.having({ ...textParams(facts), product });
  const key = view === 'notice' ? `mail.notice.${facts.event}` : `mail.${view}`;
  const subject = words.text(`${key}.subject`);
  const mail = {
    view,
    key,
    subject,
    facts,
    product,
    origin: originRows(words, facts),
    ...(view === 'notice' ? { warning: warningKey(texts, key, facts) } : {}),
    lang: texts.lang,
    dir: texts.dir,
    t: words.text,
    has: words.has,
    rich: words.rich,
  };
  const text = await ejs.renderFile(`${folder}${view}.txt.ejs`, { mail }, { cache, escape: String });
  const html = await ejs.renderFile(`${folder}layout.html.ejs`, { mail }, { cache });
  return { subject, text: `${text.trim().replace(/\n{3,}/g, '\n\n')}\n`, html };
}

type Facts = Options['facts'];

/** What to do about it where it was somebody else: its own sentence, or that of its kind. */
function warningKey(texts: Texts, key: string, { actor, n }: Facts): string {
  const own = `${key}.not_you`;
  if (actor) return 'mail.notice.administrator';
  if (texts.has(own)) return own;
  return n ? 'mail.notice.guessed' : 'mail.notice.warning';
}

/** Where the request came from, as label and value: what a person needs to tell their own doing from a stranger's. */
function originRows(texts: Texts, { client, when, browser, place }: Facts): readonly (readonly [string, string])[] {
  const rows: readonly (readonly [string, unknown])[] = [
    ['mail.app', client],
    ['mail.when', when && moment(texts, when)],
    ['mail.browser', browser],
    ['mail.place', place],
  ];
  return rows.filter(([, value]) => value).map(([key, value]) => [texts.text(key), String(value)]);
}

function plain(facts: Facts): Facts {
  const shown = ([name, value]: [string, unknown]) => [name, isName(name, value) ? plainName(value) : value]; // guard: mail-facts-plain
  return Object.fromEntries(Object.entries(facts).map(shown));
}

/** An account's own address, which is canonical and was confirmed: administrators answer to it. And what is made from the configured issuer: the one thing in a mail that is to be followed. */
const ownWords: readonly string[] = ['account', 'url', 'site'];

function isName(fact: string, value: unknown): value is string {
  return typeof value === 'string' && !ownWords.includes(fact);
}

/** A whole User-Agent is 200 characters of a stranger's own: only our names of browsers are told. */
function browserWords(texts: Texts, userAgent: unknown): string | undefined {
  if (typeof userAgent !== 'string') return undefined;
  const { browser, system } = browserName(userAgent);
  if (browser && system) return texts.text('security.browserOn', { browser, system });
  return browser ?? system ?? texts.text('security.unknown');
}

function textParams(facts: Facts): TextParams {
  const isParam = (entry: [string, unknown]): entry is [string, string | number] =>
    typeof entry[1] === 'string' || typeof entry[1] === 'number';
  return Object.fromEntries(Object.entries(facts).filter(isParam));
}
