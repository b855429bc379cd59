import { resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import { linkMail } from '../delivery/link-mail.ts';
import type { Mailer } from '../delivery/mailer.ts';
import { mailedNotices } from '../delivery/notices.ts';
import { places } from '../delivery/senders/places.ts';
import { declaredKinds } from '../factors/kinds.ts';
import { catalogue, createRenderer } from '../http/render.ts';
import { createTheme } from '../http/theme.ts';
import { randomId } from '../platform/random.ts';
import { connect, type Database, isOutage } from '../storage/connection.ts';
import { findEmbedded } from '../storage/embedded/port.ts';
import { createIndexes } from '../storage/indexes.ts';
import { migrate } from '../storage/migrations.ts';
import { administration, core } from '../wiring/core.ts';
import { linksOf } from '../wiring/links.ts';
import { configuredSmtp, siteOf } from '../wiring/mail.ts';
import { mailingLinks } from '../wiring/mailed-by-administrators.ts';
import { NoDatabase } from './command.ts';
import type { Context } from './context.ts';
import type { Terminal } from './terminal.ts';

interface Surroundings {
  readonly terminal: Terminal;
  /** Told of a notice that was not sent: what it tells of is done all the same. */
  readonly warn: (sentence: string) => void;
}

/** Opens what the commands work with, and closes it after the work. Throws NoDatabase, also where it is lost on the way. */
export async function withContext<T>(
  config: Config,
  given: Surroundings,
  work: (context: Context) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(config);
  const built = context(config, database, given);
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
    await migrate(database, new Date());
    return database;
  } catch (cause) {
    if (!isOutage(cause)) throw new NoDatabase(`The database cannot be used: ${(cause as Error).message}`, { cause });
    const local = 'The local MongoDB does not answer: start Twofold (npm start), or set MONGODB_URI.';
    throw new NoDatabase(config.database.uri === undefined ? local : 'The database does not answer.', { cause });
  }
}

function context(config: Config, database: Database, { terminal, warn }: Surroundings): Context & { close(): void } {
  const renderer = createRenderer({ theme: createTheme(config.theme), cache: false });
  const smtp = config.mail.transport === 'smtp' ? configuredSmtp(config) : undefined;
  const nowhere: Mailer = { send: async ({ to }) => warn(`No mail was sent to ${to}: mail.transport is an outbox.`) };
  const report = (cause: unknown) =>
    warn(`The mail to the owner was not sent: ${cause instanceof Error ? cause.message : cause}`);
  const now = () => new Date();
  const links = linksOf({ config, database, now });
  const post = {
    mailer: smtp ?? nowhere,
    letters: renderer,
    // Who works here has no address: nothing is looked up.
    places: places({ language: catalogue.lang, report }),
    site: siteOf(config),
    links,
    report,
  };
  const parts = core(config, database, { notices: mailedNotices(post), now });
  const mailLink = mailingLinks({ ...parts, links, linkMail: linkMail({ ...post, now }) });
  return {
    accounts: { ...parts.accounts, ...parts.administered },
    sessions: parts.sessions,
    administration: administration(parts, mailLink),
    mails: smtp !== undefined,
    terminal,
    passes: config.factors.kinds.includes('pass'),
    kinds: declaredKinds,
    sentence: (fault) => renderer.sentence(fault),
    by: { actor: 'cli', origin: { requestId: randomId() } },
    now: parts.now,
    close: () => smtp?.close(),
  };
}
