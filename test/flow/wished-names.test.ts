import assert from 'node:assert/strict';
import { test } from 'node:test';
import { register } from '../support/registration.ts';
import { startWorld, type World } from '../support/world.ts';

const addressLimits = {
  ...{ failureSeconds: 600, wrongPasswords: 50, wrongCodes: 30, wrongClientSecrets: 50 },
  ...{ registrationsPerHour: 60, takenUsernamesPerHour: 2, authorizationsPerMinute: 300 },
};

/** The page that a proved mailbox leads to, where its registration wished for a name. */
async function wishFor(world: World, username: string) {
  const email = `${username}@catchall.example`;
  const browser = await register(world.browser(), { email, username });
  await browser.submit({ code: world.codeMailedTo(email) });
  return browser;
}

test('past what one address is told of taken usernames, a registration for a free name ends where one for a taken name does', async (t) => {
  const world = await startWorld(t, { settings: { addressLimits } });
  world.travel(0);
  const names = ['lovelace', 'babbage', 'hopper'];
  for (const username of names) await world.person({ username });
  const stages = [];
  for (const name of ['turing', 'lovelace', 'babbage', 'hopper', 'church']) {
    stages.push((await wishFor(world, name)).stage);
  }
  assert.deepEqual(stages, ['enrol-totp', 'username', 'username', 'username', 'username']);
  world.travel(3601);
  assert.equal((await wishFor(world, 'kleene')).stage, 'enrol-totp', 'an hour later names are tried again');
});

test('names that were wished for and taken count with those that were typed later, and the form waits', async (t) => {
  const world = await startWorld(t, { settings: { addressLimits } });
  world.travel(0);
  await world.person({ username: 'lovelace' });
  const browser = await wishFor(world, 'lovelace');
  await browser.submit({ username: 'lovelace' });
  assert.deepEqual([browser.status, browser.errors], [422, ['username_taken']]);
  await browser.submit({ username: 'godel' });
  assert.deepEqual([browser.status, browser.errors], [429, ['network']]);
});

test('a registration without a name is held up by no limit of names', async (t) => {
  const world = await startWorld(t, { settings: { addressLimits: { ...addressLimits, takenUsernamesPerHour: 1 } } });
  world.travel(0);
  await world.person({ username: 'lovelace' });
  await wishFor(world, 'lovelace');
  const browser = await register(world.browser(), { email: 'plain@example.com' });
  await browser.submit({ code: world.codeMailedTo('plain@example.com') });
  assert.equal(browser.stage, 'enrol-totp');
});
