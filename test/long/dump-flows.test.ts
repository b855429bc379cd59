import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { choice } from '../support/fuzz-book.ts';
import { fuzzParameters, fuzzSettings } from '../support/fuzz-run.ts';
import { stands } from '../support/fuzz-stands.ts';
import { beginWalk, take } from '../support/fuzz-walk.ts';
import { foundIn, nothingHeard, overhear } from '../support/overhearing.ts';
import { size } from '../support/size.ts';
import { startWorld, type World } from '../support/world.ts';

/** Every document as the server keeps it, binary parts included. */
async function rawDump({ database }: World): Promise<string> {
  const names = (await database.connection.listCollections()).map(({ name }) => name);
  const all = await Promise.all(
    names.map((name) => database.connection.collection(name).find({}, { raw: true }).toArray()),
  );
  return Buffer.concat(all.flat() as unknown as Buffer[]).toString('latin1');
}

test('whatever way people went, neither the database nor the log holds a secret that they saw [check 30, 101, 113]', async (t) => {
  const plain = await startWorld(t, { settings: fuzzSettings(2) });
  const heard = nothingHeard();
  const world: World = { ...plain, browser: (given) => overhear(plain.browser(given), heard) };
  const stages = new Set<string>();
  const ways = fc.asyncProperty(fc.array(choice, { minLength: 20, maxLength: 40, size: 'max' }), async (way) => {
    const walk = await beginWalk(world);
    for (const each of way) {
      await take(walk, each);
      stages.add(walk.tabs[walk.at]?.stage ?? '');
    }
    for (const { secret } of walk.people) heard.long.add(secret);
    for (const { good, bad } of walk.recoveryCodes.values()) for (const code of [...good, ...bad]) heard.long.add(code);
  });
  await fc.assert(ways, { ...fuzzParameters(size(10, 100)), endOnFailure: true, verbose: 1 });

  for (const { reach, person: given } of Object.values(stands)) {
    const [browser, person] = [world.browser(), await world.person(given)];
    for (const secret of [person.secret, ...person.recoveryCodes]) heard.long.add(secret);
    await reach(world, browser, person);
    stages.add(browser.stage ?? '');
  }

  const every = [
    ...['sign-in', 'register', 'confirm-mail', 'enrol-totp', 'enrol-email', 'enrol-sms', 'consent', 'signed-in-as'],
    ...['totp', 'email', 'sms', 'recovery', 'ways', 'recovery-codes', 'recovery-used', 'security', 'confirm'],
  ];
  assert.deepEqual(
    every.filter((stage) => !stages.has(stage)),
    [],
    'every page was seen',
  );
  assert.ok(heard.long.size > 100 && heard.digits.size > 5, `${heard.long.size} ${heard.digits.size}`);
  const dump = await rawDump(world);
  assert.ok(dump.includes('@example.com') && dump.length > 50_000, 'it is the whole dump');
  assert.deepEqual(foundIn(dump, heard), []);
  assert.deepEqual(foundIn(world.logged.join('\n'), heard), []);
});
