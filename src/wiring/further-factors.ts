import type { Account } from '../accounts/account.ts';
import type { Config } from '../config/config.ts';
import type { DeliveredCodes } from '../delivery/delivered-codes.ts';
import type { Factor } from '../factors/factor.ts';
import type { FactorKind } from '../factors/kind.ts';
import { declaredKinds } from '../factors/kinds.ts';
import type { PageParts } from '../http/render.ts';
import type { Cipher } from '../platform/cipher.ts';
import type { Core } from './core.ts';

export interface FactorBase {
  readonly cipher: Cipher;
  readonly now: () => Date;
  readonly config: {
    readonly factors: Pick<Config['factors'], 'kinds'>;
    readonly rescue: Pick<Config['rescue'], 'byMail'>;
    readonly sms: Pick<Config['sms'], 'countries'>;
    readonly theme: Pick<Config['theme'], 'productName'>;
  };
  readonly further?: readonly FurtherFactor[];
}

/** All that a factor may be made of. */
export interface FactorParts {
  readonly base: FactorBase;
  readonly core: Pick<
    Core,
    'timeSteps' | 'firstFactors' | 'furtherFactors' | 'codeSpends' | 'recoverySets' | 'passes' | 'rescues' | 'passwords'
  >;
  readonly deliveredCodes: DeliveredCodes;
  /** What a set of recovery codes is worth that was kept without its level. */
  readonly unmarked: (account: Account) => Factor['level'];
}

/** A kind that is made outside of src/: with its pages and texts, and nothing else anywhere. */
export interface FurtherFactor extends PageParts {
  readonly kind: FactorKind;
  make(parts: FactorParts): Factor;
}

/** Every kind that there is here. */
export function kindsWith(further: readonly FurtherFactor[]): readonly FactorKind[] {
  return [...declaredKinds, ...further.map(({ kind }) => kind)];
}
