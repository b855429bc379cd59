import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountRow, afterPassword, editAccount, eventsOf, nothing, spoils } from '../support/attack.ts';
import { watchedDatabase } from '../support/commands.ts';
import { holdNextReader } from '../support/race.ts';
import { startWorld } from '../support/world.ts';

test('a code of an app is judged and spent by one write of the account, after the try of its challenge [check 20] [check 21]', async (t) => {
  const watched = await watchedDatabase(t);
  const world = await startWorld(t, { database: watched.database });
  world.travel(0);
  const ada = await world.person();
  await world.browser().signIn(ada);
  world.travel(60);
  for (const code of [ada.wrongCode(), ada.codeNow()]) {
    const browser = await afterPassword(world, ada);
    const sent = await watched.during(() => browser.submit({ code }));
    assert.deepEqual(sent.slice(0, 3), ['aggregate attempts', 'update attempts', 'findAndModify accounts']);
    const written = sent.filter((command) => /^(update|findAndModify) accounts$/.test(command));
    assert.deepEqual(written, ['findAndModify accounts']);
  }
});

test('a right code that comes over the budget is answered as a wrong one is, command for command [check 21]', async (t) => {
  const watched = await watchedDatabase(t);
  const world = await startWorld(t, { database: watched.database });
  world.travel(0);
  const ada = await world.person();
  const answered = async (code: string) => {
    await editAccount(world, ada.id, { $set: { 'guesses.secondFactor': { failures: 0 } } });
    const browser = await afterPassword(world, ada);
    const before = await accountRow(world, ada.id);
    const events = (await eventsOf(world, {})).length;
    const reader = holdNextReader(t, world.database, { collection: 'accounts', method: 'findOne' });
    const sent = await watched.during(async () => {
      const post = browser.submit({ code });
      await reader.arrived;
      // Others use the budget up between the look at the account and the write.
      await editAccount(world, ada.id, { $set: { 'guesses.secondFactor': locked } });
      reader.letGo();
      await post;
    });
    const after = await accountRow(world, ada.id);
    assert.deepEqual(after.factors, before.factors, 'nothing is spent');
    assert.deepEqual(after.guesses.secondFactor, locked, 'nor counted');
    assert.equal((await eventsOf(world, {})).length, events);
    const { page, status } = browser;
    return {
      status,
      errors: browser.errors,
      facts: page.facts,
      stage: browser.stage,
      actions: page.actions.map(({ name }) => name),
      sent: [...sent],
    };
  };
  const locked = { failures: 10, lockedUntil: new Date('2100-01-01T00:00:00Z') };
  const [wrong, right] = [await answered(ada.wrongCode()), await answered(ada.codeNow())];
  const { secondsLocked: _of, ...rightFacts } = right.facts;
  const { secondsLocked: _wrong, ...wrongFacts } = wrong.facts;
  assert.deepEqual({ ...right, facts: rightFacts }, { ...wrong, facts: wrongFacts });
  assert.deepEqual([right.status, right.errors], [422, ['code_locked']]);
  assert.deepEqual(await spoils(world), nothing);
});

test('where the write fails nothing is accepted, spent or counted, right or wrong; a later code is [check 120]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const codes = [ada.wrongCode(), ada.codeNow()];
  const browsers = [await afterPassword(world, ada), await afterPassword(world, ada)];
  const before = await accountRow(world, ada.id);
  const judging = async (validator: object) => {
    await world.database.connection.db?.command({ collMod: 'accounts', validator });
  };
  await judging({ never: { $exists: true } });
  for (const [n, browser] of browsers.entries()) {
    await browser.submit({ code: codes[n] ?? '' });
    assert.deepEqual([browser.code, browser.status], [undefined, 500]);
  }
  await judging({});
  assert.deepEqual(await accountRow(world, ada.id), before);
  assert.deepEqual(await spoils(world), nothing);
  const again = await afterPassword(world, ada);
  await again.submit({ code: ada.codeNow() });
  assert.ok(again.code);
});
