import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Guesses } from '../../src/protection/budgets.ts';
import { rowsOf } from '../support/database.ts';
import { startWorld } from '../support/world.ts';

const spellings = [
  'ada@example.com',
  ' Ada@Example.COM ',
  'ａｄａ＠ｅｘａｍｐｌｅ．ｃｏｍ',
  'ada',
  'ADA',
  ' a d a ',
  'ａｄａ',
  'ada@example。com',
];

test('every spelling of the mail and the username counts against one account: limited after the same five [check 12]', async (t) => {
  const world = await startWorld(t);
  // The wait of a minute has to outlast all of these tries.
  world.travel(0);
  const ada = await world.person({ email: 'ada@example.com', username: 'ada' });
  const browser = await world.browser().authorize();
  for (const identifier of spellings) {
    await browser.submit({ identifier, password: 'a wrong password' });
    assert.deepEqual(browser.errors, ['password_rejected'], identifier);
  }
  const [account] = await rowsOf(world.database, 'accounts');
  const guesses = account?.guesses as Guesses | undefined;
  assert.equal(guesses?.password.failures, 5);
  assert.ok(guesses.password.networks[0]?.lockedUntil);
  const tries = (await rowsOf(world.database, 'events')).filter(({ kind }) => kind === 'password');
  const judged = tries.map(({ detail }) => detail);
  assert.deepEqual(judged, [...Array(5).fill('wrong'), ...Array(spellings.length - 5).fill('waiting')]);

  for (const identifier of spellings) {
    await browser.submit({ identifier, password: ada.password });
    assert.deepEqual(browser.errors, ['password_rejected'], identifier);
  }
  world.travel(61);
  await browser.submit({ identifier: 'ADA', password: ada.password });
  assert.equal(browser.stage, 'totp');
});

test('50 wrong passwords at once under all spellings: five are judged [check 12] [check 13]', async (t) => {
  const world = await startWorld(t);
  await world.person({ email: 'ada@example.com', username: 'ada' });
  await Promise.all(
    Array.from({ length: 50 }, async (_, n) => {
      const browser = await world.browser().authorize();
      await browser.submit({ identifier: spellings[n % spellings.length] ?? '', password: `a wrong password ${n}` });
      assert.deepEqual([browser.status, browser.errors], [422, ['password_rejected']]);
    }),
  );
  const judged = (await rowsOf(world.database, 'events')).filter(({ detail }) => detail === 'wrong');
  assert.equal(judged.length, 5);
});

test('a missing or blank field is named, and costs no guess [check 15]', async (t) => {
  const world = await startWorld(t);
  const browser = await world.browser().authorize();
  const path = `${browser.url.pathname}/sign-in`;
  const told = async (form: Record<string, string>) => {
    await browser.post(path, form);
    return [browser.status, ...(browser.page.errors ?? []).map(({ field, code }) => `${field} ${code}`)];
  };
  assert.deepEqual(await told({}), [422, 'identifier missing', 'password missing']);
  assert.deepEqual(await told({ identifier: '\u3000 ', password: 'x' }), [422, 'identifier missing']);
  assert.deepEqual(await told({ identifier: 'ada', password: '' }), [422, 'password missing']);
  assert.deepEqual(await rowsOf(world.database, 'events'), []);
});

test('the text "null", "undefined" and the like is a name that nobody has [check 15]', async (t) => {
  const world = await startWorld(t);
  await world.person();
  const browser = await world.browser().authorize();
  for (const identifier of ['null', 'undefined', '[object Object]', 'NaN', '{}', '*', '.', '$ne', '\\0']) {
    await browser.submit({ identifier, password: 'a walrus in the attic' });
    assert.deepEqual([browser.status, browser.errors], [422, ['password_rejected']], identifier);
  }
});
