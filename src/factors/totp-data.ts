import { z } from 'zod';
import type { EnrolledFactor } from '../accounts/account.ts';

/** What an account keeps of an authenticator app. */
const schema = z.object({
  /** The secret as platform/cipher sealed it, bound to this account and this factor. */
  sealedSecret: z.string(),
  /** The last accepted time step (RFC 6238 section 5.2): only a greater one is ever accepted. */
  lastStep: z.int(),
  /** Steps to come whose codes were typed too early: they were shown to be right, so they never will be. */
  refusedSteps: z.array(z.int()).optional(),
});

export type TotpData = z.infer<typeof schema>;

/** Throws where the row is none of ours: a fault, and never a wrong answer. */
export function totpData({ data }: Pick<EnrolledFactor, 'data'>): TotpData {
  return schema.parse(data);
}

/** What an app that is being set up keeps in its attempt: nothing counts of it before a code came back. */
const pendingSchema = schema.pick({ sealedSecret: true });

export function pendingTotpData({ data }: { readonly data?: unknown }): z.infer<typeof pendingSchema> {
  return pendingSchema.parse(data);
}
