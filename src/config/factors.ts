import { z } from 'zod';
import { type Level, meets, ranking } from '../accounts/level.ts';
import type { FactorKind } from '../factors/kind.ts';
import { declaredKinds, levelsOf } from '../factors/kinds.ts';
import { anywhere, type Guard, type Look } from './guard.ts';

/** Of the kinds that are declared. */
export const factorSettings = (declared: readonly FactorKind[]) =>
  z.strictObject({
    kinds: z
      .array(z.enum(declared.map(({ kind }) => kind)))
      .min(1)
      .describe(
        'Which ways of a second step there are; the first that is enough for the client is what a newcomer sets up unless another is chosen. sms needs sms.sender, and totp beside it.',
      ),
    codeDigits: z
      .union([z.literal(6), z.literal(8)])
      .describe('Digits of codes by mail and SMS. Twilio Verify has a length of its own, which must be the same.'),
    emailCountsAsMfa: z
      .boolean()
      .describe(
        'Whether clients are told amr mfa of a code by mail. NIST SP 800-63B-4 counts no mailbox as a second factor, so: not, unless a client cannot do without.',
      ),
    roles: z
      .array(z.string().min(1))
      .describe('With secondFactor by-role: who has one of these needs a second factor.'),
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

/**
 * The levels that anybody can reach here, which is what clients may ask for: by a password, and by what can be set up by
 * itself. Recovery codes stand in for such a factor, each once.
 */
export function offeredLevels(
  kinds: readonly string[],
  declared: readonly FactorKind[] = declaredKinds,
): readonly Level[] {
  const own = kinds.flatMap((kind) => levelsOf(declared.filter((each) => each.kind === kind)));
  return ['1fa', ...new Set(own)];
}

/** The levels that a client may name as its least: those that something declared proves, and a remembered device between them. */
export function leastLevels(declared: readonly FactorKind[]): readonly Level[] {
  const provable = levelsOf(declared);
  return ranking.filter((level) => level === '1fa' || level === 'remembered' || provable.includes(level));
}

/** A client that always asks for more than anybody can set up would turn everybody away at the end of their sign-in. */
export function checkClientLevels(
  { kinds, declared }: { readonly kinds: readonly string[]; readonly declared: readonly FactorKind[] },
  clients: readonly { readonly clientId: string; readonly leastLevel: Level }[],
  report: (subject: string, sentence: string) => void,
): void {
  const offered = offeredLevels(kinds, declared);
  for (const { clientId, leastLevel } of clients) {
    if (!offered.some((level) => meets(level, leastLevel)))
      report(`client ${clientId}, leastLevel`, 'is more than any of factors.kinds can prove; lower it, or add a kind');
  }
}

const standIns = declaredKinds.flatMap(({ kind, standsIn }) => (standsIn ? [kind] : []));

const policyIs = (look: Look, policy: string) => look('secondFactor') === policy;
const nothingToPutOff =
  'puts off what secondFactor when-enrolled asks of nobody; choose required or by-role, or take this out';

export const factorGuards: readonly Guard[] = [
  {
    path: 'factors.kinds',
    environments: anywhere,
    broken: (look) => listed(look).includes('sms') && !listed(look).includes('totp'),
    sentence: 'has sms without totp; an SMS can be intercepted, so an authenticator app has to be offered beside it',
  },
  {
    path: 'factors.kinds',
    environments: anywhere,
    broken: (look) => listed(look).includes('sms') && look('sms.sender') === 'none',
    sentence: 'has sms, but sms.sender is none; choose a sender, or leave sms out',
  },
  {
    path: 'factors.kinds',
    environments: anywhere,
    broken: (look) => listed(look).length > 0 && listed(look).every((kind) => standIns.includes(kind)),
    sentence: 'has recovery codes alone; they stand in for another way, so name one',
  },
  {
    path: 'factors.roles',
    environments: anywhere,
    broken: (look) => policyIs(look, 'by-role') && listed(look, 'factors.roles').length === 0,
    sentence: 'is empty, so secondFactor by-role asks nobody for a second factor; name roles',
  },
  {
    path: 'factors.roles',
    environments: anywhere,
    broken: (look) => !policyIs(look, 'by-role') && listed(look, 'factors.roles').length > 0,
    sentence: 'has roles, which count only with secondFactor by-role; choose that, or leave this empty',
  },
  {
    path: 'factors.skips',
    environments: anywhere,
    broken: (look) => policyIs(look, 'when-enrolled') && Number(look('factors.skips')) > 0,
    sentence: nothingToPutOff,
  },
  {
    path: 'factors.enrolBy',
    environments: anywhere,
    broken: (look) => policyIs(look, 'when-enrolled') && look('factors.enrolBy') !== undefined,
    sentence: nothingToPutOff,
  },
  {
    path: 'factors.kinds',
    environments: anywhere,
    broken: (look) => new Set(listed(look)).size < listed(look).length,
    sentence: 'names a kind twice; name each once',
  },
  {
    path: 'sms.sender',
    // Development has its outbox from the start, whatever is tried there.
    environments: ['production'],
    broken: (look) => look('sms.sender') !== 'none' && !listed(look).includes('sms'),
    sentence: 'would carry nothing, because factors.kinds has no sms; add it there, or set this to none',
  },
];
