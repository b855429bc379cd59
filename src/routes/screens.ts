import { z } from 'zod';
import type { Screen } from './forms/contract.ts';

// What is shown without a form of ours: the other pages have theirs beside them (sign-in/, account/).

/** For a program alone: where its browser goes on. A browser is led there. */
export const finishScreen = { view: '', stage: 'finish', facts: z.object({}) } as const satisfies Screen;

/** A form that waited for a proof, filled in: one button posts it. */
export const goOnScreen = { view: 'account/go-on', stage: 'go-on', facts: z.object({}) } as const satisfies Screen;

export const problemScreen = {
  view: 'problem',
  stage: 'problem',
  facts: z
    .object({
      code: z.string(),
      /** Of the line in the log. */
      reference: z.string(),
      /** The input field it is about. */
      field: z.string().exactOptional(),
      /** The standard's code. */
      reason: z.string().exactOptional(),
    })
    // What the problem's own sentence names.
    .catchall(z.union([z.string(), z.number()])),
} as const satisfies Screen;

/** Asks before the library ends the session. */
export const signOutScreen = {
  view: 'sign-out/sign-out',
  stage: 'sign-out',
  facts: z.object({ xsrf: z.string() }),
} as const satisfies Screen;

export const signedOutScreen = {
  view: 'sign-out/signed-out',
  stage: 'signed-out',
  facts: z.object({}),
} as const satisfies Screen;

/** Development alone. */
export const outboxScreen = {
  view: 'development/outbox',
  stage: 'outbox',
  facts: z.object({
    /** The newest first. */
    messages: z.array(
      z.object({ to: z.string(), subject: z.string().exactOptional(), text: z.string(), sentAt: z.iso.datetime() }),
    ),
  }),
} as const satisfies Screen;

export const otherScreens: readonly Screen[] = [
  finishScreen,
  goOnScreen,
  problemScreen,
  signOutScreen,
  signedOutScreen,
  outboxScreen,
];
