// The account area: what a signed-in person sees and changes of the own account. A page is data: what it shows, its forms,
// and what has to be proved before. area.ts alone lets people in, asks for fresh proofs and checks forms; a page decides
// nothing of that. A section of the Security page is one file here and one view.
import type { Account } from '../../accounts/account.ts';
import type { PageFacts, Proof } from '../../factors/factor.ts';
import type { Action, Page, Sentence } from '../../http/render.ts';
import type { Origin } from '../../platform/origin.ts';
import type { Outcome } from '../../sign-in/outcome.ts';
import type { AreaChange } from '../../sign-in/proof-changes.ts';
import type { SessionRecord } from '../../sign-in/sessions.ts';
import type { TooMany } from '../address-limit.ts';

export type Input = Readonly<Record<string, string>>;

/** One request of somebody who is signed in. */
export interface AccountVisit {
  readonly account: Account;
  readonly session: SessionRecord;
  readonly origin: Origin;
  /** What stands in place of `:name` in the path. */
  readonly params: Input;
}

/** A change: what it needs (sign-in/proof-changes), proved within five minutes (ASVS 7.5.1 and 7.5.2). `beside`: this was proved beside what the session tells. */
export type AskedProof = 'session' | { readonly change: AreaChange; readonly beside?: readonly Proof[] };

/** What has to hold before it is shown or done. */
export interface Guarded {
  /** Below the area, such as 'sessions/:id/end'; '' is the area itself. */
  readonly path: string;
  /** A function: it depends on what is under way. */
  readonly proof: AskedProof | ((visit: AccountVisit) => Promise<AskedProof>);
}

export interface AccountPost extends Guarded {
  readonly name: string;
  readonly fields: readonly string[];
  act(visit: AccountVisit, input: Input): Promise<AccountOutcome>;
}

export type AccountOutcome =
  /** On to a page of the area (absent: its first), with a sentence about what was done. */
  | { readonly outcome: 'done'; readonly notice?: Sentence; readonly to?: string }
  | Extract<Outcome, { outcome: 'refused' }>
  | TooMany;

export interface AccountShown extends Pick<Page, 'view' | 'stage' | 'facts' | 'actions' | 'notice' | 'errors'> {
  readonly values?: Input;
}

export interface AccountPage extends Guarded {
  readonly posts: readonly AccountPost[];
  /** Plain input that stays in the form when it is shown again. */
  readonly kept: readonly string[];
  show(visit: AccountVisit): Promise<AccountShown> | AccountShown;
}

/** A part of the Security page. */
export interface Section {
  readonly posts: readonly AccountPost[];
  show(visit: AccountVisit): Promise<SectionShown> | SectionShown;
}

export interface SectionShown {
  readonly facts: PageFacts;
  readonly actions?: readonly Action[];
}

export function done(code?: string): AccountOutcome {
  return { outcome: 'done', ...(code === undefined ? {} : { notice: { code } }) };
}

/** Address of a form of this kind for one of several things. */
export function postTo(post: Pick<AccountPost, 'path' | 'fields'>, name: string, params: Input = {}): Action {
  return { name, method: 'POST', href: hrefOf(post.path, params), fields: post.fields };
}

/** Address of a page of the area. */
export function linkTo(path: string, name: string, params: Input = {}): Action {
  return { name, method: 'GET', href: hrefOf(path, params), fields: [] };
}

/** From a page of its own to the first. */
export const back: Action = { name: 'back', method: 'GET', href: '/account', fields: [] };

function hrefOf(path: string, params: Input): string {
  return `/account/${path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(params[key] ?? ''))}`;
}
