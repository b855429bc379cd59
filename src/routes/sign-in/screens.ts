import { z } from 'zod';
import type { Screen } from '../forms/contract.ts';

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

/** For a program alone: where its browser goes on. A browser is led there. */
export const finishScreen = { view: '', stage: 'finish', facts: z.object({}) } as const satisfies Screen;
