import { administering, type MailLink } from '../accounts/administration.ts';
import { createPasswords } from '../accounts/password.ts';
import type { Config } from '../config/config.ts';
import { carryingOut } from '../protection/carry-out.ts';
import type { Notices } from '../protection/notices.ts';
import type { SignInPolicy } from '../sign-in/next.ts';
import { factorPolicy } from '../sign-in/policy/policy.ts';
import { endingTooWeak } from '../sign-in/policy/too-weak.ts';
import type { Database } from '../storage/connection.ts';
import { stores } from './stores.ts';

export type CoreConfig = Pick<
  Config,
  'secondFactor' | 'factors' | 'rememberDevice' | 'rescue' | 'registration' | 'password' | 'argon2' | 'theme'
>;

export type Core = ReturnType<typeof core>;

/** What whoever changes an account stands on, a page, the command line or an API: the stores, the rules, and what a change ends. */
export function core(
  config: CoreConfig,
  database: Database,
  { notices, now }: { readonly notices: Notices; readonly now: () => Date },
) {
  const ports = stores(database);
  const { registration, rescue } = config;
  const policy: SignInPolicy = { ...factorPolicy(config), registrationOpen: registration.open, rescue };
  const tooWeak = endingTooWeak({ ...ports, policy, now });
  return {
    ...ports,
    policy,
    passwords: createPasswords(config.argon2),
    rules: { minimum: config.password.minimumLength, productName: config.theme.productName },
    carryOut: carryingOut({ ...ports, tooWeak, notices, now }),
    notices,
    now,
  };
}

/** What an administrator does, from wherever. */
export function administration(given: Core, mailLink: MailLink) {
  return administering({ ...given, mailLink, accounts: { ...given.accounts, ...given.administered } });
}
