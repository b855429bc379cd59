import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inAccount } from '../support/account-area.ts';
import { atFirst, newSecret } from '../support/adding.ts';
import { accountRow, afterPassword, captured, eventsOf, uidOf } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { codeOf, Person } from '../support/person.ts';
import { goodPassword, mailsTo } from '../support/registration.ts';
import { atStage } from '../support/stages.ts';
import { startWorld, type World } from '../support/world.ts';

const email = 'ada@example.com';

/** Somebody new who set up an app and whose browser still shows the recovery codes, and what their phone holds. */
async function atNewCodes(world: World): Promise<{ ada: Person; browser: Browser }> {
  world.travel(0);
  const browser = await atStage(world, 'enrol-totp');
  browser.savesCodes = false;
  const secret = newSecret(browser);
  await browser.submit({ code: codeOf(secret) });
  assert.equal(browser.stage, 'recovery-codes');
  const [added] = await eventsOf(world, { kind: 'factor_added' });
  const own = { id: String(added?.accountId), email, password: goodPassword, secret };
  world.travel(60);
  return { ada: new Person({ ...own, username: undefined, phone: '', recoveryCodes: [] }), browser };
}

/** A further sign-in of the same person, at what follows their code. */
async function signedInAgain(world: World, ada: Person, browser = world.browser()): Promise<Browser> {
  browser.savesCodes = false;
  await afterPassword(world, ada, { browser });
  assert.equal(browser.stage, 'totp', 'a second factor is proved before any codes are shown');
  return browser.submit({ code: ada.codeNow() });
}

const shownIn = ({ page }: Browser) => page.facts.codes as readonly string[];
const form = (browser: Browser) =>
  captured(browser, `/interaction/${uidOf(browser)}/recovery-codes`, {
    saved: 'yes',
    set: String(browser.page.facts.set),
  });

test('whoever leaves the recovery codes unsaved is shown new ones at each sign-in until they are saved, and then never [check 39]', async (t) => {
  const world = await startWorld(t);
  const { ada, browser: before } = await atNewCodes(world);
  const again = await signedInAgain(world, ada);
  assert.deepEqual([again.stage, again.code], ['recovery-codes', undefined]);
  assert.notDeepEqual(shownIn(again), shownIn(before));
  world.travel(60);

  const third = await signedInAgain(world, ada);
  const mails = mailsTo(world, email);
  const [code = ''] = shownIn(third);
  await third.saveCodes();
  assert.ok(third.code);
  assert.equal(mailsTo(world, email), mails + 1, 'the owner hears of codes that come without a new way');
  assert.equal((await eventsOf(world, { kind: 'factor_added', detail: 'recovery' })).length, 1);
  world.travel(60);

  assert.ok((await signedInAgain(world, ada)).code);
  const lost = await afterPassword(world, ada);
  await lost.press('choose');
  await lost.submit({ way: 'recovery' });
  await lost.submit({ code });
  assert.equal(lost.page.facts.left, 9);
});

test('a newcomer who saves them at once is told of one way, and never asked again', async (t) => {
  const world = await startWorld(t);
  const { ada, browser } = await atNewCodes(world);
  await browser.saveCodes();
  assert.ok(browser.code);
  assert.equal((await eventsOf(world, { kind: 'factor_added' })).length, 1);
  assert.equal('recoveryDue' in (await accountRow(world, ada.id)), false);
  assert.ok((await signedInAgain(world, ada)).code);
});

test('a first way that is set up in the account area, and left at its codes, leads to them at the next sign-in', async (t) => {
  const world = await startWorld(t, { settings: { secondFactor: 'when-enrolled' } });
  world.travel(0);
  const bob = await world.person({ totp: false });
  const browser = await atFirst(world, bob, 'totp');
  browser.savesCodes = false;
  await browser.submit({ code: world.codeMailedTo(bob.email) });
  const secret = newSecret(browser);
  await browser.submit({ code: codeOf(secret) });
  assert.equal(browser.stage, 'recovery-codes');
  world.travel(60);
  const again = await signedInAgain(world, new Person({ ...bob, secret }));
  assert.equal(again.stage, 'recovery-codes');
  await again.saveCodes();
  assert.ok(again.code);
});

test('where there are no recovery codes nobody is shown any', async (t) => {
  const world = await startWorld(t);
  const { ada } = await atNewCodes(world);
  const factors = { ...world.config.factors, kinds: ['totp', 'email'] as const };
  const without = await startWorld(t, { database: world.database, settings: { factors } });
  assert.ok((await signedInAgain(without, ada)).code);
});

test('of two windows that show codes the one that is saved first counts, and the other is shown a set in the place of both', async (t) => {
  const world = await startWorld(t);
  const { ada, browser: first } = await atNewCodes(world);
  const second = await signedInAgain(world, ada);
  const [lost, kept] = [shownIn(second), shownIn(first)];
  await first.saveCodes();
  assert.ok(first.code);
  await second.saveCodes();
  assert.deepEqual([second.code, second.stage], [undefined, 'recovery-codes'], 'dead codes are not taken for saved');
  assert.match(second.text, /codes_instead/);
  const instead = shownIn(second);
  assert.equal(
    [...lost, ...kept].some((code) => instead.includes(code)),
    false,
  );
  await second.saveCodes();
  assert.ok(second.code);
  assert.equal((await eventsOf(world, { kind: 'recovery_codes_replaced' })).length, 1);
  assert.ok((await inAccount(world, ada, 1)).page.facts.recovery);
});

test('a page that shows older codes of the same sign-in saves none that were never seen on it', async (t) => {
  const world = await startWorld(t);
  const { ada, browser } = await atNewCodes(world);
  const older = form(browser);
  await browser.press('restart');
  await browser.submit({ identifier: ada.email, password: ada.password });
  await browser.submit({ code: ada.codeNow() });
  assert.equal(browser.stage, 'recovery-codes');
  await browser.send(older);
  assert.deepEqual([browser.stage, browser.code], ['recovery-codes', undefined]);
  assert.equal('recovery' in (await accountRow(world, ada.id)), false);
});
