import type { TestContext } from 'node:test';
import { connect, type Database } from '../../src/storage/connection.ts';
import { openDatabase } from './database.ts';
import { testDatabaseUri } from './mongod.ts';

export interface WatchedDatabase {
  readonly database: Database;
  /** The commands that were sent meanwhile, in order: 'find accounts'. */
  during(act: () => Promise<unknown>): Promise<readonly string[]>;
}

/** A database whose every command is seen, as the driver sends it. */
export async function watchedDatabase(t: TestContext): Promise<WatchedDatabase> {
  const { connection } = await openDatabase(t);
  const uri = new URL(testDatabaseUri(connection.name));
  uri.searchParams.set('monitorCommands', 'true');
  const database = await connect({ uri: uri.href });
  t.after(() => database.close());
  let sent: string[] = [];
  database.connection.getClient().on('commandStarted', ({ commandName, command }) => {
    if (!['ping', 'endSessions'].includes(commandName)) sent.push(`${commandName} ${command[commandName]}`);
  });
  return {
    database,
    async during(act) {
      sent = [];
      await act();
      return sent;
    },
  };
}
