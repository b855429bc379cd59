import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { mongo } from 'mongoose';
import { randomId } from '../../src/platform/random.ts';
import type { Database } from '../../src/storage/connection.ts';
import { assertKept } from '../support/accepted.ts';
import { openOwn, startOwnMongod } from '../support/own-mongod.ts';
import { isLong } from '../support/size.ts';
import { type Accepted, registerSteadfastly, signInSteadfastly } from '../support/steadfast.ts';
import { startWorld, type World } from '../support/world.ts';

/** Before the server can have a command, and once the driver has its answer. */
type Moment = 'commandStarted' | 'commandSucceeded';

/** Where a sign-in is at its most delicate: a step spent, its last write with result and event due and made, its interaction ended, its code redeemed. */
type Places = readonly (readonly [string, Moment])[];

const delicate: Places = [
  ['findAndModify accounts', 'commandSucceeded'],
  ['findAndModify attempts', 'commandStarted'],
  ['findAndModify attempts', 'commandSucceeded'],
  ['update attempts', 'commandSucceeded'],
  ['update oidc', 'commandSucceeded'],
];

/** The mail's budget is taken and no code mailed; the account is made and the attempt does not know; the app is set up likewise. */
const delicateForNewcomers: Places = [
  ['findAndModify send_budgets', 'commandSucceeded'],
  ['insert accounts', 'commandSucceeded'],
  ['update accounts', 'commandSucceeded'],
];

test('MongoDB killed at one command of a sign-in: it comes to its end with its event, and each code serves once [check 120]', (t) =>
  killEverywhere(t, delicate, async (world) => {
    const person = await world.person();
    return () => signInSteadfastly(world, person);
  }));

test('MongoDB killed at one command of a registration: the newcomer has one account, one app and is in [check 120]', (t) =>
  killEverywhere(t, delicateForNewcomers, async (world) => {
    const email = `${randomId(6)}@example.com`.toLowerCase();
    return () => registerSteadfastly(world, email);
  }));

type Way = (world: World) => Promise<() => Promise<Accepted>>;

/** In short at the places given, in long at every command, before it and after it. */
async function killEverywhere(t: TestContext, places: Places, way: Way): Promise<void> {
  const mongod = await startOwnMongod(t);
  const database = await openOwn(t, mongod.uri);
  const world = await startWorld(t, { database });
  const first = await way(world);
  const usual = listen(database);
  await first();
  usual.end();

  const at = async (index: number, moment: Moment) => {
    const go = await way(world);
    assert.ok(index >= 0, 'a place that is on this way');
    let back: Promise<void> | undefined;
    const commands = listen(database, (event, count) => {
      if (event === moment && count === index + 1) back = mongod.kill().then(() => mongod.start());
    });
    const accepted = await go().finally(() => {
      commands.end();
      return back;
    });
    tell(t, `${moment} ${index + 1} ${usual.names[index]}`, accepted);
    await assertKept(world, accepted);
  };
  const everywhere = usual.names.flatMap((_, index) => [
    [index, 'commandStarted'] as const,
    [index, 'commandSucceeded'] as const,
  ]);
  const here = places.map(([name, moment]) => [usual.names.lastIndexOf(name), moment] as const);
  for (const [index, moment] of isLong ? everywhere : here) await at(index, moment);
}

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

function tell(t: TestContext, where: string, accepted: Accepted): void {
  const { outages, restarts, typed, codes } = accepted;
  t.diagnostic(`${where}: ${outages.length} times 503, ${restarts} anew, ${typed.length} typed, ${codes.length} codes`);
}
