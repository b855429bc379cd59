import { type TestContext, test } from 'node:test';
import type { mongo } from 'mongoose';
import type { Database } from '../../src/storage/connection.ts';
import { assertKept } from '../support/accepted.ts';
import { openOwn, startOwnMongod } from '../support/own-mongod.ts';
import { isLong } from '../support/size.ts';
import { signInSteadfastly } from '../support/steadfast.ts';
import { startWorld } from '../support/world.ts';

/** Before the server can have a command, and once the driver has its answer. */
type Moment = 'commandStarted' | 'commandSucceeded';

/** Where a sign-in is at its most delicate: a step spent, its event due, its interaction ended, its code redeemed. */
const delicate: readonly (readonly [string, Moment])[] = [
  ['update accounts', 'commandSucceeded'],
  ['insert events', 'commandStarted'],
  ['update oidc_interaction', 'commandSucceeded'],
  ['update oidc_authorization_code', 'commandSucceeded'],
];

test('MongoDB killed at one command of a sign-in: it comes to its end with its event, and each code serves once [check 120]', async (t) => {
  const mongod = await startOwnMongod(t);
  const database = await openOwn(t, mongod.uri);
  const world = await startWorld(t, { database });
  const first = await world.person();
  const usual = listen(database);
  await signInSteadfastly(world, first);
  usual.end();

  const at = async (index: number, moment: Moment) => {
    const person = await world.person();
    let back: Promise<void> | undefined;
    const commands = listen(database, (event, count) => {
      if (event === moment && count === index + 1) back = mongod.kill().then(() => mongod.start());
    });
    const accepted = await signInSteadfastly(world, person).finally(() => commands.end());
    await back;
    tell(t, `${moment} ${index + 1} ${usual.names[index]}`, accepted);
    await assertKept(world, accepted);
  };
  const everywhere = usual.names.flatMap((_, index) => [
    [index, 'commandStarted'] as const,
    [index, 'commandSucceeded'] as const,
  ]);
  const here = delicate.map(([name, moment]) => [usual.names.lastIndexOf(name), moment] as const);
  for (const [index, moment] of isLong ? everywhere : here) await at(index, moment);
});

/** The commands that are sent, as the driver tells of them, until `end`. */
function listen(database: Database, on: (moment: Moment, count: number) => void = () => {}) {
  const client = database.connection.getClient();
  const names: string[] = [];
  let succeeded = 0;
  const start = ({ commandName, command }: mongo.CommandStartedEvent) => {
    if (commandName === 'endSessions') return;
    names.push(`${commandName} ${command[commandName]}`);
    on('commandStarted', names.length);
  };
  const succeed = ({ commandName }: mongo.CommandSucceededEvent) => {
    if (commandName === 'endSessions') return;
    succeeded += 1;
    on('commandSucceeded', succeeded);
  };
  client.on('commandStarted', start).on('commandSucceeded', succeed);
  return { names, end: () => void client.off('commandStarted', start).off('commandSucceeded', succeed) };
}

function tell(t: TestContext, where: string, accepted: Awaited<ReturnType<typeof signInSteadfastly>>): void {
  const { outages, restarts, typed, codes } = accepted;
  t.diagnostic(`${where}: ${outages.length} times 503, ${restarts} anew, ${typed.length} typed, ${codes.length} codes`);
}
