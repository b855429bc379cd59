import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, loadConfig } from '../../src/config/config.ts';
import { declaredKinds } from '../../src/factors/kinds.ts';
import { noticeOf, ownFactors } from '../support/account-area.ts';
import { accountRow, editAccount, eventsOf } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { gridCardKind } from '../support/grid-card/kind.ts';
import {
  afterPassword,
  type CardWorld,
  lettersAsked,
  setUpCard,
  startCardWorld,
  wrongLetters,
} from '../support/grid-card/world.ts';

// A kind that is none of ours, whole in test/support/grid-card: nothing below src/ and views/ names it.

/** Somebody new, with a card from the first sign-in on. */
async function withCard(world: CardWorld) {
  const ada = await world.person({ totp: false });
  const browser = await afterPassword(world, ada);
  await browser.submit({ code: world.codeMailedTo(ada.email) });
  const card = await setUpCard(browser, 'Blue card');
  assert.ok(browser.code, browser.text.slice(0, 300));
  return { ada, browser, card };
}

const pageOf = async (browser: Browser) => {
  const response = await browser.fetch({ method: 'GET', url: browser.url, headers: { accept: 'text/html' } });
  return response.text();
};

test('it is set up, signs in, and the client reads its acr and amr [check 70]', async (t) => {
  const world = await startCardWorld(t);
  const { ada, browser, card } = await withCard(world);
  const first = (await browser.redeem()).claims();
  assert.deepEqual([first?.acr, first?.amr], ['urn:twofold:2fa', ['pwd', 'mfa', 'kba']]);
  assert.match(world.lastMailTo(ada.email), /card with letters was added .* with recovery codes/);

  const later = await afterPassword(world, ada);
  assert.equal(later.stage, 'grid-card');
  assert.match(await pageOf(later), /<h1>Enter letters of your card<\/h1>/);
  await later.submit({ letters: ` ${lettersAsked(later, card).toLowerCase().split('').join('-')} ` });
  const claims = (await later.redeem()).claims();
  assert.deepEqual([claims?.acr, claims?.amr], ['urn:twofold:2fa', ['pwd', 'mfa', 'kba']]);
});

test('a wrong answer is told at its own field in its own words, and five end the challenge [check 28]', async (t) => {
  const world = await startCardWorld(t);
  const { ada, card } = await withCard(world);
  const browser = await afterPassword(world, ada);
  await browser.submit({ letters: 'A' });
  assert.deepEqual(browser.page.errors, [
    { field: 'letters', code: 'letters_shape', sentence: 'Enter the three letters.' },
  ]);
  assert.equal(browser.page.facts.triesLeft, 5, 'what is no answer costs none');
  const cells = browser.page.facts.cells;
  await browser.submit({ letters: wrongLetters(browser, card) });
  assert.deepEqual(browser.page.errors, [
    { field: 'letters', code: 'letters_rejected', sentence: 'Those letters did not work. 4 tries left.' },
  ]);
  assert.deepEqual(browser.page.facts.cells, cells, 'a reload or a wrong answer asks for no other cells');
  for (const _ of [1, 2, 3, 4]) await browser.submit({ letters: wrongLetters(browser, card) });
  assert.equal(browser.stage, 'sign-in');
  assert.equal((await accountRow(world, ada.id)).guesses.secondFactor.failures, 5);
});

test('what is no answer of it charges no address, a wrong one does', async (t) => {
  const { addressLimits } = loadConfig({ env: { NODE_ENV: 'test', TWOFOLD_ISSUER: 'http://localhost' } });
  const world = await startCardWorld(t, { settings: { addressLimits: { ...addressLimits, wrongCodes: 1 } } });
  const { ada, card } = await withCard(world);
  const browser = await afterPassword(world, ada);
  for (const letters of ['A', 'AB', 'ABCD']) await browser.submit({ letters });
  assert.deepEqual([browser.status, browser.errors], [422, ['letters_shape']]);
  await browser.submit({ letters: wrongLetters(browser, card) });
  await browser.submit({ letters: wrongLetters(browser, card) });
  assert.equal(browser.status, 429);
});

test('tries go on when another way is chosen and the card again, with other cells', async (t) => {
  const world = await startCardWorld(t);
  const { ada, card } = await withCard(world);
  const mailbox = { id: 'mail', kind: 'email', name: '', createdAt: new Date(0), lastUsedAt: new Date(0) };
  await editAccount(world, ada.id, { $push: { factors: { ...mailbox, data: { destination: ada.email } } } });
  const browser = await afterPassword(world, ada);
  for (const _ of [1, 2, 3]) await browser.submit({ letters: wrongLetters(browser, card) });
  const { way, cells } = browser.page.facts;
  await (await browser.press('choose')).submit({ way: 'mail' });
  assert.deepEqual([browser.stage, browser.page.facts.triesLeft], ['email', 2]);
  await (await browser.press('choose')).submit({ way: String(way) });
  assert.deepEqual([browser.stage, browser.page.facts.triesLeft], ['grid-card', 2]);
  assert.notDeepEqual(browser.page.facts.cells, cells);
  await browser.submit({ letters: wrongLetters(browser, card) });
  await browser.submit({ letters: wrongLetters(browser, card) });
  assert.equal(browser.stage, 'sign-in');
});

test('of 20 right answers at once one signs in, and what was asked for is asked for once [check 20]', async (t) => {
  const world = await startCardWorld(t);
  const { ada, card } = await withCard(world);
  const browser = await afterPassword(world, ada);
  const letters = lettersAsked(browser, card);
  const tabs = Array.from({ length: 20 }, () => Object.assign(browser.tab(), { page: browser.page, url: browser.url }));
  await Promise.all(tabs.map((tab) => tab.submit({ letters })));
  assert.equal((await eventsOf(world, { kind: 'sign_in', accountId: ada.id })).length, 2, 'the first one and this one');
});

test('a challenge ends by its own time, and no GET begins one: the person asks for it', async (t) => {
  const world = await startCardWorld(t);
  const { ada, card } = await withCard(world);
  const browser = await afterPassword(world, ada);
  const letters = lettersAsked(browser, card);
  world.travel(301);
  await browser.reload();
  assert.deepEqual(
    [browser.stage, browser.page.facts.cells, browser.page.facts.unsent],
    ['grid-card', undefined, true],
  );
  assert.ok(!browser.page.actions.some(({ name }) => name === 'factor'));
  assert.match(await pageOf(browser), /Ask for cells first/);
  await browser.post(browser.url.pathname.replace(/\/?$/, '/factor'), { letters });
  assert.equal(browser.code, undefined);
  await browser.visit(browser.url).then(() => browser.reload());
  await browser.press('send');
  await browser.submit({ letters: lettersAsked(browser, card) });
  assert.ok(browser.code);
});

test('while somebody else has yet to act the page says so and looks again by itself, and no guess is taken', async (t) => {
  const world = await startCardWorld(t);
  const { ada, card } = await withCard(world);
  world.office.waits = true;
  const browser = await afterPassword(world, ada);
  assert.deepEqual([browser.stage, browser.page.facts.pending], ['grid-card', true]);
  assert.ok(!browser.page.actions.some(({ name }) => name === 'factor'));
  const html = await pageOf(browser);
  assert.match(html, /<meta http-equiv="refresh" content="\d+">/);
  assert.match(html, /The office has yet to say yes/);
  await browser.post(browser.url.pathname.replace(/\/?$/, '/factor'), { letters: wrongLetters(browser, card) });
  assert.deepEqual([browser.stage, browser.page.facts.pending, browser.errors], ['grid-card', true, []]);
  assert.equal(browser.page.facts.triesLeft, 5);
  assert.equal((await accountRow(world, ada.id)).guesses.secondFactor.failures, 0);

  world.office.waits = false;
  await browser.reload();
  assert.equal(browser.page.facts.pending, undefined);
  assert.doesNotMatch(await pageOf(browser), /http-equiv="refresh"/);
  await browser.submit({ letters: lettersAsked(browser, card) });
  assert.ok(browser.code);
});

test('the account area adds it, names it in its own words, renames, prefers and removes it [check 37, 38]', async (t) => {
  const world = await startCardWorld(t);
  const ada = await world.person({ ways: ['email'], recovery: 1 });
  const browser = await world.browser().visit('/account');
  await browser.submit({ identifier: ada.email, password: ada.password });
  await browser.submit({ code: world.codeMailedTo(ada.email) });
  assert.match(await pageOf(browser), /Add a card with letters/);
  await browser.press('add grid-card');
  const card = await setUpCard(browser, '');
  assert.equal(noticeOf(browser), 'way_added');
  const [, way = assert.fail()] = ownFactors(browser);
  assert.deepEqual([way.kind, way.label], ['grid-card', '']);
  assert.match(await pageOf(browser), /<h3>Card with letters\s*<\/h3>[\s\S]*Remove <bdi>card with letters<\/bdi>/);
  assert.match(world.lastMailTo(ada.email), /A card with letters was added to your/);
  const [added] = await eventsOf(world, { kind: 'factor_added' });
  assert.equal(added?.detail, 'grid-card');

  await browser.press(`rename ${way.id}`);
  assert.match(
    await pageOf(browser),
    /To rename <bdi>your card with letters<\/bdi>/,
    'a stronger proof is asked for first',
  );
  await browser.submit({ password: ada.password });
  await browser.submit({ letters: lettersAsked(browser, card) });
  await browser.submit({ name: 'Blue card' });
  assert.deepEqual([noticeOf(browser), ownFactors(browser)[1]?.label], ['way_renamed', 'Blue card']);
  await browser.press(`prefer ${way.id}`);
  assert.equal(noticeOf(browser), 'way_preferred');
  const other = await afterPassword(world, ada);
  assert.equal(other.stage, 'grid-card');
  assert.match(await pageOf(await other.press('choose')), /Letters of <bdi>Blue card<\/bdi>/);

  await browser.press(`remove ${way.id}`);
  assert.equal(browser.stage, 'remove-way');
  await browser.press('remove');
  assert.deepEqual([noticeOf(browser), ownFactors(browser).map(({ kind }) => kind)], ['way_removed', ['email']]);
  assert.match(world.lastMailTo(ada.email), /A card with letters was removed from your/);
});

test('a client that asks for its level has it set up by whoever has less, and is told of it [check 70]', async (t) => {
  const world = await startCardWorld(t, { clients: [{ clientId: 'strict', leastLevel: '2fa' }] });
  const ada = await world.person({ totp: false });
  const browser = world.browser();
  browser.party = world.party('strict');
  await browser.authorize();
  await browser.submit({ identifier: ada.email, password: ada.password });
  await browser.submit({ code: world.codeMailedTo(ada.email) });
  assert.deepEqual([browser.stage, browser.page.facts.kinds], ['enrol-grid-card', []], 'codes by mail are not enough');
  await setUpCard(browser);
  assert.equal((await browser.redeem()).claims()?.acr, 'urn:twofold:2fa');
});

test('whoever may choose sees it among the kinds, in its own words', async (t) => {
  const world = await startCardWorld(t, { kinds: ['email', 'grid-card'] });
  const ada = await world.person({ totp: false });
  const browser = await afterPassword(world, ada);
  await browser.submit({ code: world.codeMailedTo(ada.email) });
  assert.deepEqual([browser.stage, browser.page.facts.kinds], ['enrol-email', ['grid-card']]);
  assert.match(await pageOf(browser), /Set up a card with letters instead/);
  await browser.submit({ kind: 'grid-card' });
  await setUpCard(browser);
  assert.ok(browser.code);
});

test('the settings may name it where it is declared, and a client its level; nowhere else', () => {
  const env = { NODE_ENV: 'test', TWOFOLD_ISSUER: 'http://localhost', TWOFOLD_FACTOR_KINDS: 'grid-card,email' };
  const kinds = [...declaredKinds, gridCardKind];
  assert.deepEqual(loadConfig({ env, kinds }).factors.kinds, ['grid-card', 'email']);
  assert.throws(
    () => loadConfig({ env }),
    (error) =>
      error instanceof ConfigError &&
      /factors\.kinds.*must be one of totp, email, sms, recovery/.test(String(error.faults)),
  );
});
