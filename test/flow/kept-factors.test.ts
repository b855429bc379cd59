import assert from 'node:assert/strict';
import { test } from 'node:test';
import { migrate } from '../../src/storage/migrations.ts';
import { editAccount } from '../support/attack.ts';
import { startWorld } from '../support/world.ts';

// Accounts of the version before factors owned their data: what a factor kept stood beside its name.

test('whoever set up an app before signs in with it, and the step that was spent stays spent [check 20]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ ways: ['totp', 'email'] });
  const accounts = world.database.connection.collection<{ _id: string; factors: { data?: object }[] }>('accounts');
  const spent = Math.floor(Date.now() / 30_000);
  const row = await accounts.findOne({ _id: ada.id });
  const [app, mailbox] = row?.factors.map(({ data, ...factor }) => ({ ...factor, ...data })) ?? [];
  await editAccount(world, ada.id, { $set: { factors: [{ ...app, lastStep: spent }, mailbox] } });
  await migrate(world.database, new Date());

  const browser = await world.browser().authorize();
  await browser.submit({ identifier: ada.email, password: ada.password });
  assert.equal(browser.stage, 'totp');
  await browser.submit({ code: ada.codeNow() });
  assert.deepEqual(browser.errors, ['code_rejected']);
  world.travel(31);
  await browser.submit({ code: ada.codeNow() });
  const claims = (await browser.redeem()).claims();
  assert.deepEqual([claims?.acr, claims?.amr], ['urn:twofold:2fa', ['pwd', 'otp', 'mfa']]);

  await accounts.updateOne({ _id: ada.id }, { $pull: { factors: { kind: 'totp' } } as never });
  const again = await world.browser().authorize();
  await again.submit({ identifier: ada.email, password: ada.password });
  await again.submit({ code: world.codeMailedTo(ada.email) });
  assert.ok(again.code);
});
