import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noticeOf, provesPassword } from '../support/account-area.ts';
import { accountRow, captured, editAccount } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { chooseWay, offers } from '../support/mail-ways.ts';
import type { Person } from '../support/person.ts';
import { claimsOf } from '../support/token-endpoint.ts';
import { startWorld, type World } from '../support/world.ts';

const settings = { secondFactor: 'when-enrolled' } as const;

/** Somebody who has the password and the mailbox, and is signed in by them just now. */
async function byMail(world: World, person: Person): Promise<Browser> {
  const browser = Object.assign(await world.browser().visit('/account'), { savesCodes: false });
  await browser.submit({ identifier: person.email, password: person.password });
  if (browser.stage === 'totp') await chooseWay(browser, 'email');
  assert.equal(browser.stage, 'email');
  await browser.submit({ code: world.codeMailedTo(person.email) });
  assert.equal(browser.stage, 'security');
  return browser;
}

const levelAsked = (response: Response) =>
  new URL(response.headers.get('location') ?? '', 'http://localhost').searchParams.get('acr_values');

test('whoever has the password and the mailbox of an account with an app binds, takes, renames and weakens nothing [check 33, 38]', async (t) => {
  const world = await startWorld(t, { settings });
  world.travel(0);
  const ada = await world.person({ ways: ['totp', 'email'], recovery: 1 });
  const browser = await byMail(world, ada);
  const before = await accountRow(world, ada.id);
  const [app, mail] = before.factors.map(({ id }) => id);
  const forms: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'recovery-codes/new': {},
    'recovery-codes': { saved: 'yes', set: 'x' },
    'ways/new/totp/begin': {},
    'ways/new/email/begin': {},
    [`ways/${app}/rename`]: { name: 'Mine' },
    [`ways/${app}/remove`]: {},
    [`ways/${mail}/rename`]: { name: 'Mine' },
    [`ways/${mail}/remove`]: {},
    [`ways/${mail}/prefer`]: {},
    'two-step/off': {},
  };
  for (const [path, fields] of Object.entries(forms)) {
    const answer = await browser.tab().fetch(captured(browser, `/account/${path}`, fields));
    assert.deepEqual([answer.status, levelAsked(answer)], [303, 'urn:twofold:2fa'], path);
  }
  for (const path of [`ways/${app}/rename`, `ways/${app}/remove`, 'two-step/off', 'recovery-codes']) {
    const answer = await browser
      .tab()
      .fetch({ ...captured(browser, `/account/${path}`, {}), method: 'GET', body: undefined });
    assert.deepEqual([answer.status, levelAsked(answer)], [303, 'urn:twofold:2fa'], path);
  }
  const after = await accountRow(world, ada.id);
  assert.deepEqual({ ...after, guesses: before.guesses }, before);
});

test('the proof for such a change offers what is enough alone, and says so; the mailbox is never asked there', async (t) => {
  const world = await startWorld(t, { settings });
  world.travel(0);
  const ada = await world.person({ ways: ['totp', 'email'], recovery: 1 });
  const bob = await world.person({ ways: ['totp', 'email'], recovery: 1, codesLevel: '2fa-email' });
  for (const [person, left, enough] of [
    [ada, 'codes', ['totp', 'recovery']],
    [bob, 'no-codes', ['totp']],
  ] as const) {
    const browser = await byMail(world, person);
    await browser.press('make-codes');
    await provesPassword(browser, person);
    assert.deepEqual([browser.stage, browser.page.facts.stronger], ['totp', left]);
    assert.deepEqual(
      offers(browser).map(({ kind }) => kind),
      enough,
    );
    const mail = (await accountRow(world, person.id)).factors[1]?.id;
    await browser.post(browser.page.actions.find(({ name }) => name === 'factor')?.href.concat('/way') ?? '', {
      way: String(mail),
    });
    assert.notEqual(browser.stage, 'email');
    world.travel(60);
  }
});

test('what weakens nothing is done with any factor: whoever lost the app can still end other sessions', async (t) => {
  const world = await startWorld(t, { settings });
  world.travel(0);
  const ada = await world.person({ ways: ['totp', 'email'] });
  await byMail(world, ada);
  world.travel(60);
  const browser = await byMail(world, ada);
  await browser.press('end-others');
  assert.equal(noticeOf(browser), 'sessions_ended');
  await editAccount(world, ada.id, { $set: { twoStepOff: true } });
  await browser.visit('/account');
  await browser.press('two-step-on');
  assert.equal(noticeOf(browser), 'two_step_on');
});

async function byRecoveryCode(world: World, person: Person, options = {}): Promise<Browser> {
  const browser = Object.assign(world.browser(), { savesCodes: false });
  await browser.authorize(options);
  await browser.submit({ identifier: person.email, password: person.password });
  await chooseWay(browser, 'recovery');
  await browser.submit({ code: person.recoveryCodes[0] ?? '' });
  if (browser.stage === 'recovery-used') await browser.press('go-on');
  return browser;
}

for (const [ways, codesLevel, level] of [
  [['email'], '2fa-email', '2fa-email'],
  [['totp'], '2fa', '2fa'],
  [['totp', 'email'], '2fa-email', '2fa-email'],
  [['totp', 'email'], '2fa', '2fa'],
  [['email'], 'unmarked', '2fa-email'],
  [['totp', 'email'], 'unmarked', '2fa-email'],
  [['totp'], 'unmarked', '2fa'],
] as const) {
  test(`a recovery code of level ${codesLevel}, with ${ways.join(' and ')} set up, signs in at ${level} and no higher`, async (t) => {
    const world = await startWorld(t, { settings });
    world.travel(0);
    const ada = await world.person({ ways: [...ways], recovery: 2, codesLevel });
    const browser = await byRecoveryCode(world, ada);
    const { acr, amr } = claimsOf((await browser.redeem()).id_token);
    assert.deepEqual([acr, amr], [`urn:twofold:${level}`, ['pwd', 'otp', ...(level === '2fa' ? ['mfa'] : [])]]);
  });
}

test('an account with nothing but a mailbox does not reach 2fa with the recovery codes that came with it', async (t) => {
  const world = await startWorld(t, { settings });
  world.travel(0);
  const bob = await world.person({ totp: false });
  const browser = Object.assign(await world.browser().visit('/account'), { savesCodes: true });
  await browser.submit({ identifier: bob.email, password: bob.password });
  await browser.press('add email');
  await browser.submit({ code: world.codeMailedTo(bob.email) });
  await browser.submit({ name: '' });
  assert.equal(browser.recoveryCodes.length, 10);
  assert.equal(((await accountRow(world, bob.id)) as { recovery?: { level: string } }).recovery?.level, '2fa-email');
  const [code = ''] = browser.recoveryCodes;
  world.travel(60);
  const other = await world.browser().authorize({ acr_values: 'urn:twofold:2fa' });
  await other.submit({ identifier: bob.email, password: bob.password });
  await chooseWay(other, 'recovery');
  await other.submit({ code });
  if (other.stage === 'recovery-used') await other.press('go-on');
  assert.equal(other.callback?.get('error'), 'unmet_authentication_requirements');
});
