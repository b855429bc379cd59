import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accountArea } from './account-area.ts';
import { accountChanges } from './account-changes.ts';
import { accounts } from './accounts.ts';
import { adding } from './adding.ts';
import { configuration } from './config.ts';
import { delivery } from './delivery.ts';
import { factors } from './factors.ts';
import { http } from './http.ts';
import { input } from './input.ts';
import { syntaxFault } from './judge.ts';
import { type Mutation, mutated } from './mutation.ts';
import { oidc } from './oidc.ts';
import { oidcAdapter } from './oidc-adapter.ts';
import { platform } from './platform.ts';
import { protection } from './protection.ts';
import { protocol } from './protocol.ts';
import { proving } from './proving.ts';
import { relyingParties } from './relying-parties.ts';
import { routes } from './routes.ts';
import { sending } from './sending.ts';
import { settingUp } from './setting-up.ts';
import { signIn } from './sign-in.ts';
import { storage } from './storage.ts';
import { storageSpending } from './storage-spending.ts';
import { tokensEnd } from './tokens-end.ts';

/** Every line that a guarantee rests on. */
export const table: readonly Mutation[] = [
  ...accountArea,
  ...accountChanges,
  ...accounts,
  ...adding,
  ...configuration,
  ...delivery,
  ...factors,
  ...http,
  ...input,
  ...oidc,
  ...oidcAdapter,
  ...platform,
  ...protection,
  ...protocol,
  ...proving,
  ...relyingParties,
  ...sending,
  ...routes,
  ...settingUp,
  ...signIn,
  ...storage,
  ...storageSpending,
  ...tokensEnd,
];

/** Where the table has grown away from the project: sentences that name the entry. */
export function tableFaults(root: string, entries = table): readonly string[] {
  return entries.flatMap((mutation) => {
    const missing = mutation.tests
      .filter((test) => !existsSync(join(root, test)))
      .map((test) => `no such test: ${test}`);
    const twins = table.filter(({ why }) => why === mutation.why).length > 1 ? ['another entry has this sentence'] : [];
    const first = mutation.secondGuardOf;
    const alone = first === undefined || table.some(({ why }) => why === first) ? [] : [`no such entry: ${first}`];
    return [...missing, ...twins, ...alone, ...textFaults(root, mutation)].map((fault) => `${mutation.why} ${fault}`);
  });
}

function textFaults(root: string, mutation: Mutation): readonly string[] {
  const path = join(root, mutation.file);
  if (!existsSync(path)) return [`no such file: ${mutation.file}`];
  try {
    const fault = syntaxFault(mutated(readFileSync(path, 'utf8'), mutation));
    return fault ? [`without it ${mutation.file} is no TypeScript: ${fault}`] : [];
  } catch (error) {
    return [String(error)];
  }
}
