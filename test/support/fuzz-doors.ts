import { namesOf } from '../../src/platform/fields.ts';
import { everyForm } from './attack.ts';
import { areaPages, signInPages as listed } from './listed-pages.ts';

// Every door of a sign-in and of the account area, as the routes themselves list them: a form that is added is fuzzed from
// then on, whether or not anybody thinks of it here.

/** What a step of the sign-in asks for; which of it is read depends on the person's own ways. */
const fieldsOfStep: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(Object.entries(everyForm).map(([path, form]) => [path, Object.keys(form)])),
  factor: ['way', 'code', 'remember'],
  'factor/way': ['way'],
  'enrol/destination': ['email', 'phone'],
  'enrol/way': ['kind'],
  'recovery-codes': ['saved'],
};
const postedTo = listed.flatMap(({ forms }) => forms.map(({ path }) => path));

/** Below an interaction, with the fields of each. */
export const signInForms: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  [...new Set([...postedTo, 'restart', 'later', 'cancel'])].map((path) => [path, fieldsOfStep[path] ?? []]),
);

/** Pages below an interaction with an address of their own. */
export const signInPages: readonly string[] = ['', ...listed.flatMap(({ path }) => path ?? [])];

export const accountPaths: readonly string[] = areaPages.map(({ path }) => addressOf(path));

/** Whole addresses with `:id` in them, with the fields of each. */
export const accountForms: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  areaPages.flatMap(({ forms }) => forms.map(({ path, inputs }) => [addressOf(path), inputs.flatMap(namesOf)])),
);

function addressOf(path: string): string {
  return path === '' ? '/account' : `/account/${path}`;
}
