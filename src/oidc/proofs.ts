import { z } from 'zod';
import { ranking } from '../accounts/level.ts';
import type { Proof } from '../factors/factor.ts';

const shape = z.array(
  z.object({
    kind: z.string(),
    factorId: z.string().optional(),
    amr: z.array(z.string()),
    level: z.enum(ranking),
    at: z.coerce.date(),
  }),
);

/** Proofs as they come back out of the library's stored result, where dates are text. */
export function storedProofs(value: unknown): readonly Proof[] {
  return shape.parse(value).map(({ factorId, ...proof }) => (factorId === undefined ? proof : { ...proof, factorId }));
}
