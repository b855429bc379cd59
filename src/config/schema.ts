import { z } from 'zod';
import { declaredKinds } from '../factors/kinds.ts';
import { backChannelSettings } from './back-channel.ts';
import { factorSettings } from './factors.ts';
import { rescueSettings } from './rescue.ts';
import { isSafeUrl } from './safe-url.ts';
import { smsSettings } from './sms.ts';

// Every description stands as a comment in config/default.yaml too, and scripts/settings.js prints it: one line of meaning.
// Defaults stand in config/default.yaml alone, so that what a file says is what is used; only what has none is optional here.

const wholeNumber = (least: number, most: number) => z.int().min(least).max(most);
const seconds = (least: number, days = 400) => wholeNumber(least, days * 86_400);
/** A browser changes hands, and nobody is told (OWASP ASVS and its peers: 30). */
const mostRememberedDays = 30; // guard: remembered-thirty-days
const plainAddress = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,190}$/;
const cipherKey = /^[0-9]{1,9}:[A-Za-z0-9+/]{43}=$/; // guard: cipher-key-bytes

const originAlone = z.string().refine((text) => /^https?:/.test(text) && URL.parse(text)?.origin === text, {
  error: 'must be an origin such as https://login.example.com, without path, query or trailing slash',
});
const link = z.string().refine((text) => isSafeUrl(text) || text.startsWith('mailto:'), {
  error: 'must be a URL that begins with https:// (or mailto:)',
});

export const settingsSchema = z.strictObject({
  // guard: unknown-setting-fault
  environment: z
    .enum(['development', 'production', 'test'])
    .describe('Which of config/development.yaml, production.yaml and test.yaml is read after default.yaml.'),
  issuer: originAlone
    .exactOptional()
    .describe(
      'Where people and relying parties reach Twofold: the iss of every token. Default: http://localhost:<port>.',
    ),
  host: z.string().min(1).describe('Address to listen on.'),
  port: wholeNumber(1, 65_535).describe('Port to listen on.'),
  dataFolder: z
    .string()
    .min(1)
    .describe('Folder for what development makes for itself: keys and the embedded database.'),
  trustedProxies: wholeNumber(0, 10).describe(
    'How many reverse proxies stand in front: that many entries of X-Forwarded-For are believed.',
  ),
  clients: z.string().min(1).describe('File in config/ that lists the relying parties.'),
  database: z.strictObject({
    uri: z
      .string()
      .regex(/^mongodb(\+srv)?:\/\//, { error: 'must begin with mongodb:// or mongodb+srv://' })
      .exactOptional()
      .describe('MongoDB connection string. Without one, development starts an embedded server.'),
    name: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,38}$/)
      .describe('Name of the database.'),
    mongod: z.string().min(1).exactOptional().describe('Path of the mongod that the embedded server runs.'),
  }),
  keys: z
    .strictObject({
      cookies: z
        .array(z.string().min(32, { error: 'must have at least 32 characters each' })) // guard: cookie-secret-length
        .min(1)
        .exactOptional()
        .describe('Secrets that sign cookies, at least 32 characters each; the first signs, all are accepted.'),
      cipher: z
        .array(z.string().regex(cipherKey, { error: 'must be <number>:<32 bytes as base64> each' }))
        .min(1)
        .exactOptional()
        .describe('Keys that seal what is stored, each <number>:<32 bytes as base64>; the first writes, all read.'),
      jwks: z
        .looseObject({ keys: z.array(z.looseObject({})) })
        .exactOptional()
        .describe('Private JSON Web Key Set that signs tokens: at least one ES256 and one RS256 key, each with a kid.'),
      jwksFile: z.string().min(1).exactOptional().describe('File that holds the key set, instead of keys.jwks.'),
    })
    .prefault({}),
  registration: z.strictObject({
    open: z.boolean().describe('Whether strangers may register an account.'),
  }),
  secondFactor: z
    .enum(['required', 'by-role', 'when-enrolled'])
    .describe(
      'required: every account needs a second factor. by-role: those with one of factors.roles. when-enrolled: only those that have one. Unless it is required of everybody at once, passwords need 15 characters. A client may ask for more (clients.yaml, leastLevel).',
    ),
  factors: factorSettings(declaredKinds),
  rememberDevice: z.strictObject({
    days: wholeNumber(0, mostRememberedDays).describe(
      'For so many days after a code a browser is not asked for another, where its owner ticks that; 0: everybody is always asked. A client may always ask (clients.yaml, rememberDevice: false).',
    ),
    exceptRoles: z.array(z.string().min(1)).describe('Who has one of these roles is always asked.'),
  }),
  rescue: rescueSettings,
  session: z.strictObject({
    idleSeconds: seconds(60).describe('A session ends after this time without a request.'),
    absoluteSeconds: seconds(60).describe('A session ends after this time whatever happens.'),
    staySignedInSeconds: seconds(0).describe('How long "stay signed in" lasts; 0 does not offer it.'),
  }),
  interactionSeconds: seconds(60, 1).describe('How long a sign-in may stay open.'),
  tokens: z.strictObject({
    accessSeconds: seconds(10).describe('Lifetime of an access token.'),
    idSeconds: seconds(10).describe('Lifetime of an ID token.'),
    refreshSeconds: seconds(60).describe(
      'Lifetime of a refresh token, counted from the sign-in: rotation does not extend it.',
    ),
    codeSeconds: wholeNumber(10, 600).describe('Lifetime of an authorization code.'),
  }),
  backChannelLogout: backChannelSettings,
  mail: z.strictObject({
    transport: z
      .enum(['outbox', 'smtp'])
      .describe('outbox shows mails at /outbox instead of sending them (development).'),
    from: z
      .string()
      .regex(plainAddress, { error: 'must be one plain address such as no-reply@example.com' })
      .describe('Sender of every mail.'),
    placeDatabase: z
      .string()
      .min(1)
      .exactOptional()
      .describe(
        'GeoLite2 or GeoIP2 file, City or Country (.mmdb), that tells mails where a request came from; read once. Without one they tell the address without its end.',
      ),
    smtp: z.strictObject({
      host: z.string().min(1).describe('Mail server.'),
      port: wholeNumber(1, 65_535).describe('Its port: 587 with STARTTLS, 465 with TLS from the first byte.'),
      secure: z.boolean().describe('TLS from the first byte. Otherwise STARTTLS is required, except on loopback.'),
      name: z
        .string()
        .regex(/^[A-Za-z0-9]([A-Za-z0-9.-]{0,252})$/, { error: 'must be a host name such as mail.example.com' })
        .exactOptional()
        .describe('Host name to greet the mail server with (EHLO). Default: that of the issuer.'),
      user: z.string().min(1).exactOptional().describe('Name to log in to the mail server with.'),
      password: z.string().min(1).exactOptional().describe('Password to log in to the mail server with.'),
    }),
  }),
  sms: smsSettings,
  sendBudgets: z.strictObject({
    mailsPerDay: wholeNumber(1, 10_000_000).describe(
      'Mails with codes in 24 hours in all; strangers (registrations, new destinations) set off at most half of them.',
    ),
    smsPerDay: wholeNumber(1, 10_000_000).describe('SMS in 24 hours in all; the same half.'),
    smsPerCountryPerDay: wholeNumber(1, 10_000_000).describe(
      'SMS in 24 hours to one country calling code; the same half.',
    ),
    perAddressPerHour: wholeNumber(1, 1_000_000).describe(
      'Messages in an hour that one client address may set off, strangers half of them (an IPv6 client is its whole /64).',
    ),
  }),
  addressLimits: z.strictObject({
    failureSeconds: seconds(1, 1).describe('Time in which failures of one client address are counted together.'),
    wrongPasswords: wholeNumber(0, 1_000_000).describe('Wrong passwords of one address in that time; 0: no limit.'),
    wrongCodes: wholeNumber(0, 1_000_000).describe('Wrong codes of one address in that time; 0: no limit.'),
    wrongClientSecrets: wholeNumber(0, 1_000_000).describe(
      'Failed authentications of relying parties from one address in that time; 0: no limit.',
    ),
    registrationsPerHour: wholeNumber(0, 1_000_000).describe(
      'Registration forms that one address may send in an hour, and as many questions for a new password; 0: no limit.',
    ),
    takenUsernamesPerHour: wholeNumber(0, 1_000_000).describe(
      'Usernames of which one address may be told in an hour that they are taken; 0: no limit.',
    ),
    authorizationsPerMinute: wholeNumber(0, 1_000_000).describe(
      'Authorization requests (sign-ins begun, right or wrong) and questions whether to sign out, of one address in a minute, in each process; 0: no limit.',
    ),
  }),
  theme: z.strictObject({
    productName: z
      .string()
      .min(1)
      .max(60)
      .describe('The name people read on pages, in mails and in authenticator apps.'),
    accent: z
      .string()
      .regex(/^#[0-9a-fA-F]{6}$/, { error: 'must be a colour such as #3538cd' })
      .describe(
        'Colour of buttons, links and the favicon; moved by itself where its contrast is too low, which the log tells.',
      ),
    logo: z
      .strictObject({
        light: z.string().describe('Logo on a light page: /assets/<name> of a picture in views/public/.'),
        dark: z.string().exactOptional().describe('Logo on a dark page; without one the light one is used.'),
      })
      .exactOptional(),
    links: z
      .strictObject({
        help: link.exactOptional().describe('Help page, linked below every page.'),
        privacy: link.exactOptional().describe('Privacy notice, linked below every page.'),
        terms: link.exactOptional().describe('Terms of use, linked below every page.'),
      })
      .prefault({}),
  }),
  log: z.strictObject({
    level: z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
      .describe('The least severe lines that are written.'),
  }),
  argon2: z.strictObject({
    concurrency: wholeNumber(1, 64)
      .exactOptional()
      .describe('Passwords hashed at a time. Default: as many as the process has cores to itself.'),
    queue: wholeNumber(0, 10_000).describe(
      'Passwords that may wait for that; beyond it people are asked to come back.',
    ),
  }),
});

export type Settings = z.infer<typeof settingsSchema>;
