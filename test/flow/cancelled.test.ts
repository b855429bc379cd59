import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterPassword, captured, spoils, uidOf } from '../support/attack.ts';
import { holdNextReader } from '../support/race.ts';
import { startWorld } from '../support/world.ts';

test('what was cancelled stays cancelled, also where the answer that said so was lost: a reload leads back [check 77]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await world.browser().signIn(ada);
  const before = await spoils(world);
  await browser.authorize({ prompt: 'consent' }, world.party('third'));
  assert.equal(browser.stage, 'consent');
  const lost = await browser.tab().fetch(captured(browser, `/interaction/${uidOf(browser)}/cancel`, {}));
  assert.equal(lost.status, 200);
  await browser.reload();
  assert.equal(browser.callback?.get('error'), 'access_denied');
  assert.deepEqual(await spoils(world), before);
});

test('a cancel that loses against the last code of the same moment takes nothing back: the client gets its code [check 77]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const browser = await afterPassword(world, ada);
  const form = (name: string, fields: Readonly<Record<string, string>>) =>
    captured(browser, `/interaction/${uidOf(browser)}/${name}`, fields);
  const [cancel, code] = [form('cancel', {}), form('factor', { code: ada.codeNow() })];
  const reader = holdNextReader(t, world.database, { collection: 'attempts', method: 'findOne' });
  const held = browser.tab().fetch(cancel);
  await reader.arrived;
  // The library is told, and the browser has not come back to it yet.
  const { page } = await lastAnswer(browser.fetch(code));
  reader.letGo();
  await held;
  await browser.visit(page);
  assert.ok(browser.code, String(browser.callback));
});

/** Where the answer sends the browser next. */
async function lastAnswer(answer: Promise<Response>): Promise<{ readonly page: string }> {
  const { actions } = (await (await answer).json()) as { actions: readonly { name: string; href: string }[] };
  return { page: actions.find(({ name }) => name === 'continue')?.href ?? assert.fail('the sign-in is not finished') };
}
