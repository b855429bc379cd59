import assert from 'node:assert/strict';
import type { Browser } from './browser.ts';
import { accountWith, type Choice, placeOf, tabOf, type Walk } from './fuzz-book.ts';
import { codeOf } from './person.ts';

/** Sends it and judges what came of it; the same sent again is judged in the same way, unless it was accepted. */
export async function answered(
  walk: Walk,
  fields: Readonly<Record<string, string>>,
  judge: (browser: Browser) => boolean | Promise<boolean>,
): Promise<boolean> {
  const browser = tabOf(walk);
  const judged = async () => judge(browser);
  await browser.submit(fields);
  const accepted = await judged();
  if (!accepted) walk.refused.set(browser, judged);
  return accepted;
}

/** Gone on in a sign-in: back at the client, or at a page that nothing but a right answer leads to. */
export function goneOn(browser: Browser): boolean {
  const beyond = ['consent', 'recovery-codes', 'recovery-used'];
  const { callback, stage = '', url } = browser;
  return callback !== undefined || beyond.includes(stage) || url.pathname.startsWith('/account');
}

interface Answering {
  readonly right: boolean;
  wentOn(browser: Browser): boolean | Promise<boolean>;
  /** Enters it into the book. */
  book(): void | Promise<void>;
}

/** Digits of an app, a mail or a text: accepted are only right ones, each once. */
export function answerCode(walk: Walk, { right, wentOn, book }: Answering): Promise<boolean> {
  const browser = tabOf(walk);
  const { of, good } = rightCode(walk, browser);
  const proved = browser.page.facts.proved === true;
  const code = right && good !== undefined ? good : wrongCode(walk, browser);
  const key = `${of} ${code}`;
  return answered(walk, { code }, async (after) => {
    if (!(await wentOn(after))) return false;
    assert.ok(proved || code === good, 'a wrong code was accepted');
    assert.ok(proved || !walk.spent.has(key), 'a spent code was accepted');
    walk.spent.add(key);
    await book();
    return true;
  });
}

function secretAt(walk: Walk, { stage, page: { facts } }: Browser): string | undefined {
  if (stage === 'enrol-totp') return String(facts.secret);
  return stage === 'totp' ? walk.apps.get(String(facts.way)) : undefined;
}

/** A code that was sent for another sign-in is as wrong as any. */
function rightCode(walk: Walk, browser: Browser): { readonly of: string; readonly good: string | undefined } {
  const secret = secretAt(walk, browser);
  if (secret !== undefined) return { of: secret, good: codeOf(secret) };
  const place = placeOf(browser);
  return { of: place, good: browser.stage === 'totp' ? undefined : walk.sent.get(place) };
}

function wrongCode(walk: Walk, browser: Browser): string {
  const secret = secretAt(walk, browser);
  const near = secret === undefined ? [] : [-2, -1, 0, 1, 2].map((steps) => codeOf(secret, steps));
  // The newest code of another place, where there is one: it is right there.
  const place = placeOf(browser);
  const elsewhere = [...walk.sent].filter(([other]) => other !== place).map(([, code]) => code);
  const bad = [...near, walk.sent.get(place)];
  const candidates = [...elsewhere.reverse(), '000000', '111111', '222222', '333333', '444444', '555555', '666666'];
  return candidates.find((code) => !bad.includes(code)) ?? '';
}

/** Each code of the newest set once; none of a set that was replaced. */
export async function answerRecoveryCode(
  walk: Walk,
  { address, choice, book }: { readonly address: string; readonly choice: Choice; book(): void },
): Promise<void> {
  const known = walk.recoveryCodes.get(address) ?? { good: [], bad: [] };
  const [good] = known.good;
  const bad = known.bad[choice.n % known.bad.length] ?? 'K7M4-9QWT-X2HD-5VNP';
  const code = choice.right && good !== undefined ? good : bad;
  await answered(walk, { code }, (after) => {
    if (!goneOn(after)) return false;
    const { good: left, bad: gone } = walk.recoveryCodes.get(address) ?? known;
    assert.ok(left.includes(code), 'a recovery code that is none was accepted');
    walk.recoveryCodes.set(address, { good: left.filter((each) => each !== code), bad: [...gone, code] });
    book();
    return true;
  });
}

/** Codes count once their owner says that they are saved, and end the set before them. */
export async function saveCodes(
  walk: Walk,
  { address, right }: { readonly address: string; readonly right: boolean },
): Promise<void> {
  const browser = tabOf(walk);
  const { codes, set } = browser.page.facts;
  const before = await accountWith(walk, { email: address });
  await browser.submit({ saved: right ? 'yes' : '', ...(set === undefined ? {} : { set: String(set) }) });
  const after = await accountWith(walk, { email: address });
  if (after?.recovery?.salt === before?.recovery?.salt) return;
  assert.ok(right, 'recovery codes count that nobody saved');
  const { good, bad } = walk.recoveryCodes.get(address) ?? { good: [], bad: [] };
  walk.recoveryCodes.set(address, { good: codes as readonly string[], bad: [...bad, ...good] });
}
