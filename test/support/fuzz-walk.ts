import assert from 'node:assert/strict';
import type { Browser } from './browser.ts';
import { answerPage, putOff } from './fuzz-answers.ts';
import { isInArea, jumpInArea, useArea, watched } from './fuzz-area.ts';
import { accountWith, begin, type Choice, type Kind, placeOf, proofsAt, tabOf, type Walk } from './fuzz-book.ts';
import { signInForms } from './fuzz-doors.ts';
import { noteSent } from './fuzz-sent.ts';
import type { World } from './world.ts';

export async function beginWalk(world: World): Promise<Walk> {
  const people = [
    await world.person({ ways: ['email', 'totp', 'sms'], recovery: 2 }),
    await world.person({ totp: false }),
    await world.person(),
  ];
  const walk: Walk = {
    world,
    people,
    tabs: [world.browser()],
    at: 0,
    proofs: new Map(),
    earned: new Map(),
    provedAt: new Map(),
    spent: new Set(),
    apps: new Map(),
    recoveryCodes: new Map(people.map(({ email, recoveryCodes }) => [email, { good: recoveryCodes, bad: [] }])),
    putOffs: new Map(),
    sent: new Map(),
    refused: new Map(),
    redeemed: new Set(),
    requests: 0,
  };
  for (const { id, secret } of people) {
    const account = await accountWith(walk, { _id: id });
    for (const factor of account?.factors ?? []) if (factor.kind === 'totp') walk.apps.set(factor.id, secret);
  }
  tabOf(walk).savesCodes = false;
  await begin(walk, 0);
  return walk;
}

export async function take(walk: Walk, choice: Choice): Promise<void> {
  await noteSent(walk, () => step(walk, choice));
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

/** What each way is worth to a client, as the README lists it. */
const worth: Readonly<Record<Kind, { readonly acr: string; readonly amr: readonly string[] }>> = {
  totp: { acr: 'urn:twofold:2fa', amr: ['otp', 'mfa'] },
  recovery: { acr: 'urn:twofold:2fa', amr: ['otp', 'mfa'] },
  sms: { acr: 'urn:twofold:2fa-sms', amr: ['sms', 'mfa'] },
  email: { acr: 'urn:twofold:2fa-email', amr: ['otp'] },
  'put-off': { acr: 'urn:twofold:1fa', amr: [] },
};

/** Whoever the code is for has proved it in this browser, and is told as having done so and no more. */
async function checkCode(walk: Walk, browser: Browser): Promise<void> {
  const claims = (await browser.redeem()).claims();
  const account = await accountWith(walk, { _id: claims?.sub });
  const kinds = [...(walk.earned.get(account?.email ?? '') ?? [])];
  assert.ok(kinds.length > 0, `a code for ${account?.email}, earned: ${[...walk.earned.keys()]}`);
  const { acr, amr } = claims as { acr?: string; amr?: readonly string[] };
  assert.ok(
    kinds.some((kind) => worth[kind].acr === acr),
    `${acr} for ${kinds}`,
  );
  const methods = ['pwd', ...kinds.flatMap((kind) => worth[kind].amr)];
  assert.ok(amr?.[0] === 'pwd' && amr.every((method) => methods.includes(method)), `${amr} for ${kinds}`);
}

async function step(walk: Walk, choice: Choice): Promise<unknown> {
  const browser = tabOf(walk);
  if (choice.move === 'replay') return replay(walk);
  walk.refused.delete(browser);
  switch (choice.move) {
    case 'begin':
      return begin(walk, choice.n);
    case 'tab':
      if (walk.tabs.length < 3) walk.tabs.push(Object.assign(browser.tab(), { savesCodes: false }));
      walk.at = choice.n % walk.tabs.length;
      return tabOf(walk).journey ? undefined : begin(walk, choice.n);
    case 'press':
      return press(walk, choice);
    case 'jump':
      return isInArea(walk) ? jumpInArea(walk, choice) : jump(walk, choice.n);
    case 'later':
      return walk.world.travel(1 + (choice.n % 90));
    case 'sign out':
      return signOut(walk, choice);
    case 'account':
      return browser.visit('/account');
    case 'go on':
      return isInArea(walk) ? useArea(walk, choice) : answerPage(walk, choice);
  }
}

/** The last request once more, as it was: a double click, or a copy that somebody caught. */
async function replay(walk: Walk): Promise<unknown> {
  const browser = tabOf(walk);
  const { last } = browser;
  if (last?.method !== 'POST') return browser.reload();
  const judge = walk.refused.get(browser);
  const again = async () => {
    await browser.send(last);
    if (await judge?.()) walk.refused.delete(browser);
  };
  return isInArea(walk) ? watched(walk, judge !== undefined, again) : again();
}

/** Forms that may be open at another stage too, and what a stranger to it would send. */
const jumps = Object.keys(signInForms).filter((form) => !['sign-in', 'register', 'recovery-codes'].includes(form));

/** A form of another stage, or the door behind the last one, straight away. */
async function jump(walk: Walk, n: number): Promise<unknown> {
  const browser = tabOf(walk);
  const uid = placeOf(browser);
  if (uid === '') return browser.visit('/session/end/success');
  if (n % 4 === 0) return browser.visit(`/auth/${uid}`);
  const form = jumps[n % jumps.length] ?? '';
  const fields = form === 'consent' ? { decision: 'allow' } : {};
  const go = () => browser.post(`/interaction/${uid}/${form}`, fields);
  if (form === 'restart') forget(walk);
  return form === 'later' ? putOff(walk, go) : go();
}

async function press(walk: Walk, { n }: Choice): Promise<unknown> {
  const browser = tabOf(walk);
  const buttons = browser.page.actions.filter(({ fields }) => fields.length === 0);
  const button = buttons[n % buttons.length];
  if (!button) return browser.reload();
  if (button.name === 'restart') forget(walk);
  const go = () => browser.press(button.name);
  if (isInArea(walk)) return watched(walk, false, go);
  return button.name === 'later' ? putOff(walk, go) : go();
}

function forget(walk: Walk): void {
  Object.assign(proofsAt(walk, tabOf(walk)), { password: undefined, mailbox: undefined });
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
