import type { z } from 'zod';
import type { Account } from '../../accounts/account.ts';
import type { Action } from '../../http/render.ts';
import { namesOf } from '../../platform/fields.ts';
import type { Origin } from '../../platform/origin.ts';
import type { KnownBrowser } from '../../protection/budgets.ts';
import type { SessionRecord } from '../../sign-in/sessions.ts';
import type { Form, Input, Page } from '../forms/contract.ts';

/** One request of somebody who is signed in. */
export interface AccountVisit {
  readonly account: Account;
  readonly session: SessionRecord;
  readonly origin: Origin;
  /** The remembered device that this browser is; absent: it is none. */
  readonly device?: string;
  /** To which accounts this browser is known. */
  readonly knownBrowser: () => KnownBrowser | undefined;
  /** What stands in place of `:name` in the path. */
  readonly params: Input;
  /** What stands behind the path, where it is plain. */
  readonly query?: Input;
}

export type AccountForm = Form<AccountVisit>;

/** Every page of the area has an address: '' is the area itself. */
export type AccountPage = Page<AccountVisit> & { readonly path: string };

/** A part of the Security page. */
export interface Section<Facts extends z.ZodObject = z.ZodObject> {
  readonly facts: Facts;
  readonly forms: readonly AccountForm[];
  show(visit: AccountVisit): Promise<SectionShown<Facts>> | SectionShown<Facts>;
}

export interface SectionShown<Facts extends z.ZodObject = z.ZodObject> {
  readonly facts: z.output<Facts>;
  readonly actions?: readonly Action[];
}

/** Address of a form of this kind for one of several things. */
export function postTo({ path, inputs: [input] }: AccountForm, name: string, params: Input = {}): Action {
  return { name, method: 'POST', href: hrefOf(path, params), fields: input ? namesOf(input) : [] };
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
