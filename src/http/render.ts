// Turns what a page says (stage, facts, actions, errors) into HTML or into its JSON twin, and leads to the mails (mail.ts).
// It owns the one way to templates. No rule of sign-in may live here, and no words: those are in views/texts/.
import { fileURLToPath } from 'node:url';
import ejs from 'ejs';
import type { Context, Middleware } from 'koa';
import views from 'koa-views';
import { plainName } from '../platform/plain-text.ts';
import { type Mail, renderMail } from './mail.ts';
import { loadTexts, moment, type TextParams, type Texts } from './texts.ts';
import type { Theme } from './theme.ts';
import { wantsJson } from './wants-json.ts';

export type { Mail } from './mail.ts';
export type { TextParams } from './texts.ts';

/** A sentence by its code in the catalogue (`sentences.<code>`). A parameter `seconds` becomes `{time}`, a duration in words. */
export interface Sentence {
  readonly code: string;
  readonly params?: TextParams;
}

/** Field '' is the form as a whole. A sentence `<code>_<field>` is taken before `<code>`. */
export interface FieldError extends Sentence {
  readonly field: string;
}

export interface Action {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly href: string;
  readonly fields: readonly string[];
}

export interface Page {
  /** File below views/ without ending, such as 'sign-in/sign-in'. */
  readonly view: string;
  /** Key of the page's texts and the JSON twin's `stage`. */
  readonly stage: string;
  /** Absent: 200, or 422 when there are errors. */
  readonly status?: number;
  /** What the account line shows; its "Not you?" is the action named 'restart'. */
  readonly account?: string;
  readonly client?: { readonly name: string; readonly uri?: string };
  readonly facts: Facts;
  /** A way that is absent is not shown. */
  readonly actions: readonly Action[];
  readonly errors?: readonly FieldError[];
  /** Plain input to keep; never passwords or codes. */
  readonly values?: Readonly<Record<string, string>>;
  readonly notice?: Sentence;
  /** Anti-forgery token: a hidden field named `forgery` in every POST form. */
  readonly forgery?: string;
}

export interface Renderer {
  /** Answers a page as HTML or as its JSON twin by the Accept header (HTML unless JSON is preferred). */
  page(ctx: Context, page: Page): Promise<void>;
  /** Renders views/mail/<view>.txt.ejs and .html.ejs. */
  mail(view: string, facts: Facts): Promise<Mail>;
  /** The text that carries a code to a phone. Its last line binds the code to this origin: only pages there are offered it (WICG origin-bound one-time codes). */
  sms(facts: { readonly code: string; readonly host: string }): string;
  sentence(sentence: Sentence): string;
  /** Mounted once, before every route that answers a page. */
  readonly middleware: Middleware;
}

type Facts = Readonly<Record<string, unknown>>;

/** Pages and texts from elsewhere, beside those in views/. */
export interface PageParts {
  /** Path of a folder like views/: what is not found there is looked for here. */
  readonly views: string;
  /** Texts in the form of the catalogue: what is there already is not replaced. */
  readonly texts: Readonly<Record<string, unknown>>;
}

interface Options {
  readonly theme: Theme;
  /** Compile each template once. */
  readonly cache: boolean;
  readonly further?: readonly PageParts[];
}

const folder = fileURLToPath(new URL('../../views/', import.meta.url));
const catalogueFile = new URL('../../views/texts/en.json', import.meta.url);
export const catalogue = loadTexts(catalogueFile);
/** Digits of every code the product knows (RFC 6238 apps show six), unless a text is told otherwise. */
const usualDigits = 6;

export function createRenderer({ theme, cache, further = [] }: Options): Renderer {
  const app = catalogue.text('layout.app');
  const folders = [folder, ...further.map((parts) => parts.views)];
  const all = further.length === 0 ? catalogue : loadTexts(catalogueFile, ...further.map((parts) => parts.texts));
  const texts = all.having({ product: theme.productName, app, digits: usualDigits });
  return {
    page(ctx, page) {
      const own = { app: page.client?.name ?? app, digits: Number(page.facts.digits ?? usualDigits) };
      return answer(ctx, { page, theme, texts: texts.having(own) });
    },
    mail: (view, facts) => renderMail(view, { facts, texts, productName: theme.productName, cache }),
    sms: (facts) => texts.text('sms.code', { ...facts, product: plainName(theme.productName) }), // guard: text-product-plain
    sentence: (sentence) => sentenceText(texts, sentence),
    middleware: views(folder, { extension: 'ejs', engineSource: { ejs: engine(cache, folders) } }),
  };
}

/** koa-views hands locals and options over as one object, where a local named `delimiter` printed the template: they part here. */
function engine(cache: boolean, folders: readonly string[]) {
  const options = { cache, views: [...folders] };
  return (file: string, { page }: { readonly page: unknown }) => ejs.renderFile(file, { page }, options);
}

interface Answer {
  readonly page: Page;
  readonly theme: Theme;
  readonly texts: Texts;
}

async function answer(ctx: Context, { page, theme, texts }: Answer): Promise<void> {
  ctx.status = page.status ?? (hasErrors(page) ? 422 : 200);
  ctx.vary('Accept');
  if (wantsJson(ctx)) return answerJson(ctx, page, texts);
  await ctx.render('./layout.ejs', { page: pageModel({ page, theme, texts }) });
}

function answerJson(ctx: Context, page: Page, texts: Texts): void {
  const isProblem = hasErrors(page) || page.stage === 'problem';
  ctx.set('Content-Type', isProblem ? 'application/problem+json' : 'application/json');
  ctx.body = JSON.stringify(isProblem ? problem(page, ctx.status, texts) : twin(page, texts));
}

/** What the page says without its words; undefined members vanish in JSON. */
function twin({ stage, account, facts, actions, notice, forgery }: Page, texts: Texts) {
  const shown = notice && { code: notice.code, text: sentenceText(texts, notice) };
  return { stage, account, facts, actions, notice: shown, forgery };
}

/** RFC 9457; the twin's members are its extension members. */
function problem(page: Page, status: number, texts: Texts) {
  const errors = (page.errors ?? []).map((error) => {
    return { field: error.field, code: error.code, sentence: fieldSentence(texts, error) };
  });
  const code = errors[0]?.code ?? page.facts.code;
  const title = texts.text(page.stage === 'problem' ? titleKey(page) : 'layout.problem');
  return { type: 'about:blank', title, status, code, errors, ...twin(page, texts) };
}

/** All that a template may use, as `page`. */
function pageModel({ page, theme, texts }: Answer) {
  const errors = (page.errors ?? []).map((error) => {
    return { ...error, target: target(page, error), text: fieldSentence(texts, error) };
  });
  const title = texts.text('layout.title', { title: texts.text(titleKey(page)) });
  return {
    ...page,
    lang: texts.lang,
    dir: texts.dir,
    theme,
    t: texts.text,
    has: texts.has,
    rich: texts.rich,
    moment: (value: unknown) => moment(texts, value),
    title: errors.length > 0 ? texts.text('layout.error', { title }) : title,
    heading: texts.rich(titleKey(page)),
    errors,
    notice: page.notice && sentenceText(texts, page.notice),
    values: page.values ?? {},
    action: (name: string) => page.actions.find((action) => action.name === name),
    error: (field: string) => errors.find((error) => error.field === field)?.text,
  };
}

function titleKey({ stage, facts }: Page): string {
  return stage === 'problem' ? `problem.${facts.code}.title` : `${stage}.title`;
}

function hasErrors({ errors }: Page): boolean {
  return errors !== undefined && errors.length > 0;
}

function sentenceText(texts: Texts, { code, params }: Sentence): string {
  return texts.text(`sentences.${code}`, params);
}

function fieldSentence(texts: Texts, { field, code, params }: FieldError): string {
  const own = `sentences.${code}_${field}`;
  return texts.text(texts.has(own) ? own : `sentences.${code}`, params);
}

/** The id of the field an error leads to: its own, or the first of the form; none when nothing can be typed. */
function target({ actions }: Page, { field }: FieldError): string | undefined {
  const typed = actions.filter(({ method }) => method === 'POST').flatMap(({ fields }) => fields);
  return field === '' ? typed[0] : typed.find((name) => name === field);
}
