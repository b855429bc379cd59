import type { Administration } from '../../src/accounts/administration.ts';
import { loadConfig } from '../../src/config/config.ts';
import { grouped, newLongCode } from '../../src/factors/long-code.ts';
import { hashId } from '../../src/platform/hash.ts';
import type { Notice } from '../../src/protection/notices.ts';
import type { FactorPolicy } from '../../src/sign-in/policy/policy.ts';
import type { Database } from '../../src/storage/connection.ts';
import { administration, core } from '../../src/wiring/core.ts';

type Policy = Omit<FactorPolicy, 'enrolBy'>;

const usual: Policy = { secondFactor: 'required', roles: [], skips: 0 };
const config = loadConfig({ env: { NODE_ENV: 'test', TWOFOLD_ISSUER: 'http://localhost' } });

/** An administrator's hands beside a running server, as another process has them. */
export function administrator(
  db: Database,
  policy = usual,
): { readonly does: Administration; readonly notices: readonly Notice[] } {
  const { secondFactor, roles, skips } = policy;
  const notices: Notice[] = [];
  const tell = async (notice: Notice) => void notices.push(notice);
  const settings = { ...config, secondFactor, factors: { ...config.factors, roles, skips } };
  const parts = core(settings, db, { notices: { tell }, now: () => new Date() });
  return { does: administration(parts, async () => true), notices };
}

export const byAdministrator = (id: string) => ({ id, actor: 'cli', origin: {} });

/** What the help desk prints for this person. */
export async function passFor(
  { database }: { readonly database: Database },
  { id }: { readonly id: string },
): Promise<string> {
  const code = newLongCode();
  await administrator(database).does.givePass(byAdministrator(id), { hash: hashId(code), minutes: 60, by: 'grace' });
  return grouped(code);
}
