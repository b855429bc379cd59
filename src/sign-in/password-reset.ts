import type { DeliveredCodes } from '../delivery/delivered-codes.ts';
import type { Attempts } from './attempt.ts';
import { type DeliveryReport, delivering } from './delivery/deliver.ts';
import { askingReset } from './password/ask-reset.ts';
import { resetting } from './password/reset.ts';
import { proceeding } from './proceed.ts';

type Parts = Parameters<typeof askingReset>[0] & Omit<Parameters<typeof resetting>[0], 'proceed' | 'links'>;

export interface PasswordResetDeps extends Parts {
  readonly links: Parameters<typeof askingReset>[0]['links'] & Parameters<typeof resetting>[0]['links'];
  readonly attempts: Attempts;
  readonly deliveredCodes: DeliveredCodes;
  readonly report: DeliveryReport;
}

export type PasswordReset = ReturnType<typeof passwordReset>;

/** Every use case of a lost password but those of a sign-in that it shares: a factor is proved in it as in one. */
export function passwordReset(deps: PasswordResetDeps) {
  const proceed = proceeding({
    ...deps,
    deliver: delivering(deps),
    ending: { lastChange: async () => ({ finishedAt: deps.now() }), settle: async () => {} },
  });
  return { askReset: askingReset(deps), ...resetting({ ...deps, proceed }) };
}
