import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountRow, editAccount } from '../support/attack.ts';
import { size } from '../support/size.ts';
import { askToken, redeemRaw, refreshRaw, userinfoStatus } from '../support/token-endpoint.ts';
import { startWorld, type World } from '../support/world.ts';

const narrow = { argon2: { concurrency: 1, queue: 2 } };
/** Fifteen times the usual cost: one try keeps the only place busy for as long as fifteen. */
const slowHash = `$argon2id$v=19$m=19456,t=30,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** The one place and both places in line taken by tries that take long. Their answers come when they come. */
async function fillQueue(world: World) {
  const done: string[] = [];
  const slow = await Promise.all(
    [1, 2, 3].map(async (n) => {
      const person = await world.person({ email: `slow${n}@example.com` });
      await editAccount(world, person.id, { $set: { passwordHash: slowHash } });
      return world.browser().authorize();
    }),
  );
  const tries = slow.map((browser, n) =>
    browser.submit({ identifier: `slow${n + 1}@example.com`, password: 'anything' }).then(() => done.push('hash')),
  );
  const one = await world.browser().authorize();
  // Full once a further try is told so: no clock has to be asked.
  do await one.submit({ identifier: 'nobody@example.com', password: 'anything' });
  while (one.status !== 503 && done.length === 0);
  return { done, tries, busy: one };
}

test('with the hash queue full a sign-in is told to come back, and everything else goes on [check 110]', async (t) => {
  const world = await startWorld(t, { settings: narrow });
  const ada = await world.person();
  const browser = await world.browser().signIn(ada, { scope: 'openid offline_access', prompt: 'consent' });
  const tokens = (await redeemRaw(browser)).body;
  const { done, tries, busy } = await fillQueue(world);

  assert.deepEqual([busy.status, busy.page.code, busy.response?.headers.get('retry-after')], [503, 'busy', '2']);
  assert.equal(done.length, 0, 'the tries that fill the queue are still being judged');
  for (const path of ['/health', '/jwks', '/.well-known/openid-configuration', '/outbox', '/assets/style.css']) {
    assert.equal((await world.ask({ target: path, headers: { host: new URL(world.issuer).host } })).status, 200, path);
  }
  assert.equal((await refreshRaw(browser, tokens.refresh_token)).status, 200);
  const silent = await browser.tab().authorize({ prompt: 'none' });
  assert.equal((await redeemRaw(silent)).status, 200);
  assert.equal(await userinfoStatus(world.origin, tokens.access_token), 200);
  assert.equal((await askToken({ origin: world.origin, client: null, form: {} })).status, 400);
  assert.equal((await world.browser().authorize()).stage, 'sign-in');
  assert.ok(done.length < tries.length, 'all of this was answered while a password was still being judged');

  await Promise.all(tries);
  assert.ok((await world.browser().signIn(await world.person())).code, 'and afterwards people get in');
});

test('who is told to come back has lost no guess: a flood locks nobody out [check 109, 110]', async (t) => {
  const world = await startWorld(t, { settings: narrow });
  const ada = await world.person();
  const browser = await world.browser().authorize();
  const { tries } = await fillQueue(world);
  let told = 0;
  for (let n = 0; n < 8; n += 1) {
    await browser.submit({ identifier: ada.email, password: ada.password });
    if (browser.status !== 503) break;
    told += 1;
    await browser.visit(browser.url.pathname.replace(/\/sign-in$/, ''));
  }
  assert.ok(told >= 5, `told ${told} times`);
  assert.equal((await accountRow(world, ada.id)).guesses.password.failures, 0);
  await Promise.all(tries);
  await browser.submit({ identifier: ada.email, password: ada.password });
  assert.equal(browser.stage, 'totp');
});

test('of many passwords at once as many are judged as have a place; the others are told at once [check 110]', async (t) => {
  const world = await startWorld(t, { settings: narrow });
  const count = size(12, 200);
  const browsers = await Promise.all(Array.from({ length: count }, () => world.browser().authorize()));
  await Promise.all(browsers.map((each, n) => each.submit({ identifier: `n${n}@example.com`, password: 'anything' })));
  const statuses = new Set(browsers.map(({ status }) => status));
  assert.deepEqual([...statuses].sort(), [422, 503]);
  for (const { status, response } of browsers) {
    assert.equal(response?.headers.get('retry-after') ?? null, status === 503 ? '2' : null);
  }
});

test('a registration that finds the queue full has mailed nothing and changed nothing [check 110]', async (t) => {
  const world = await startWorld(t, { settings: narrow });
  const browser = await world.browser().authorize({ prompt: 'create' });
  const { tries } = await fillQueue(world);
  const email = 'late@example.com';
  await browser.submit({ email, password: 'a walrus in the attic' });
  assert.deepEqual([browser.status, browser.page.code], [503, 'busy']);
  assert.equal(world.outbox.mails.length, 0);
  await Promise.all(tries);
  await browser.visit(browser.url.pathname.replace(/\/register$/, ''));
  await browser.submit({ email, password: 'a walrus in the attic' });
  assert.equal(browser.stage, 'confirm-mail');
});
