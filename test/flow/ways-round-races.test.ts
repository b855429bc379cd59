import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountRow, afterPassword, captured, editAccount, nothing, spoils, uidOf } from '../support/attack.ts';
import { rowsOf } from '../support/database.ts';
import { codeOf } from '../support/person.ts';
import { holdNextReader } from '../support/race.ts';
import { startWorld } from '../support/world.ts';

const accountReads = { collection: 'accounts', method: 'findOne' } as const;

test('an enrolment of an own account, held until another one’s password is proved, is no factor of that one [check 78]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const [ada, eve] = [await world.person(), await world.person({ totp: false })];
  const browser = await afterPassword(world, eve);
  await browser.submit({ code: world.codeMailedTo(eve.email) });
  const own = { code: codeOf(String(browser.page.facts.secret)) };
  const enrol = captured(browser, `/interaction/${uidOf(browser)}/enrol`, own);

  const reader = holdNextReader(t, world.database, accountReads);
  const held = browser.tab().send(enrol);
  await reader.arrived;
  await browser.press('restart');
  await browser.submit({ identifier: ada.email, password: ada.password });
  assert.equal(browser.stage, 'totp');
  reader.letGo();
  assert.equal((await held).code, undefined);

  await browser.reload();
  assert.deepEqual([browser.code, browser.stage, browser.page.account], [undefined, 'totp', ada.email]);
  const [attempt] = await rowsOf(world.database, 'attempts');
  assert.deepEqual(
    (attempt?.proofs as { kind: string }[] | undefined)?.map(({ kind }) => kind),
    ['password'],
  );
  assert.deepEqual(await spoils(world), nothing);
});

test('a code of an own account, held until another one’s password is proved, is no factor of that one [check 78]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const [ada, eve] = [await world.person(), await world.person()];
  const browser = await afterPassword(world, eve);
  const code = captured(browser, `/interaction/${uidOf(browser)}/factor`, { code: eve.codeNow() });
  const reader = holdNextReader(t, world.database, accountReads);
  const held = browser.tab().send(code);
  await reader.arrived;
  await browser.press('restart');
  await browser.submit({ identifier: ada.email, password: ada.password });
  reader.letGo();
  assert.equal((await held).code, undefined);
  await browser.reload();
  assert.deepEqual([browser.code, browser.stage, browser.page.account], [undefined, 'totp', ada.email]);
  assert.deepEqual(await spoils(world), nothing);
});

test('a consent that is held until somebody else signs in is not the other one’s [check 78, 81]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const [ada, eve] = [await world.person(), await world.person()];
  const browser = await afterPassword(world, eve, { party: world.party('third') });
  await browser.submit({ code: eve.codeNow() });
  assert.equal(browser.stage, 'consent');
  const allow = captured(browser, `/interaction/${uidOf(browser)}/consent`, { decision: 'allow' });
  const reader = holdNextReader(t, world.database, accountReads);
  const held = browser.tab().send(allow);
  await reader.arrived;
  await browser.press('restart');
  await browser.submit({ identifier: ada.email, password: ada.password });
  await browser.submit({ code: ada.codeNow() });
  assert.equal(browser.stage, 'consent');
  reader.letGo();
  await held;
  await browser.reload();
  assert.deepEqual([browser.stage, browser.page.account], ['consent', ada.email]);
  assert.deepEqual(await rowsOf(world.database, 'consents'), []);
});

test('a code on its way while its account is disabled is not spent, and nobody gets in [check 86]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const browser = await afterPassword(world, ada);
  const code = captured(browser, `/interaction/${uidOf(browser)}/factor`, { code: ada.codeNow() });
  const reader = holdNextReader(t, world.database, accountReads);
  const held = browser.send(code);
  await reader.arrived;
  await editAccount(world, ada.id, { $set: { active: false } });
  reader.letGo();
  await held;
  assert.equal(browser.code, undefined);
  const { factors, guesses } = await accountRow(world, ada.id);
  assert.deepEqual([factors[0]?.lastStep, guesses.password.failures], [0, 1], 'no guess is given back either');
  assert.equal((await browser.reload()).stage, 'sign-in');
  assert.deepEqual(await spoils(world), nothing);
});

test('a first way on its way while its owner signs out everywhere is not set up: the password is asked anew [check 33, 86]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  for (const kind of ['totp', 'email']) {
    const bob = await world.person({ totp: false });
    const browser = await afterPassword(world, bob);
    await browser.submit({ code: world.codeMailedTo(bob.email) });
    if (kind === 'email') await browser.submit({ kind });
    const own = kind === 'email' ? { name: '' } : { code: codeOf(String(browser.page.facts.secret)) };
    const enrol = captured(browser, `/interaction/${uidOf(browser)}/enrol`, own);
    const reader = holdNextReader(t, world.database, accountReads);
    const held = browser.send(enrol);
    await reader.arrived;
    await editAccount(world, bob.id, { $inc: { sessionVersion: 1 } });
    reader.letGo();
    await held;
    assert.deepEqual([browser.status, browser.stage, browser.errors], [200, 'sign-in', []], kind);
    assert.equal((await accountRow(world, bob.id)).factors.length, 0);
  }
  assert.deepEqual(await spoils(world), nothing);
});

test('an enrolment on its way while its account is disabled adds nothing [check 33, 86]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const bob = await world.person({ totp: false });
  const browser = await afterPassword(world, bob);
  await browser.submit({ code: world.codeMailedTo(bob.email) });
  const own = { code: codeOf(String(browser.page.facts.secret)) };
  const enrol = captured(browser, `/interaction/${uidOf(browser)}/enrol`, own);
  const reader = holdNextReader(t, world.database, accountReads);
  const held = browser.send(enrol);
  await reader.arrived;
  await editAccount(world, bob.id, { $set: { active: false } });
  reader.letGo();
  await held;
  assert.equal((await accountRow(world, bob.id)).factors.length, 0);
  assert.deepEqual(await spoils(world), nothing);
});
