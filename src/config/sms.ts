import { z } from 'zod';
import { anywhere, type Guard, type Look } from './guard.ts';
import { isSafeUrl } from './safe-url.ts';

const sid = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}[0-9a-fA-F]{32}$`), { error: `must be ${prefix} and 32 hexadecimal digits` });
const word = z.string().regex(/^[a-z0-9-]{1,40}$/, { error: 'must be a word such as ie1' });
const senderShape = /^(\+[1-9][0-9]{6,14}|[0-9]{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/;

/** 'UK' and lower case would never match a number, and nobody there would ever get a code. */
function isCountry(code: string): boolean {
  if (!/^[A-Z]{2}$/.test(code)) return false;
  const known = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' }).of(code) !== undefined;
  return known && Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`;
}

export const smsSettings = z.strictObject({
  sender: z
    .enum(['none', 'outbox', 'dry-run', 'twilio', 'twilio-verify', 'gateway'])
    .describe(
      'none: no codes by SMS. outbox: shown at /outbox (development). dry-run: only logged. twilio: Twilio Messages. twilio-verify: Twilio makes and judges the codes. gateway: your own service, asked by a signed POST.',
    ),
  countries: z
    .array(z.string().refine(isCountry, { error: 'must be codes of ISO 3166 such as GB' }))
    .describe(
      'Countries whose mobile phones may be texted, by ISO 3166 code, such as [GB, DE]. No other number ever is; an empty list allows none.',
    ),
  twilio: z
    .strictObject({
      accountSid: sid('AC').exactOptional().describe('Twilio account (AC...).'),
      authToken: z
        .string()
        .min(1)
        .exactOptional()
        .describe('Its auth token; or give apiKey and apiKeySecret, which can be withdrawn alone.'),
      apiKey: sid('SK').exactOptional().describe('Twilio API key (SK...), instead of the auth token.'),
      apiKeySecret: z.string().min(1).exactOptional().describe('Secret of the API key.'),
      from: z
        .string()
        .regex(senderShape, { error: 'must be a number such as +12025550100, a short code or a name of 11 characters' })
        .exactOptional()
        .describe(
          'Sender of every text by Twilio Messages: a number of yours, or a name where the country allows names.',
        ),
      messagingServiceSid: sid('MG')
        .exactOptional()
        .describe('Messaging service (MG...) that chooses the sender, instead of from.'),
      verifyServiceSid: sid('VA')
        .exactOptional()
        .describe(
          'Service of Twilio Verify (VA...); its codes must have 6 digits and live 10 minutes, as they do unless changed there.',
        ),
      edge: word.exactOptional().describe('Twilio edge, such as dublin.'),
      region: word.exactOptional().describe('Twilio region, such as ie1.'),
      baseUrl: z
        .string()
        .refine((text) => isSafeUrl(text) && URL.parse(text)?.origin === text, {
          error: 'must be an origin that begins with https://',
        })
        .exactOptional()
        .describe("Asks this origin instead of Twilio's, such as a server of tests."),
    })
    .prefault({}),
  gateway: z
    .strictObject({
      url: z
        .string()
        .refine(isSafeUrl, { error: 'must be a URL that begins with https:// and names no user' })
        .exactOptional()
        .describe('Where each text is POSTed as JSON {to, text, id}; any 2xx means handed over.'),
      secret: z
        .string()
        .min(32, { error: 'must have at least 32 characters' })
        .exactOptional()
        .describe(
          'At least 32 characters; Twofold-Signature is HMAC-SHA256 with it, as hex, of "<Twofold-Timestamp>.<body>".',
        ),
    })
    .prefault({}),
});

const needed = 'is missing; the chosen sms.sender needs it';
const by = (look: Look, ...senders: readonly string[]) => senders.includes(String(look('sms.sender')));
const lacks = (look: Look, ...names: readonly string[]) => names.every((name) => look(`sms.${name}`) === undefined);

function guard(path: string, sentence: string, broken: (look: Look) => boolean): Guard {
  return { path: `sms.${path}`, environments: anywhere, broken, sentence };
}

const need = (path: string, ...senders: readonly string[]) =>
  guard(path, needed, (look) => by(look, ...senders) && lacks(look, path));
const instead = (path: string, other: string) =>
  guard(path, `stands beside sms.${other}; set one of them`, (look) => !lacks(look, path) && !lacks(look, other));

export const smsGuards: readonly Guard[] = [
  {
    path: 'sms.sender',
    environments: ['production'],
    broken: (look) => by(look, 'outbox'),
    sentence: 'is the outbox, whose texts anybody can read; choose another in production',
  },
  guard('countries', 'lists no country, so nobody could be texted; list those of your people', (look) => {
    const countries = look('sms.countries');
    return !by(look, 'none') && Array.isArray(countries) && countries.length === 0;
  }),
  need('twilio.accountSid', 'twilio', 'twilio-verify'),
  guard(
    'twilio.authToken',
    'is missing; give it, or sms.twilio.apiKey and its secret',
    (look) => by(look, 'twilio', 'twilio-verify') && lacks(look, 'twilio.authToken', 'twilio.apiKey'),
  ),
  instead('twilio.apiKey', 'twilio.authToken'),
  guard(
    'twilio.apiKeySecret',
    'is missing beside sms.twilio.apiKey',
    (look) => !lacks(look, 'twilio.apiKey') && lacks(look, 'twilio.apiKeySecret'),
  ),
  guard(
    'twilio.from',
    'is missing; give it, or sms.twilio.messagingServiceSid',
    (look) => by(look, 'twilio') && lacks(look, 'twilio.from', 'twilio.messagingServiceSid'),
  ),
  instead('twilio.messagingServiceSid', 'twilio.from'),
  need('twilio.verifyServiceSid', 'twilio-verify'),
  need('gateway.url', 'gateway'),
  need('gateway.secret', 'gateway'),
];
