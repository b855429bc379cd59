import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accountArea } from './account-area.ts';
import { accountChanges } from './account-changes.ts';
import { accounts } from './accounts.ts';
import { adding } from './adding.ts';
import { revokedApplications } from './applications.ts';
import { backChannel } from './back-channel.ts';
import { configuration } from './config.ts';
import { delivery } from './delivery.ts';
import { factors } from './factors.ts';
import { history } from './history.ts';
import { http } from './http.ts';
import { input } from './input.ts';
import { syntaxFault } from './judge.ts';
import { links } from './links.ts';
import { lostWaysGuards } from './lost-ways.ts';
import { type Located, type Mutation, mutated, readMarkers } from './mutation.ts';
import { oidc } from './oidc.ts';
import { oidcAdapter } from './oidc-adapter.ts';
import { platform } from './platform.ts';
import { protection } from './protection.ts';
import { protocol } from './protocol.ts';
import { proving } from './proving.ts';
import { relyingParties } from './relying-parties.ts';
import { remembering } from './remembering.ts';
import { rescue } from './rescue.ts';
import { reset } from './reset.ts';
import { routes } from './routes.ts';
import { sending } from './sending.ts';
import { settingUp } from './setting-up.ts';
import { signIn } from './sign-in.ts';
import { storage } from './storage.ts';
import { storageSpending } from './storage-spending.ts';
import { tokensEnd } from './tokens-end.ts';
import { projectFolder } from './work-copy.ts';

const entries: readonly Mutation[] = [
  ...accountArea,
  ...accountChanges,
  ...accounts,
  ...adding,
  ...revokedApplications,
  ...backChannel,
  ...configuration,
  ...delivery,
  ...factors,
  ...history,
  ...http,
  ...input,
  ...links,
  ...lostWaysGuards,
  ...oidc,
  ...oidcAdapter,
  ...platform,
  ...protection,
  ...protocol,
  ...proving,
  ...relyingParties,
  ...remembering,
  ...rescue,
  ...reset,
  ...sending,
  ...routes,
  ...settingUp,
  ...signIn,
  ...storage,
  ...storageSpending,
  ...tokensEnd,
];

/** The file of every marker below src/. */
export function markedFiles(root: string): ReadonlyMap<string, string> {
  const files = globSync('src/**/*.ts', { cwd: root }).sort();
  return new Map(
    files.flatMap((file) => {
      const names = readMarkers(readFileSync(join(root, file), 'utf8')).names.flat();
      return names.map((name) => [name, file] as const);
    }),
  );
}

const files = markedFiles(projectFolder);

/** Every line that a guarantee rests on. */
export const table: readonly Located[] = entries.map((entry) => ({ ...entry, file: files.get(entry.guard) ?? '' }));

/** Where markers and table have grown apart: sentences that name the entry. */
export function tableFaults(root: string): readonly string[] {
  const marked = markedFiles(root);
  const named = entries.flatMap(({ guard, also }) => (also ? [guard, also.guard] : [guard]));
  const twins = named.filter((name, index) => named.indexOf(name) !== index);
  const without = [...marked.keys()].filter((name) => !named.includes(name));
  return [
    ...twins.map((name) => `${name} is the name of two entries`),
    ...without.map((name) => `${name} is marked in ${marked.get(name)} and has no entry`),
    ...table.flatMap((entry) => entryFaults(root, entry).map((fault) => `${entry.guard}: ${fault}`)),
  ];
}

function entryFaults(root: string, entry: Located): readonly string[] {
  const { file, guard, tests, secondGuardOf: first } = entry;
  if (file === '') return ['marked nowhere below src/'];
  const missing = tests.filter((test) => !existsSync(join(root, test))).map((test) => `no such test: ${test}`);
  const unseen = tests.length === 0 ? ['no test is named'] : [];
  const alone = first === undefined || table.some((each) => each.guard === first) ? [] : [`no such entry: ${first}`];
  try {
    const fault = syntaxFault(mutated(readFileSync(join(root, file), 'utf8'), entry));
    const broken = fault ? [`without it ${file} is no TypeScript: ${fault}`] : [];
    return [...missing, ...unseen, ...alone, ...broken];
  } catch (error) {
    return [...missing, ...unseen, ...alone, `${file}: ${error instanceof Error ? error.message : guard}`];
  }
}
