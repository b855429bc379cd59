import { z } from 'zod';
import { canonicalEmail } from '../accounts/identifier.ts';

const address = z.string().refine((text) => canonicalEmail(text) === text, {
  error: 'must be plain addresses in small letters, such as help@example.com',
});

/** What there is for whoever lost a way to sign in. */
export const rescueSettings = z.strictObject({
  administrators: z
    .array(address)
    .describe(
      'Who is written to when somebody who lost a way asks for help, after the right password. Empty: it is not offered.',
    ),
});
