import { z } from 'zod';
import type { Guard, Look } from './guards.ts';

const kinds = ['totp', 'email', 'sms', 'recovery'] as const;

export const factorSettings = z.strictObject({
  kinds: z
    .array(z.enum(kinds))
    .min(1)
    .describe(
      'Which ways of a second step there are; the first is what a newcomer sets up unless another is chosen. sms needs sms.sender, and totp beside it.',
    ),
  codeDigits: z
    .union([z.literal(6), z.literal(8)])
    .describe('Digits of codes by mail and SMS. Twilio Verify has a length of its own, which must be the same.'),
  roles: z.array(z.string().min(1)).describe('With secondFactor by-role: who has one of these needs a second factor.'),
  enrolBy: z.iso
    .date()
    .exactOptional()
    .describe('Until this day (UTC) setting up the first way may be put off, such as 2027-01-31.'),
  skips: z
    .int()
    .min(0)
    .max(100)
    .describe('How often it may be put off; 0: not at all, or without a count until enrolBy.'),
});

const listed = (look: Look, path = 'factors.kinds') => {
  const value = look(path);
  return Array.isArray(value) ? value : [];
};
const environments = ['development', 'production', 'test'];

export const factorGuards: readonly Guard[] = [
  {
    path: 'factors.kinds',
    environments,
    broken: (look) => listed(look).includes('sms') && !listed(look).includes('totp'),
    sentence: 'has sms without totp; an SMS can be intercepted, so an authenticator app has to be offered beside it',
  },
  {
    path: 'factors.kinds',
    environments,
    broken: (look) => listed(look).includes('sms') && look('sms.sender') === 'none',
    sentence: 'has sms, but sms.sender is none; choose a sender, or leave sms out',
  },
  {
    path: 'factors.kinds',
    environments,
    broken: (look) => listed(look).length > 0 && listed(look).every((kind) => kind === 'recovery'),
    sentence: 'has recovery codes alone; they stand in for another way, so name one',
  },
  {
    path: 'factors.roles',
    environments,
    broken: (look) => look('secondFactor') === 'by-role' && listed(look, 'factors.roles').length === 0,
    sentence: 'is empty, so secondFactor by-role asks nobody for a second factor; name roles',
  },
];
