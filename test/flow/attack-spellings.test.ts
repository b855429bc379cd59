import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountRow, eventsOf } from '../support/attack.ts';
import { startWorld } from '../support/world.ts';

const wide = {
  ...{ failureSeconds: 600, wrongPasswords: 0, wrongCodes: 0, wrongClientSecrets: 50 },
  ...{ registrationsPerHour: 0, takenUsernamesPerHour: 0, authorizationsPerMinute: 0 },
};

test('spellings of one address and of one name share five guesses, also at once', async (t) => {
  const world = await startWorld(t, { settings: { trustedProxies: 1, addressLimits: wide } });
  world.travel(0);
  const ada = await world.person({ email: 'ada@example.com', username: 'lovelace' });
  const addresses = [
    '192.0.2.1',
    '::ffff:192.0.2.1',
    '192.0.2.1:4711',
    '[::ffff:c000:201]:9',
    '0:0:0:0:0:ffff:192.0.2.1',
    'for=192.0.2.1',
    'for="[::ffff:192.0.2.1]:1"',
    ' 192.0.2.1 ',
    '1.2.3.4, 192.0.2.1',
    '9.9.9.9,::FFFF:192.0.2.1',
  ];
  const names = [
    'ada@example.com',
    'LoveLace',
    ' ADA@EXAMPLE.COM',
    'ａｄａ@example.com',
    'ada＠example。com',
    'love\u200Blace',
    'ada@exa\u00ADmple.com',
  ];
  const browsers = await Promise.all(
    addresses
      .flatMap((address) => names.map((name) => ({ address, name })))
      .map(async ({ address, name }) => {
        const browser = await world.browser({ headers: { 'x-forwarded-for': address } }).authorize();
        return { browser, name };
      }),
  );
  await Promise.all(
    browsers.map(({ browser, name }) => browser.submit({ identifier: name, password: 'wrong wrong wrong' })),
  );
  const tried = await eventsOf(world, { kind: 'password' });
  assert.equal(tried.length, browsers.filter(({ browser }) => browser.status === 422).length);
  const judged = tried.filter(({ detail }) => detail === 'wrong').length;
  assert.deepEqual([judged, (await accountRow(world, ada.id)).guesses.password.networks.length], [5, 1]);
});
