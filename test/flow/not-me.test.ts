import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { inAccount } from '../support/account-area.ts';
import { accountRow, afterPassword, eventsOf } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { rowsOf, signedInRows } from '../support/database.ts';
import type { Person } from '../support/person.ts';
import { tabs } from '../support/registration.ts';
import { startPost } from '../support/smtp-post.ts';
import { redeemRaw, refreshRaw, userinfoStatus } from '../support/token-endpoint.ts';
import { startWorld, type World } from '../support/world.ts';

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const week = 7 * 86_400;

/** The text of a mail as its reader sees it, links whole. */
function plain(source: string): string {
  const whole = source
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return whole.replaceAll('\r', '');
}

const linkIn = (mail: string | undefined) =>
  /^http:\/\/localhost:\d+\/link\/not_me\/[\w-]{43}$/m.exec(mail ?? '')?.[0] ?? 'none';

/** The owner hears of a thief, who is signed in at an app and in the account area and has just ended the owner's own session. */
async function robbed(t: TestContext) {
  const post = await startPost(t);
  const world = await startWorld(t, { mailer: post.mailer });
  world.travel(0);
  const ada = await world.person();
  const owner = await inAccount(world, ada);
  world.travel(60);
  const thief = world.browser({ headers: { 'user-agent': firefox } });
  await thief.signIn(ada, { scope: 'openid offline_access', prompt: 'consent' });
  const { body: tokens } = await redeemRaw(thief);
  await thief.visit('/account');
  await thief.press('end-others');
  // That the thief signed in is told by a notice of its own (new-place.test.ts).
  const mails = () =>
    post.taken.map(plain).filter((mail) => mail.includes(`To: ${ada.email}`) && !mail.includes('Subject: New sign-in'));
  return { world, ada, owner, thief, tokens, mails };
}

const isSignedIn = async (browser: Browser) => (await browser.tab().authorize({ prompt: 'none' })).code !== undefined;

const versionOf = async (world: World, { id }: Person) =>
  Number((await rowsOf(world.database, 'accounts')).find(({ _id }) => _id === id)?.sessionVersion);

/** Three wrong codes after the right password: a notice of its own. */
async function guessed(world: World, person: Person): Promise<void> {
  const browser = await afterPassword(world, person);
  for (const _ of [1, 2, 3]) await browser.submit({ code: '000000' });
}

test('the owner says "This was not me": sessions, tokens and sign-ins under way end, and what to do next is shown [check 37]', async (t) => {
  const { world, ada, thief, tokens, mails } = await robbed(t);
  const notice = mails().at(-1);
  assert.match(notice ?? '', /^On one of your browsers it was chosen to sign you out of Twofold everywhere else\.$/m);
  for (const told of [/^When: .+ UTC$/m, /^Browser: Firefox on Linux$/m, /^Place: 127\.0\.0\.x$/m])
    assert.match(notice ?? '', told);
  assert.ok(await isSignedIn(thief));
  world.travel(60);
  const halfway = await afterPassword(world, ada);

  const owner = await world.browser().visit(linkIn(notice));
  assert.deepEqual([owner.stage, owner.page.account, owner.url.pathname], ['not-me', ada.email, '/link/not_me']);
  await owner.press('secure');
  assert.deepEqual([owner.status, owner.stage, owner.url.pathname], [200, 'not-me-done', '/link/not_me']);
  assert.deepEqual(
    owner.page.actions.map(({ name, method, href }) => [name, method, href]),
    [['new-password', 'GET', '/account/password']],
  );
  assert.equal(await isSignedIn(thief), false);
  assert.equal(await userinfoStatus(world.origin, tokens.access_token), 401);
  assert.equal((await refreshRaw(thief, tokens.refresh_token)).body.error, 'invalid_grant');
  assert.deepEqual(await signedInRows(world.database), []);
  await halfway.submit({ code: ada.codeNow() });
  assert.deepEqual([halfway.code, halfway.stage], [undefined, 'sign-in']);
});

test('it is one event and one mail, which asks nothing of its reader and has no link [check 112]', async (t) => {
  const { world, ada, mails } = await robbed(t);
  const owner = await world.browser().visit(linkIn(mails().at(-1)));
  const before = mails().length;
  await owner.press('secure');
  const [event, ...more] = await eventsOf(world, { kind: 'not_me' });
  assert.deepEqual([event?.accountId, event?.result, event?.actor, more], [ada.id, 'success', undefined, []]);
  assert.equal(mails().length, before + 1);
  assert.match(mails().at(-1) ?? '', /^Subject: You were signed out of Twofold everywhere, as you asked$/m);
  assert.equal(linkIn(mails().at(-1)), 'none');
});

test('opening the link, by GET or HEAD, in as many browsers as there are, changes nothing [check 90]', async (t) => {
  const { world, ada, thief, mails } = await robbed(t);
  const url = linkIn(mails().at(-1));
  const before = await accountRow(world, ada.id);
  for (const method of ['GET', 'HEAD', 'GET']) {
    const scanner = world.browser();
    const { status } = await scanner.fetch({ method, url: new URL(url), headers: {} });
    assert.equal(status, 303);
    await scanner.visit('/link/not_me');
    await scanner.visit('/link/not_me/secure');
  }
  assert.deepEqual(await accountRow(world, ada.id), before);
  assert.ok(await isSignedIn(thief));
});

test('twenty presses at once, in one browser and in others, act once', async (t) => {
  const { world, ada, mails } = await robbed(t);
  const url = linkIn(mails().at(-1));
  const before = await versionOf(world, ada);
  const sent = mails().length;
  const [mine, theirs] = [await world.browser().visit(url), await world.browser().visit(url)];
  const all = [...tabs(mine, 10), ...tabs(theirs, 10)];
  await Promise.all(all.map((tab) => tab.press('secure')));
  assert.deepEqual(all.map(({ status }) => status).sort(), [...Array(10).fill(200), ...Array(10).fill(410)]);
  assert.equal(await versionOf(world, ada), before + 1);
  assert.equal((await eventsOf(world, { kind: 'not_me' })).length, 1);
  assert.equal(mails().length, sent + 1);
});

test('once it was said, the same link ends nothing any more: not what the owner begins afterwards', async (t) => {
  const { world, ada, mails } = await robbed(t);
  const url = linkIn(mails().at(-1));
  const here = await world.browser().visit(url);
  const [again = here] = tabs(here, 1);
  await here.press('secure');
  world.travel(120);
  const fresh = await world.browser().signIn(ada);
  await again.press('secure');
  assert.equal(again.stage, 'not-me-done');
  const elsewhere = await world.browser().visit(url);
  assert.deepEqual([elsewhere.status, elsewhere.page.code], [410, 'link_ended']);
  assert.ok(await isSignedIn(fresh));
});

test('each of several notices keeps its link for a week, whatever was ended meanwhile', async (t) => {
  const { world, ada, mails } = await robbed(t);
  world.travel(60);
  await guessed(world, ada);
  const links = mails()
    .map(linkIn)
    .filter((url) => url !== 'none');
  assert.equal(new Set(links).size, 2);
  const [first = '', second = ''] = links;
  world.travel(120);
  await (await world.browser().visit(second)).press('secure');
  world.travel(240);
  const thief = await world.browser().signIn(ada);
  await (await world.browser().visit(first)).press('secure');
  assert.equal(await isSignedIn(thief), false);
  await guessed(world, ada);
  const third = linkIn(
    mails()
      .filter((mail) => linkIn(mail) !== 'none')
      .at(-1),
  );
  world.travel(240 + week + 60);
  const late = await world.browser().visit(third);
  assert.deepEqual([late.status, late.page.code], [410, 'link_ended']);
});

test('without its own form nobody presses it: a foreign page, another browser and a link of another purpose get nowhere [check 82]', async (t) => {
  const { world, ada, mails } = await robbed(t);
  const url = linkIn(mails().at(-1));
  const before = await accountRow(world, ada.id);
  const owner = await world.browser().visit(url);
  const { forgery = '' } = owner.page;
  const stranger = world.browser();
  await stranger.post('/link/not_me/secure', { forgery });
  assert.equal(stranger.status, 410);
  await owner.post('/link/not_me/secure', { forgery: 'other' });
  assert.equal(owner.status, 403);
  await world.browser().visit(url.replace('not_me', 'reset'));
  assert.deepEqual(await accountRow(world, ada.id), before);
});

test('no line of the log and no row holds what is in the link [check 113]', async (t) => {
  const { world, mails } = await robbed(t);
  const url = linkIn(mails().at(-1));
  await (await world.browser().visit(url)).press('secure');
  const token = url.slice(-43);
  assert.ok(!world.logged.join('').includes(token));
  for (const name of ['links', 'accounts', 'events'])
    assert.ok(!JSON.stringify(await rowsOf(world.database, name)).includes(token), name);
});

test('a person reads in HTML what the button does, and presses it without a script', async (t) => {
  const { world, mails } = await robbed(t);
  const owner = world.browser({ headers: { accept: 'text/html' } });
  await owner.visit(linkIn(mails().at(-1)));
  assert.match(owner.text, /<h1[^>]*>Was this not you\?<\/h1>/);
  const [, action = '', forgery = ''] =
    /<form method="post" action="([^"]+)">\s*<input type="hidden" name="forgery" value="([^"]+)">\s*<button class="button">Secure my account/.exec(
      owner.text,
    ) ?? [];
  await owner.post(action, { forgery });
  assert.match(owner.text, /You are signed out everywhere[\s\S]+“Forgot your password\?”[\s\S]+Go to the sign-in page/);
});
