import { z } from 'zod';
import type { EnrolledFactor } from '../accounts/account.ts';

/** What an account keeps of a mailbox or a phone: a canonical address or an E.164 number, proved by a code before it was stored. */
const schema = z.object({ destination: z.string() });

export type DeliveredData = z.infer<typeof schema>;

/** What one that is being set up keeps in its attempt: where its codes will go, once its owner has said so. */
const pendingSchema = schema.partial();

/** Throws where the row is none of ours: a fault, and never a wrong answer. */
export function deliveredData({ data }: Pick<EnrolledFactor, 'data'>): DeliveredData {
  return schema.parse(data);
}

export function pendingDestination({ data }: { readonly data?: unknown }): string | undefined {
  return pendingSchema.parse(data).destination;
}
