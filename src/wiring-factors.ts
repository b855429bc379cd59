import type { Account } from './accounts/account.ts';
import { deliveredCodes } from './accounts/addresses.ts';
import {
  type Courier,
  type Letters,
  mailCourier,
  type Places,
  textCourier,
  verificationCourier,
} from './accounts/couriers.ts';
import type { Mailer } from './accounts/mailer.ts';
import type { Passwords } from './accounts/password.ts';
import type { SmsSender } from './accounts/sms.ts';
import type { Config } from './config.ts';
import type { Outbox } from './delivery/outbox.ts';
import { smsSender } from './delivery/sms-sender.ts';
import { deliveredCodeFactor } from './factors/delivered-code.ts';
import { emailKind, smsKind } from './factors/delivered-kinds.ts';
import type { Factor } from './factors/factor.ts';
import { recoveryCodes, recoveryFactor } from './factors/recovery-codes.ts';
import { totpFactor } from './factors/totp.ts';
import type { Cipher } from './platform/cipher.ts';
import type { Log } from './platform/log.ts';
import { sendBudget } from './protection/send-budget.ts';
import { weakestEnrolled } from './sign-in/enrolled.ts';
import type { stores } from './stores.ts';

interface Surroundings {
  readonly config: Config;
  readonly kept: ReturnType<typeof stores>;
  readonly cipher: Cipher;
  readonly passwords: Passwords;
  readonly mailer: Mailer;
  readonly letters: Letters;
  readonly places: Places;
  readonly letterbox: Outbox | undefined;
  readonly log: Log;
  readonly now: () => Date;
}

/** The factors that the configuration names, in its order, and what carries their codes. */
export function wireFactors(given: Surroundings) {
  const { config, kept, cipher, passwords, mailer, letters, places, log, now } = given;
  const sender = smsSender(config.sms, {
    outbox: given.letterbox,
    openVerifications: kept.openVerifications,
    log,
    now,
  });
  const host = new URL(config.issuer).hostname;
  const codes = deliveredCodes({
    cipher,
    sendBudget: sendBudget({
      ...kept,
      limits: config.sendBudgets,
      alarm: (limit) => log.error({ limit }, 'a limit on what is sent is reached'),
    }),
    couriers: {
      mail: mailCourier({ mailer, letters, places }),
      ...(sender ? { sms: phoneCourier(sender, letters, host) } : {}),
    },
    digits: config.factors.codeDigits,
    now,
  });
  const unmarked = (account: Account) => weakestEnrolled(factors, account);
  const recovering = { sets: kept.recoverySets, passwords, cipher, unmarked, now };
  const { steps, firstFactors, furtherFactors } = kept;
  const proving = { codes, spends: kept.codeSpends, firstFactors, furtherFactors, now };
  const makers: Readonly<Record<Config['factors']['kinds'][number], () => Factor>> = {
    totp: () => totpFactor({ steps, firstFactors, furtherFactors, cipher, issuerName: config.theme.productName, now }),
    email: () => deliveredCodeFactor(emailKind, proving),
    sms: () => deliveredCodeFactor(smsKind(config.sms.countries), proving),
    recovery: () => recoveryFactor(recovering),
  };
  const factors: readonly Factor[] = config.factors.kinds.map((kind) => makers[kind]());
  const recovery = config.factors.kinds.includes('recovery') ? { recovery: recoveryCodes(recovering) } : {};
  return { factors, codes, ...recovery };
}

function phoneCourier(sender: SmsSender, letters: Letters, host: string): Courier {
  switch (sender.kind) {
    case 'text':
      return textCourier({ sender, letters, host });
    case 'verification':
      return verificationCourier({ sender });
  }
}
