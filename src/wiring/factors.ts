import type { Account } from '../accounts/account.ts';
import type { DeliveredCodes } from '../accounts/addresses.ts';
import type { Config } from '../config.ts';
import { deliveredCodeFactor } from '../factors/delivered-code.ts';
import { emailKind, smsKind } from '../factors/delivered-kinds.ts';
import type { Factor } from '../factors/factor.ts';
import { recoveryCodes, recoveryFactor } from '../factors/recovery-codes.ts';
import { totpFactor } from '../factors/totp.ts';
import { weakestEnrolled } from '../sign-in/enrolled.ts';
import type { Base } from './base.ts';
import type { Core } from './core.ts';

interface FactorConfig {
  readonly factors: Pick<Config['factors'], 'kinds'>;
  readonly sms: Pick<Config['sms'], 'countries'>;
  readonly theme: Pick<Config['theme'], 'productName'>;
}

type Ports = Pick<Core, 'steps' | 'firstFactors' | 'furtherFactors' | 'codeSpends' | 'recoverySets' | 'passwords'>;

export type Proving = ReturnType<typeof factorsOf>;

/** The factors that the configuration names, in its order, with the recovery codes where it names those. */
export function factorsOf(
  { config, cipher, now }: Pick<Base, 'cipher' | 'now'> & { readonly config: FactorConfig },
  { steps, firstFactors, furtherFactors, codeSpends, recoverySets, passwords }: Ports,
  codes: DeliveredCodes,
) {
  const unmarked = (account: Account) => weakestEnrolled(factors, account);
  const recovering = { sets: recoverySets, passwords, cipher, unmarked, now };
  const enrolling = { firstFactors, furtherFactors, now };
  const delivered = { ...enrolling, codes, spends: codeSpends };
  const issuerName = config.theme.productName;
  const makers: Readonly<Record<Config['factors']['kinds'][number], () => Factor>> = {
    totp: () => totpFactor({ ...enrolling, steps, cipher, issuerName }),
    email: () => deliveredCodeFactor(emailKind, delivered),
    sms: () => deliveredCodeFactor(smsKind(config.sms.countries), delivered),
    recovery: () => recoveryFactor(recovering),
  };
  const { kinds } = config.factors;
  const factors: readonly Factor[] = kinds.map((kind) => makers[kind]());
  return {
    factors,
    deliveredCodes: codes,
    ...(kinds.includes('recovery') ? { recovery: recoveryCodes(recovering) } : {}),
  };
}
