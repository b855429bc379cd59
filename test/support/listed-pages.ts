import type { z } from 'zod';
import { loadConfig } from '../../src/config/config.ts';
import { accountPages } from '../../src/routes/account/pages.ts';
import type { Screen } from '../../src/routes/forms/contract.ts';
import { notMePage } from '../../src/routes/link/not-me.ts';
import { resetLinkPage, resetPages, resetPurposes } from '../../src/routes/link/reset.ts';
import { otherScreens } from '../../src/routes/screens.ts';
import { stagePages } from '../../src/routes/sign-in/pages.ts';
import { factorsOf } from '../../src/wiring/factors.ts';

// Every page, as the routes themselves list them: what is added is looked at from then on, whether or not anybody thinks of it.

/** Lists know paths, fields and facts; nothing that they would ask is ever asked. */
const nothing: never = {} as never;
const now = () => new Date();
const config = loadConfig({ env: { NODE_ENV: 'test', TWOFOLD_ISSUER: 'http://localhost' } });
const { factors } = factorsOf({ config, cipher: nothing, now }, nothing, nothing);

export const areaPages = accountPages({
  factors,
  changes: nothing,
  beginAdding: nothing,
  recoveryCodes: nothing,
  useCases: nothing,
  factorManagement: nothing,
  elsewhere: nothing,
  devices: nothing,
  applications: nothing,
  changePassword: nothing,
  passwordMin: 8,
  history: nothing,
  codeDigits: 6,
  signOut: '',
  now,
});

const signIn = stagePages(nothing, {
  askReset: nothing,
  factors,
  staySeconds: 1,
  passwordMin: 8,
  codeDigits: 6,
  administrators: true,
  now,
});

export const signInPages = signIn.pages;

const reset = resetPages({
  ...(nothing as object as Parameters<typeof resetPages>[0]),
  factors,
  passwordMin: 8,
  administrators: false,
  now,
});

export const linkPages = [
  ...resetPurposes.map((purpose) => resetLinkPage(purpose, nothing)),
  notMePage({ deny: nothing, newPassword: '' }),
];

export const resettingPages = reset.pages;

export const screens: readonly Screen[] = [
  ...[...signInPages, ...areaPages, ...linkPages, ...resettingPages].flatMap((page) => page.screens),
  ...otherScreens,
];

export const forms = [
  ...signInPages.flatMap((page) => page.forms),
  ...areaPages.flatMap((page) => page.forms),
  ...linkPages.flatMap((page) => page.forms),
  ...resettingPages.flatMap((page) => page.forms),
];

/** What is said beside what any listed page of this stage says; undefined: all of it, or no such stage is listed. */
export function unsaid(stage: string | undefined, facts: object): string | undefined {
  const listed = screens.filter((screen) => screen.stage === stage);
  const faults = listed.map((screen) => strictFault(screen.facts, facts));
  return listed.length === 0 || faults.includes(undefined) ? undefined : faults.join('\n');
}

function strictFault(schema: z.ZodObject, facts: object): string | undefined {
  const strict = schema.def.catchall ? schema : schema.strict();
  const { error } = strict.safeParse(facts);
  return error?.message;
}
