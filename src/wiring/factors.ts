import type { Account } from '../accounts/account.ts';
import type { DeliveredCodes } from '../delivery/delivered-codes.ts';
import { deliveredCodeFactor } from '../factors/delivered-code.ts';
import { emailKind, smsKind } from '../factors/delivered-kinds.ts';
import type { Factor } from '../factors/factor.ts';
import { passFactor } from '../factors/pass.ts';
import { recoveryCodes, recoveryFactor } from '../factors/recovery-codes.ts';
import { rescueFactor } from '../factors/rescue.ts';
import { totpFactor } from '../factors/totp.ts';
import { weakestEnrolled } from '../sign-in/policy/enrolled.ts';
import type { FactorBase, FactorParts, FurtherFactor } from './further-factors.ts';

export type Proving = ReturnType<typeof factorsOf>;

/** How each kind that is declared is made. */
const makers: Readonly<Record<string, FurtherFactor['make']>> = {
  totp({ base: { config, cipher, now }, core }) {
    return totpFactor({ ...core, cipher, issuerName: config.theme.productName, now });
  },
  email: ({ base, core, deliveredCodes }) =>
    deliveredCodeFactor(emailKind, { ...core, spends: core.codeSpends, deliveredCodes, now: base.now }),
  sms({ base: { config, now }, core, deliveredCodes }) {
    return deliveredCodeFactor(smsKind(config.sms.countries), {
      ...core,
      spends: core.codeSpends,
      deliveredCodes,
      now,
    });
  },
  pass: ({ base: { now }, core: { passes } }) => passFactor({ passes, now }),
  recovery: (parts) => recoveryFactor({ ...recovering(parts), unmarked: parts.unmarked }),
};

/** The factors that the configuration names, in its order, with the recovery codes where it names those. */
export function factorsOf(base: FactorBase, core: FactorParts['core'], deliveredCodes: DeliveredCodes) {
  const { kinds } = base.config.factors;
  const unmarked = (account: Account) => weakestEnrolled(factors, account);
  const parts = { base, core, deliveredCodes, unmarked };
  const own = Object.fromEntries((base.further ?? []).map(({ kind, make }) => [kind.kind, make]));
  const named = kinds.map((kind) => {
    const make = makers[kind] ?? own[kind];
    if (!make) throw new Error(`nothing makes the factor ${kind}`);
    return make(parts);
  });
  const factors: readonly Factor[] = base.config.rescue.byMail ? [...named, rescueOf(parts)] : named;
  return {
    factors,
    deliveredCodes,
    ...(kinds.includes('recovery') ? { recovery: recoveryCodes(recovering(parts)) } : {}),
  };
}

function rescueOf({ base: { now }, core, deliveredCodes }: FactorParts): Factor {
  return rescueFactor({ ...core, spends: core.codeSpends, deliveredCodes, now });
}

function recovering({ base: { cipher, now }, core }: FactorParts) {
  return { sets: core.recoverySets, passwords: core.passwords, cipher, now };
}
