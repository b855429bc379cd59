import { loadConfig } from '../../src/config.ts';
import { namesOf } from '../../src/platform/fields.ts';
import { accountPages } from '../../src/routes/account/pages.ts';
import { stagePages } from '../../src/routes/sign-in/pages.ts';
import { factorsOf } from '../../src/wiring/factors.ts';
import { everyForm } from './attack.ts';

// Every door of a sign-in and of the account area, as the routes themselves list them: a form that is added is fuzzed from
// then on, whether or not anybody thinks of it here.

/** Lists know paths and fields; nothing that they would ask is ever asked. */
const nothing: never = {} as never;
const now = () => new Date();
const config = loadConfig({ env: { NODE_ENV: 'test', TWOFOLD_ISSUER: 'http://localhost' } });
const { factors } = factorsOf({ config, cipher: nothing, now }, nothing, nothing);

const area = accountPages({
  ...{ factors, changes: nothing, beginAdding: nothing, codes: nothing, useCases: nothing, wayChanges: nothing },
  ...{ elsewhere: nothing, codeDigits: 6, signOut: '', now },
});
const { pages } = stagePages(nothing, { factors, staySeconds: 1, passwordMin: 8, codeDigits: 6, now });

/** What a step of the sign-in asks for; which of it is read depends on the person's own ways. */
const fieldsOfStep: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(Object.entries(everyForm).map(([path, form]) => [path, Object.keys(form)])),
  factor: ['way', 'code'],
  'factor/way': ['way'],
  'enrol/destination': ['email', 'phone'],
  'enrol/way': ['kind'],
  'recovery-codes': ['saved'],
};
const postedTo = pages.flatMap(({ forms }) => forms.map(({ path }) => path));

/** Below an interaction, with the fields of each. */
export const signInForms: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  [...new Set([...postedTo, 'restart', 'later', 'cancel'])].map((path) => [path, fieldsOfStep[path] ?? []]),
);

/** Pages below an interaction with an address of their own. */
export const signInPages: readonly string[] = ['', ...pages.flatMap(({ path }) => path ?? [])];

export const accountPaths: readonly string[] = area.map(({ path }) => addressOf(path));

/** Whole addresses with `:id` in them, with the fields of each. */
export const accountForms: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  area.flatMap(({ forms }) => forms.map(({ path, inputs }) => [addressOf(path), inputs.flatMap(namesOf)])),
);

function addressOf(path: string): string {
  return path === '' ? '/account' : `/account/${path}`;
}
