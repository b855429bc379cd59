import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inAccount, ownFactors } from '../support/account-area.ts';
import { atFirst, newSecret } from '../support/adding.ts';
import { accountRow, captured, editAccount } from '../support/attack.ts';
import type { Browser, Sent } from '../support/browser.ts';
import { codeOf } from '../support/person.ts';
import { startWorld, type World } from '../support/world.ts';

const free = { secondFactor: 'when-enrolled' } as const;
const factorsOf = async (world: World, id: string) => (await accountRow(world, id)).factors.length;

/** The same browser and its form after a restart: the issuer's port is another in tests, and nothing else. */
async function restarted(world: World, browser: Browser, form: Sent) {
  const same = world.browser();
  for (const cookie of await browser.cookies()) await same.jar.setCookie(`${cookie}; Path=/`, world.issuer);
  const url = new URL(form.url.pathname, world.issuer);
  return same.fetch({ ...form, url, headers: { ...form.headers, origin: world.issuer } });
}

test('a first way that was begun while none was demanded is not added by that session once one is [check 33, 86]', async (t) => {
  const before = await startWorld(t, { settings: free });
  const bob = await before.person({ totp: false });
  const browser = await atFirst(before, bob, 'totp');
  await browser.submit({ code: before.codeMailedTo(bob.email) });
  const form = captured(browser, '/account/ways/new/totp/enrol', { code: codeOf(newSecret(browser)), name: '' });
  const after = await startWorld(t, { database: before.database });
  const { status, headers } = await restarted(after, browser, form);
  assert.deepEqual([status, headers.get('location')], [303, '/account']);
  assert.equal(await factorsOf(after, bob.id), 0);
});

test('the last way is kept, and two-step sign-in on, by a policy that came after the page was opened [check 38]', async (t) => {
  const before = await startWorld(t, { settings: free });
  const ada = await before.person();
  const browser = await inAccount(before, ada);
  const remove = captured(browser, `/account/ways/${ownFactors(browser)[0]?.id}/remove`, {});
  const off = captured(browser, '/account/two-step/off', {});
  const after = await startWorld(t, { database: before.database });
  for (const form of [remove, off]) assert.equal((await restarted(after, browser, form)).status, 422);
  assert.equal(await factorsOf(after, ada.id), 1);

  const byRole = await startWorld(t, {
    database: before.database,
    settings: { secondFactor: 'by-role', factors: { ...before.config.factors, roles: ['admin'] } },
  });
  await editAccount(byRole, ada.id, { $set: { roles: ['admin'] } });
  for (const form of [remove, off]) assert.equal((await restarted(byRole, browser, form)).status, 422);
  await editAccount(byRole, ada.id, { $set: { roles: [] } });
  assert.equal((await restarted(byRole, browser, remove)).status, 303);
  assert.equal(await factorsOf(byRole, ada.id), 0);
});
