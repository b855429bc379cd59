import { resolve } from 'node:path';
import { administering } from '../accounts/administration.ts';
import type { Mailer } from '../accounts/mailer.ts';
import { createPasswords } from '../accounts/password.ts';
import type { Config } from '../config.ts';
import { mailedNotices } from '../delivery/notices.ts';
import { places } from '../delivery/places.ts';
import { smtpMailer } from '../delivery/smtp-mailer.ts';
import { catalogue, createRenderer } from '../http/render.ts';
import { createTheme } from '../http/theme.ts';
import { plainName } from '../platform/plain-text.ts';
import { randomId } from '../platform/random.ts';
import { carryingOut } from '../protection/carry-out.ts';
import { factorPolicy } from '../sign-in/policy.ts';
import { endingTooWeak } from '../sign-in/too-weak.ts';
import { mongoAccounts } from '../storage/accounts.ts';
import { mongoAdministration } from '../storage/administration.ts';
import { connect, type Database, isOutage } from '../storage/connection.ts';
import { findEmbedded } from '../storage/embedded-port.ts';
import { mongoEvents } from '../storage/events.ts';
import { mongoGrants } from '../storage/grants.ts';
import { createIndexes } from '../storage/indexes.ts';
import { mongoPendingCodes } from '../storage/pending-codes.ts';
import { mongoSessions } from '../storage/sessions.ts';
import { mongoTraces } from '../storage/traces.ts';
import { fillUsernameSkeletons } from '../storage/username-skeletons.ts';
import { NoDatabase } from './command.ts';
import type { House } from './house.ts';
import type { Terminal } from './terminal.ts';

interface Surroundings {
  readonly terminal: Terminal;
  /** Told of a notice that was not sent: what it tells of is done all the same. */
  readonly warn: (sentence: string) => void;
}

/** Opens what the commands work with, and closes it after the work. Throws NoDatabase, also where it is lost on the way. */
export async function withHouse<T>(
  config: Config,
  given: Surroundings,
  work: (house: House) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(config);
  const built = house(config, database, given);
  try {
    return await work(built);
  } catch (cause) {
    throw isOutage(cause) ? new NoDatabase('The database does not answer.', { cause }) : cause;
  } finally {
    built.close();
    await database.close();
  }
}

/** Indexes too: an account may be made before the server has ever started, and that e-mails are unique is an index's guarantee. */
async function openDatabase(config: Config): Promise<Database> {
  const uri = config.database.uri ?? (await findEmbedded(resolve(config.dataFolder)));
  if (uri === undefined)
    throw new NoDatabase('There is no MongoDB yet: start Twofold (npm start), or set MONGODB_URI.');
  try {
    const database = await connect({ uri, databaseName: config.database.name });
    await createIndexes(database);
    await fillUsernameSkeletons(database, new Date());
    return database;
  } catch (cause) {
    if (!isOutage(cause)) throw new NoDatabase(`The database cannot be used: ${(cause as Error).message}`, { cause });
    const local = 'The local MongoDB does not answer: start Twofold (npm start), or set MONGODB_URI.';
    throw new NoDatabase(config.database.uri === undefined ? local : 'The database does not answer.', { cause });
  }
}

function house(config: Config, database: Database, { terminal, warn }: Surroundings): House & { close(): void } {
  const now = () => new Date();
  const theme = createTheme(config.theme);
  const renderer = createRenderer({ theme, cache: false });
  const smtp =
    config.mail.transport === 'smtp'
      ? smtpMailer({ ...config.mail, issuer: config.issuer, senderName: plainName(theme.productName) })
      : undefined;
  const nowhere: Mailer = { send: async ({ to }) => warn(`No mail was sent to ${to}: mail.transport is an outbox.`) };
  const accounts = { ...mongoAccounts(database), ...mongoAdministration(database) };
  const sessions = mongoSessions(database);
  const report = (cause: unknown) =>
    warn(`The mail to the owner was not sent: ${cause instanceof Error ? cause.message : cause}`);
  const notices = mailedNotices({
    mailer: smtp ?? nowhere,
    letters: renderer,
    // Who works here has no address: nothing is looked up.
    places: places({ language: catalogue.lang, report }),
    report,
  });
  const grants = mongoGrants(database);
  const ends = {
    grants,
    tooWeak: endingTooWeak({ accounts, sessions, grants, policy: factorPolicy(config), now }),
    pendingCodes: mongoPendingCodes(database),
    events: mongoEvents(database),
  };
  return {
    accounts,
    sessions,
    terminal,
    now,
    administration: administering({
      accounts,
      sessions,
      traces: mongoTraces(database),
      now,
      carryOut: carryingOut({ ...ends, sessions, notices, now }),
      passwords: createPasswords(config.argon2),
      rules: { minimum: config.password.minimumLength, productName: theme.productName },
    }),
    sentence: (fault) => renderer.sentence(fault),
    by: { actor: 'cli', origin: { requestId: randomId() } },
    close: () => smtp?.close(),
  };
}
