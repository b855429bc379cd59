import { z } from 'zod';

// What pages of a sign-in say beside what is theirs alone.

const seconds = z.int().min(0);

/** Nothing is judged for so long. */
export const lockFacts = { lockedUntil: z.iso.datetime().exactOptional(), secondsLocked: seconds.exactOptional() };

/** "Set up later" is open so many times more. */
export const putOffFacts = { skipsLeft: z.int().exactOptional() };

/** Ways that may be proved, masked. */
export const offerFacts = z.object({
  kind: z.string(),
  id: z.string(),
  label: z.string(),
  destination: z.string().exactOptional(),
});
