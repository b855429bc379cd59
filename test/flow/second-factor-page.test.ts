import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterPassword, uidOf } from '../support/attack.ts';
import { rowsOf } from '../support/database.ts';
import { startWorld } from '../support/world.ts';

test('before the right password nothing tells which ways an account has; after it only its own are listed [check 11]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ username: 'ada' });
  const browser = await world.browser().authorize({ login_hint: 'ada' });
  for (const path of ['', '/factor', '/enrol', '/consent', '/confirm-mail', '/username']) {
    await browser.visit(`/interaction/${uidOf(browser)}${path}`);
    assert.equal(browser.stage, 'sign-in', path);
    assert.ok(!browser.text.includes(ada.email) && !browser.text.includes('totp'), path);
  }
  const proved = await afterPassword(world, ada);
  const offers = proved.page.facts.offers as readonly { readonly kind: string; readonly label: string }[];
  assert.deepEqual(
    offers.map(({ kind, label }) => [kind, label]),
    [['totp', '']],
  );
  assert.ok(!proved.text.includes(ada.secret) && !proved.text.includes(ada.id));

  const other = await world.person({ totp: false, username: 'grace' });
  const without = await world.browser().authorize();
  await without.submit({ identifier: 'grace', password: other.password });
  assert.equal(without.stage, 'confirm-mail');
  assert.ok(!without.text.includes('totp') && !without.text.includes(other.email), 'its mailbox is masked');
});

test('no client secret is in the database: it comes from the environment [check 102]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await world.browser().signIn(ada, { scope: 'openid email offline_access', prompt: 'consent' });
  await browser.redeem();
  const { secret = '' } = world.client.settings;
  assert.ok(secret.length > 20);
  const names = (await world.database.connection.db?.collections()) ?? [];
  for (const { collectionName } of names) {
    const rows = JSON.stringify(await rowsOf(world.database, collectionName));
    assert.ok(!rows.includes(secret), collectionName);
  }
});
