import type { Context } from 'koa';
import type { Action, Page, Sentence } from '../../http/render.ts';
import type { LimitedKind } from '../../protection/address-budget.ts';
import type { Stage } from '../../sign-in/next.ts';
import type { Outcome } from '../../sign-in/outcome.ts';
import type { Visit } from '../visit.ts';

export type Input = Readonly<Record<string, string>>;

/** A form of a page: which fields it takes and which use case it asks. */
export interface Post {
  readonly name: string;
  /** Path below the dispatcher; its last part may be a parameter of the page's own. */
  readonly path: string;
  /** What its client's address is limited in, beside the budgets of the account. */
  readonly limit?: LimitedKind;
  fields(visit: Visit): readonly string[];
  act(visit: Visit, input: Input, ctx: Context): Promise<Outcome | Refusal>;
}

/** The person ends it: the client is told access_denied. */
export interface Refusal {
  readonly outcome: 'refusal';
}

/** What a page shows of a visit; `stage` and `view` may depend on the kind of factor. */
export interface Shown extends Pick<Page, 'view' | 'stage' | 'facts'> {
  readonly links?: readonly Action[];
  readonly values?: Input;
  readonly account?: string;
  readonly errors?: Page['errors'];
  readonly notice?: Sentence;
  /** Names of this page's own forms that are not open now. */
  readonly closed?: readonly string[];
}

/** One page of the sign-in. Its forms are judged in its own stages only: anywhere else a POST leads to what is next. */
export interface StagePage {
  readonly stages: readonly Stage[];
  readonly posts: readonly Post[];
  show(visit: Visit): Promise<Shown> | Shown;
  /** Plain input that stays in the form when it is shown again. */
  readonly kept: readonly string[];
}

export function link(name: string, href: string): Action {
  return { name, method: 'GET', href, fields: [] };
}
