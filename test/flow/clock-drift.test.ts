import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mongoAccounts } from '../../src/storage/accounts.ts';
import type { Browser } from '../support/browser.ts';
import type { Person } from '../support/person.ts';
import { startWorld, type World } from '../support/world.ts';

async function asked(world: World, person: Person): Promise<Browser> {
  const browser = await world.browser().authorize();
  return browser.submit({ identifier: person.email, password: person.password });
}

const sentence = (browser: Browser) => browser.page.errors?.[0]?.sentence ?? '';
const failures = async (world: World, { id }: Person) =>
  (await mongoAccounts(world.database).find(id))?.guesses.secondFactor.failures;

test('two codes in a row of a phone whose clock is off are told so; each costs a guess and neither signs in', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const person = await world.person();
  for (const steps of [-20, 20]) {
    const browser = await asked(world, person);
    await browser.submit({ code: person.codeNow(steps) });
    assert.deepEqual([browser.errors, browser.code], [['code_rejected'], undefined], 'one alone may be a guess');
    world.travel(30);
    await browser.submit({ code: person.codeNow(steps) });
    assert.deepEqual([browser.errors, browser.page.facts.triesLeft], [['clock_off'], 3]);
    assert.match(sentence(browser), /about 10 minutes off.*3 tries left/);
    assert.equal(await failures(world, person), 2);
    await browser.submit({ code: person.codeNow() });
    assert.ok(browser.code, 'the code of the right time is still good');
    world.travel(60);
  }
});

test('a code that was typed ahead of its time is never right, not even when its time comes [check 19, 20]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const person = await world.person();
  const early = person.codeNow(4);
  const browser = await asked(world, person);
  await browser.submit({ code: early });
  world.travel(4 * 30);
  assert.equal(person.codeNow(), early);
  await browser.submit({ code: early });
  assert.deepEqual([browser.errors, browser.code], [['code_rejected'], undefined]);
  await browser.submit({ code: person.codeNow(1) });
  assert.ok(browser.code);
});

test('a guess between them, another offset or the same code again tell nothing', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const person = await world.person();
  const browser = await asked(world, person);
  await browser.submit({ code: person.codeNow(-20) });
  await browser.submit({ code: person.wrongCode() });
  assert.deepEqual(browser.errors, ['code_rejected']);
  await browser.submit({ code: person.codeNow(-20) });
  assert.deepEqual(browser.errors, ['code_rejected']);
  await browser.submit({ code: person.codeNow(-35) });
  assert.deepEqual(browser.errors, ['code_rejected']);
});

test('a code that was used before tells nothing about a clock', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const person = await world.person();
  const code = person.codeNow();
  await world.browser().signIn(person);
  const browser = await asked(world, person);
  for (let n = 0; n < 2; n++) {
    await browser.submit({ code });
    assert.deepEqual(browser.errors, ['code_rejected']);
  }
});
