import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterPassword, captured, uidOf } from '../support/attack.ts';
import { rowsOf } from '../support/database.ts';
import { tabs } from '../support/registration.ts';
import { startWorld, type World } from '../support/world.ts';

const charges = async (world: World) =>
  (await rowsOf(world.database, 'address_budgets')).map(({ count }: { readonly count?: number }) => count);

test('clicks more on a right code charge no address [check 83] [check 106]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  for (let rounds = 0; rounds < 5; rounds += 1) {
    const browser = await afterPassword(world, ada);
    const click = captured(browser, `/interaction/${uidOf(browser)}/factor`, { code: ada.codeNow() });
    await Promise.all([1, 2, 3].map(() => browser.tab().fetch(click)));
    await browser.reload();
    assert.ok(browser.code);
    world.travel(31);
  }
  assert.deepEqual(await charges(world), []);
});

test('the form of a way that another tab has left charges no address [check 106]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person({ ways: ['totp', 'email'] });
  const browser = await afterPassword(world, ada);
  const { way, offers } = browser.page.facts as { way: string; offers: readonly { id: string; kind: string }[] };
  const [other] = tabs(browser, 1);
  assert.ok(other);
  await other.press('choose');
  await other.submit({ way: offers.find(({ kind }) => kind === 'email')?.id ?? '' });
  await browser.submit({ way, code: ada.codeNow() });
  assert.equal(browser.stage, 'email');
  assert.deepEqual(await charges(world), []);
});

test('every wrong code of a challenge charges its address, the last one too [check 106]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await afterPassword(world, ada);
  for (let n = 0; n < 5; n++) await browser.submit({ code: ada.wrongCode() });
  assert.equal(browser.stage, 'sign-in');
  assert.deepEqual(await charges(world), [5]);
});
