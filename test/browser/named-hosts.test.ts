import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { nothing, spoils, uidOf } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { newContext } from '../support/chromium.ts';
import { startNamedFront } from '../support/named-front.ts';
import type { Person } from '../support/person.ts';
import { startWorld } from '../support/world.ts';

/** A sign-in at login.example.test, and evil.example.test beside it. */
async function siblings(t: TestContext) {
  const front = await startNamedFront(t);
  const world = await startWorld(t, { settings: { issuer: front.origin('login') } });
  front.lead('login', world.origin);
  const page = await (await newContext(t, { ignoreHTTPSErrors: true })).newPage();
  return { front, world, page, evil: front.origin('evil') };
}

/** What the sibling host sends to whoever visits it: the attacker's own cookies of one sign-in, for both hosts. */
async function plantedBy(browser: Browser): Promise<readonly string[]> {
  const cookies = await browser.jar.getCookies(browser.issuer, { allPaths: true });
  return cookies.map(
    ({ key, value, path }) => `${key}=${value}; Domain=example.test; Path=${path}; Secure; HttpOnly; SameSite=Lax`,
  );
}

async function proveBoth(page: Page, person: Person): Promise<void> {
  await page.locator('input[name=identifier]').fill(person.email);
  await page.locator('input[name=password]').fill(person.password);
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  await page.locator('input[name=code]').fill(person.codeNow());
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
}

test('a sibling host that plants its own sign-in in a browser gets nothing of whoever is led there [check 79]', async (t) => {
  const { front, world, page, evil } = await siblings(t);
  const ada = await world.person();
  const mallory = await world.browser().authorize({}, world.party('third'));
  const cookies = await plantedBy(mallory);
  const trap = `${world.issuer}/interaction/${uidOf(mallory)}`;
  front.answer('evil', (_asked, answer) => answer.writeHead(303, { location: trap, 'set-cookie': [...cookies] }).end());

  await page.goto(evil);
  assert.equal(page.url(), trap);
  const held = await page.context().cookies(trap);
  assert.deepEqual(
    held.map(({ name, domain }) => [name, domain]).sort(),
    [
      ['__Secure-twofold_interaction', '.example.test'],
      ['__Secure-twofold_interaction.sig', '.example.test'],
    ],
    'the browser took what can be planted, and no mark',
  );
  const asked = await page.locator('input[name=password]').count();
  if (asked > 0) await proveBoth(page, ada);
  await mallory.visit(trap);
  assert.equal(mallory.page.account, undefined, 'nobody was proved for whoever began it');
  if (mallory.stage === 'consent') await mallory.submit({ decision: 'allow' });
  assert.equal(mallory.code, undefined);
  assert.deepEqual(await spoils(world), nothing);
  assert.equal(asked, 0);
  assert.equal(await page.locator('h1').innerText(), 'This sign-in began elsewhere');
  assert.equal(await page.locator('form').count(), 0);

  await page.goto(`${world.issuer}/auth/${uidOf(mallory)}`);
  assert.equal(await page.locator('h1').innerText(), 'This sign-in began elsewhere');
  const own = await world.party('app').begin();
  await page.goto(own.url.href);
  await page.locator('input[name=password]').waitFor();
  await mallory.reload();
  assert.equal(mallory.stage, 'sign-in');
});

test('under a name without https a form keeps its origin, and a person signs in', async (t) => {
  const front = await startNamedFront(t, 'http');
  front.answer('app', (_asked, answer) => answer.end('back at the app'));
  const redirectUri = `${front.origin('app')}/callback`;
  const world = await startWorld(t, {
    settings: { issuer: front.origin('login') },
    clients: [{ clientId: 'here', redirectUris: [redirectUri] }],
  });
  front.lead('login', world.origin);
  const ada = await world.person();
  const page = await (await newContext(t)).newPage();
  const posts: Promise<Record<string, string>>[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') posts.push(request.allHeaders());
  });
  await page.goto((await world.party('here').begin()).url.href);
  await proveBoth(page, ada);
  assert.ok(page.url().startsWith(redirectUri), page.url());
  for (const headers of await Promise.all(posts)) {
    assert.equal(headers.origin, world.issuer);
    assert.equal(headers['sec-fetch-site'], undefined);
  }
  assert.equal(posts.length, 2);
});

const opening = (url: string) => `<!doctype html><title>The app</title>
<button onclick="handle = open('${url}', 'sign-in', 'popup')">Sign in</button>
<script>var handle, told; onmessage = (event) => { told = [event.origin, event.data] }</script>`;

test('a sign-in in a window of its own keeps its opener, and the callback tells it how it ended', async (t) => {
  const { front, page } = await siblings(t);
  const app = front.origin('app');
  const redirectUri = `${app}/callback`;
  const world = await startWorld(t, {
    settings: { issuer: front.origin('login') },
    clients: [{ clientId: 'here', redirectUris: [redirectUri], firstParty: false }],
  });
  front.lead('login', world.origin);
  const ada = await world.person();
  const start = (await world.party('here').begin()).url.href;
  const referrers: (string | undefined)[] = [];
  front.answer('app', ({ url, headers }, answer) => {
    if (url?.startsWith('/callback')) referrers.push(headers.referer);
    const back = `<!doctype html><script>opener.postMessage(location.search, '${app}')</script>`;
    answer.setHeader('content-type', 'text/html').end(url === '/' ? opening(start) : back);
  });
  const usable = async (where: string) => {
    const closed = await page.evaluate<boolean>('handle.closed');
    assert.equal(closed, false, `the window at ${where}`);
  };

  await page.goto(app);
  const [popup] = await Promise.all([page.waitForEvent('popup'), page.click('button')]);
  await popup.locator('input[name=password]').waitFor();
  await usable('the first page');
  await popup.goto(`${world.issuer}/interaction/nope`);
  assert.equal(await popup.evaluate<boolean>('opener !== null'), true);
  await usable('a problem');
  await popup.goto(start);
  await proveBoth(popup, ada);
  await usable('the consent');
  await popup.locator('button[value=allow]').click();
  await page.waitForFunction('told !== undefined');
  const [origin, search] = await page.evaluate<[string, string]>('told');
  assert.equal(origin, app);
  assert.ok(new URLSearchParams(search).get('code'));
  assert.deepEqual(referrers, [undefined], 'no address of ours reaches the client');

  await popup.goto(`${world.issuer}/session/end`);
  await usable('the sign-out');
  await popup.locator('button[name=logout]').click();
  await popup.waitForURL('**/session/end/success');
  await usable('the end of the sign-out');
  await popup.goto(`${world.issuer}/auth/nope`);
  await usable('a problem of the library');
});

test('a person who begins under another name of the same server signs in under the issuer’s', async (t) => {
  const { front, world, page } = await siblings(t);
  front.lead('other', world.origin);
  const ada = await world.person();
  for (const path of ['/', '/account']) {
    await page.goto(`${front.origin('other')}${path}`);
    assert.equal(new URL(page.url()).origin, world.issuer, path);
    await page.locator('input[name=password]').waitFor();
  }
  await proveBoth(page, ada);
  assert.equal(page.url(), `${world.issuer}/account`);
  assert.deepEqual(await page.context().cookies(front.origin('other')), [], 'nothing was left there');
});
