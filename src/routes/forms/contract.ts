import type { z } from 'zod';
import type { Proof } from '../../factors/factor.ts';
import type { Action, FieldError, Page as RenderedPage, Sentence } from '../../http/render.ts';
import { namesOf, restoredOf } from '../../platform/fields.ts';
import type { LimitedKind } from '../../protection/address-budget.ts';
import type { Stage } from '../../sign-in/next.ts';
import type { Outcome } from '../../sign-in/outcome.ts';
import type { AreaChange } from '../../sign-in/policy/proof-changes.ts';

/** The fields of a form as they were read: plain texts. */
export type Input = Readonly<Record<string, string>>;

/** A change of the own account: what it needs (sign-in/policy/proof-changes), proved within five minutes (ASVS 7.5.1 and 7.5.2). `beside`: this was proved beside what the session tells. */
export interface FreshProof {
  readonly change: AreaChange;
  readonly beside?: readonly Proof[];
}

/** Who may come. It is judged before anything is shown or done, by the realm that it belongs to (realm.ts). */
export type Guard<Visit> =
  /** The browser that began the sign-in, in one of these stages; absent: in any that is not its end. */
  | { readonly who: 'in-sign-in'; readonly stages?: readonly Stage[] }
  /** The browser that opened a mailed link of this purpose, as long as that link leads on; with stages: in one of these of what its button began. */
  | { readonly who: 'by-link'; readonly stages?: readonly Stage[] }
  /** Whoever has a session that is worth enough for the account area. */
  | { readonly who: 'signed-in' }
  /** The same, who has just proved what the change needs. Undefined: nothing is needed as things are. */
  | { readonly who: 'fresh'; proof(visit: Visit): FreshProof | undefined | Promise<FreshProof | undefined> };

export const inSignIn = (...stages: readonly Stage[]) => ({ who: 'in-sign-in', stages }) as const;
export const anywhereInSignIn = { who: 'in-sign-in' } as const;
export const byLink = { who: 'by-link' } as const;
export const byLinkAt = (...stages: readonly Stage[]) => ({ who: 'by-link', stages }) as const;
export const signedIn = { who: 'signed-in' } as const;
export const fresh = (change: AreaChange) => ({ who: 'fresh', proof: (): FreshProof => ({ change }) }) as const;
export const freshAs = <Visit>(proof: (visit: Visit) => Promise<FreshProof | undefined>) =>
  ({ who: 'fresh', proof }) as const;

/** What a form leads to. */
export type Answer =
  | Outcome
  /** The person ends the sign-in: the client is told access_denied. */
  | { readonly outcome: 'cancelled' }
  /** On to a page (absent: the first of its realm), with a sentence about what was done. */
  | { readonly outcome: 'done'; readonly notice?: Sentence; readonly to?: string; readonly failed?: true };

export function done(code?: string): Answer {
  return { outcome: 'done', ...(code === undefined ? {} : { notice: { code } }) };
}

/** A form that is open: its fields are read, and judged by this. Or what else is to be done, where it is open no more. */
export type Entered = ((input: Input) => Promise<Answer>) | Answer;

/** A form as the dispatcher drives it. */
export interface Form<Visit> {
  readonly name: string;
  /** Below its realm; a part may be a parameter, such as 'sessions/:id/end'. */
  readonly path: string;
  readonly guard: Guard<Visit>;
  /** What its client's address is limited in, beside the budgets of the account. */
  readonly limit?: LimitedKind;
  /** Every input that it may take; which of them is the visit's to say. */
  readonly inputs: readonly z.ZodObject[];
  inputOf(visit: Visit): z.ZodObject;
  enter(visit: Visit): Promise<Entered>;
}

interface FormGiven<Visit, Schema extends z.ZodObject> extends Pick<Form<Visit>, 'name' | 'path' | 'guard' | 'limit'> {
  readonly input: Schema;
  act(visit: Visit, input: z.output<Schema>): Promise<Answer>;
}

export function form<Visit, Schema extends z.ZodObject>(given: FormGiven<Visit, Schema>): Form<Visit> {
  const { input, act, ...form } = given;
  return {
    ...form,
    inputs: [input],
    inputOf: () => input,
    enter: async (visit) => (typed) => act(visit, input.parse(typed)),
  };
}

/** A form of which the visit says what it takes; what is typed is judged by whoever that schema belongs to. */
export function formByVisit<Visit>({
  act,
  ...given
}: Omit<Form<Visit>, 'enter'> & { act(visit: Visit, input: Input): Promise<Answer> }): Form<Visit> {
  return { ...given, enter: async (visit) => (typed) => act(visit, typed) };
}

/** One look of a page: its template, and what it says. `stage`: the key of its texts, and the JSON twin's member. */
export interface Screen<Facts extends z.ZodObject = z.ZodObject> {
  /** File below views/ without ending, such as 'sign-in/sign-in'. */
  readonly view: string;
  readonly stage: string;
  readonly facts: Facts;
}

/** What a page says of a visit. */
export interface Shown {
  readonly screen: Screen;
  readonly facts: RenderedPage['facts'];
  readonly links?: readonly Action[];
  /** Absent: every form of the page that is not closed, as its realm has them. */
  readonly actions?: readonly Action[];
  readonly values?: Input;
  readonly account?: string;
  readonly errors?: readonly FieldError[];
  readonly notice?: Sentence;
  /** Names of forms that are not open now. */
  readonly closed?: readonly string[];
}

/** The facts of a screen, as its schema has them. */
export function says<Facts extends z.ZodObject>(screen: Screen<Facts>, facts: z.output<Facts>) {
  return { screen, facts: facts as RenderedPage['facts'] };
}

export interface Page<Visit> {
  /** Below its realm. Absent: it has no address of its own, and is shown where its stage is next. */
  readonly path?: string;
  readonly guard: Guard<Visit>;
  /** Every look that it may take. */
  readonly screens: readonly Screen[];
  readonly forms: readonly Form<Visit>[];
  show(visit: Visit): Promise<Shown> | Shown;
}

export function link(name: string, href: string): Action {
  return { name, method: 'GET', href, fields: [] };
}

export function post<Visit>({ inputOf }: Form<Visit>, visit: Visit, name: string, href: string): Action {
  return { name, method: 'POST', href, fields: namesOf(inputOf(visit)) };
}

/** What stays in a form that is shown again, of what was typed. */
export function restored(form: z.ZodObject, input: Input): Input {
  return Object.fromEntries(
    restoredOf(form).flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]])),
  );
}
