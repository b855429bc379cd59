import assert from 'node:assert/strict';
import { test } from 'node:test';
import { migrate } from '../../src/storage/migrations.ts';
import { editAccount } from '../support/attack.ts';
import { codeOf } from '../support/person.ts';
import { startWorld, type World } from '../support/world.ts';

// Rows of the version before factors owned their data: what a factor kept stood beside its name, and wrong answers were a number.

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

/** The attempt of this database, as the version before kept it. */
async function asBefore(world: World, rewrite: readonly object[]): Promise<void> {
  const attempts = world.database.connection.collection<{ _id: string }>('attempts');
  const { modifiedCount } = await attempts.updateOne({ emptied: false }, [...rewrite]);
  assert.equal(modifiedCount, 1);
  await world.database.connection.collection('migrations').deleteMany({});
  await migrate(world.database, new Date());
}

test('whoever was setting up an app goes on with the key that is on the page [check 34]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ totp: false });
  const browser = await world.browser().authorize();
  await browser.submit({ identifier: ada.email, password: ada.password });
  await browser.submit({ code: world.codeMailedTo(ada.email) });
  const secret = String(browser.page.facts.secret);
  await asBefore(world, [
    { $set: { 'enrolment.sealedSecret': '$enrolment.data.sealedSecret', challengeTries: 0 } },
    { $unset: ['enrolment.data', 'challenge'] },
  ]);
  assert.equal(String((await browser.reload()).page.facts.secret), secret);
  await browser.submit({ code: codeOf(secret), name: '' });
  assert.ok(browser.code);
});

test('whoever had typed three wrong codes has two tries left [check 28]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await world.browser().authorize();
  await browser.submit({ identifier: ada.email, password: ada.password });
  for (const _ of [1, 2, 3]) await browser.submit({ code: ada.wrongCode() });
  await asBefore(world, [{ $set: { challengeTries: '$challenge.tries' } }, { $unset: 'challenge' }]);
  assert.equal((await browser.reload()).page.facts.triesLeft, 2);
  await browser.submit({ code: ada.wrongCode() });
  await browser.submit({ code: ada.wrongCode() });
  assert.equal(browser.stage, 'sign-in');
});
