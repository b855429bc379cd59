import type { z } from 'zod';
import { accountPath } from '../../oidc/own-client.ts';
import { namesOf, restoredOf } from '../../platform/fields.ts';
import { randomId } from '../../platform/random.ts';
import type { Input } from '../forms/contract.ts';

// A change whose proof was missing: what was posted waits, sealed in this browser for this account and session, and after the
// proof its form is shown once, filled in. It posts to where it was posted before, and is judged there as any other: a GET
// never acts, and nothing is carried out twice.

/** Where the form stands that waits; the last part is of no other. */
export const goOnPath = `${accountPath}/continue/:id`;
export const goOnPattern = new RegExp(`^${accountPath}/continue/[\\w-]{16,64}$`);

export const newGoOn = () => goOnPath.replace(':id', randomId());

const targetKey = ':target';
const target = new RegExp(`^${accountPath}/[\\w/-]{1,300}$`);

/** What may wait is plain: a form with a field that is not (a code) is shown again, empty. */
export function waits(form: z.ZodObject): boolean {
  return restoredOf(form).length === namesOf(form).length; // guard: codes-never-wait
}

export function waiting(path: string, plain: Input): Input {
  return { ...plain, [targetKey]: path };
}

/** The form as it was posted; undefined: none waits here. */
export function waited(input: Input): { readonly href: string; readonly plain: Input } | undefined {
  const { [targetKey]: href, ...plain } = input;
  return href !== undefined && target.test(href) ? { href, plain } : undefined;
}
