import type { Context } from 'koa';
import type { FieldError, Page as RenderedPage } from '../../http/render.ts';
import type { Answer, Form, Input, Page, Shown } from './contract.ts';

/** What is wanted: a page, or a form of one. A form without a page stands on several. */
export interface Wanted<Visit> {
  readonly page?: Page<Visit>;
  readonly form?: Form<Visit>;
}

/** What was typed into a form, before it is judged. */
export interface Typed<Visit> extends Wanted<Visit> {
  readonly form: Form<Visit>;
  readonly input: Input;
}

/** Where one kind of visit is at home: what its guards mean, how it begins and where it leads. */
export interface Realm<Visit> {
  /** Address of a page or a form; '' is its first page. */
  address(path: string): string;
  /** The page that a form belongs to, as this request names it. */
  pageOf(ctx: Context, page: Page<Visit> | undefined): string;
  /** Lets the request in, or answers it: undefined. */
  admit(ctx: Context, wanted: Wanted<Visit>): Promise<Visit | undefined>;
  /** Whether what the guard asks for beside that is there; else it was answered. */
  proved(ctx: Context, visit: Visit, asked: Page<Visit> | Typed<Visit>): Promise<boolean>;
  /** What its forms are bound to (http/forgery). */
  formsOf(visit: Visit): string;
  addressOf(visit: Visit): string | undefined;
  /** Where a form led, other than to its own page again. */
  goOn(ctx: Context, visit: Visit, answer: Exclude<Answer, { outcome: 'invalid' }>): Promise<void>;
  /** What every page of it has: actions, account, client. */
  dress(ctx: Context, visit: Visit, dressed: Dressed<Visit>): Dress;
}

export type Dress = Omit<RenderedPage, 'view' | 'stage' | 'forgery'>;

export interface Dressed<Visit> {
  readonly page: Page<Visit>;
  readonly shown: Shown;
  /** Of a form that did not hold. */
  readonly errors?: readonly FieldError[];
}
