import { z } from 'zod';
import { canonicalEmail } from '../accounts/identifier.ts';

const address = z.string().refine((text) => canonicalEmail(text) === text, {
  error: 'must be plain addresses in small letters, such as help@example.com',
});

/** What there is for whoever lost a way to sign in. */
export const rescueSettings = z.strictObject({
  byMail: z
    .boolean()
    .describe(
      'Whether a code to the confirmed address lets somebody in, after the right password, who lost a way: once, to set up another.',
    ),
  needsKnownBrowser: z
    .boolean()
    .describe(
      'That code only in a browser that finished a sign-in to the account before: the mailbox alone is not enough.',
    ),
  exceptRoles: z
    .array(z.string().min(1))
    .describe('Nobody with one of these roles is let in by that code: those who administer write to each other.'),
  administrators: z
    .array(address)
    .describe(
      'Who is written to when somebody who lost a way asks for help, after the right password. Empty: it is not offered.',
    ),
});
