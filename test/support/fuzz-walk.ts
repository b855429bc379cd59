import assert from 'node:assert/strict';
import type { Browser } from './browser.ts';
import { rowsOf } from './database.ts';
import { goOn } from './fuzz-answers.ts';
import { begin, type Choice, proofsAt, tabOf, type Walk } from './fuzz-book.ts';
import type { World } from './world.ts';

export async function beginWalk(world: World): Promise<Walk> {
  const people = [await world.person(), await world.person({ totp: false })];
  const [proofs, earned, spent] = [new Map(), new Set<string>(), new Set<string>()];
  const walk = {
    world,
    people,
    tabs: [world.browser()],
    at: 0,
    proofs,
    earned,
    spent,
    shown: new Map(),
    redeemed: new Set<string>(),
    requests: 0,
  };
  await begin(walk, 0);
  return walk;
}

export async function take(walk: Walk, choice: Choice): Promise<void> {
  await step(walk, choice);
  walk.requests += 1;
  const browser = tabOf(walk);
  assert.ok(browser.status < 500, `${browser.status} ${browser.text.slice(0, 300)}`);
  if (browser.code === undefined) return;
  await settle(walk);
  await begin(walk, choice.n);
  await settle(walk);
}

/** A code that came back is redeemed at once: it lives a minute, and the clock may be moved next. */
async function settle(walk: Walk): Promise<void> {
  const browser = tabOf(walk);
  if (browser.code === undefined || walk.redeemed.has(browser.code)) return;
  walk.redeemed.add(browser.code);
  await checkCode(walk, browser);
}

/** Whoever the code is for has proved both in this browser, and is told as having done so. */
export async function checkCode(walk: Walk, browser: Browser): Promise<void> {
  const tokens = await browser.redeem();
  const claims = tokens.claims();
  const accounts = await rowsOf(walk.world.database, 'accounts');
  const email = String(accounts.find(({ _id }) => _id === claims?.sub)?.email);
  assert.ok(walk.earned.has(email), `a code for ${email}, earned: ${[...walk.earned]}`);
  assert.deepEqual([claims?.acr, claims?.amr], ['urn:twofold:2fa', ['pwd', 'otp', 'mfa']]);
}

async function step(walk: Walk, choice: Choice): Promise<unknown> {
  const browser = tabOf(walk);
  switch (choice.move) {
    case 'begin':
      return begin(walk, choice.n);
    case 'tab':
      if (walk.tabs.length < 3) walk.tabs.push(browser.tab());
      walk.at = choice.n % walk.tabs.length;
      return tabOf(walk).journey ? undefined : begin(walk, choice.n);
    case 'press':
      return press(walk, choice);
    case 'replay':
      // The last request once more, as it was: a double click, or a copy that somebody caught.
      return browser.last?.method === 'POST' ? browser.send(browser.last) : browser.reload();
    case 'jump':
      return jump(browser, choice.n);
    case 'later':
      return walk.world.travel(1 + (choice.n % 90));
    case 'sign out':
      return signOut(walk, choice);
    case 'go on':
      return goOn(walk, choice);
  }
}

/** A form of another stage, or the door behind the last one, straight away. */
function jump(browser: Browser, n: number): Promise<unknown> {
  const uid = /\/(?:interaction|auth)\/([\w-]+)/.exec(browser.url.pathname)?.[1];
  if (uid === undefined) return browser.visit('/session/end/success');
  const places = ['consent', 'continue', 'other', 'enrol/renew', 'confirm-mail/send'];
  if (n % 4 === 0) return browser.visit(`/auth/${uid}`);
  return browser.post(
    `/interaction/${uid}/${places[n % places.length]}`,
    n % places.length === 0 ? { decision: 'allow' } : {},
  );
}

async function press(walk: Walk, { n }: Choice): Promise<unknown> {
  const browser = tabOf(walk);
  const buttons = browser.page.actions.filter(({ fields }) => fields.length === 0);
  const button = buttons[n % buttons.length];
  if (!button) return browser.reload();
  const proofs = proofsAt(walk, browser);
  if (button.name === 'restart') Object.assign(proofs, { password: undefined, mailbox: undefined });
  return browser.press(button.name);
}

async function signOut(walk: Walk, { right }: Choice): Promise<unknown> {
  const browser = tabOf(walk);
  await browser.visit('/session/end');
  if (browser.stage !== 'sign-out') return undefined;
  const { xsrf } = browser.page.facts;
  await browser.post('/session/end/confirm', right ? { xsrf: String(xsrf), logout: 'yes' } : { xsrf: String(xsrf) });
  const silent = await browser.tab().authorize({ prompt: 'none' }, walk.world.client);
  if (right) assert.equal(silent.code, undefined, 'the cookie is worth nothing after signing out');
  return undefined;
}

/** Once everything is over: what do the cookies open? */
export async function whoIsIn(walk: Walk): Promise<boolean> {
  const silent = await tabOf(walk).tab().authorize({ prompt: 'none' }, walk.world.client);
  if (silent.code === undefined) return false;
  await checkCode(walk, silent);
  return true;
}
