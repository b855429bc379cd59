import assert from 'node:assert/strict';
import { enrolling, giveDestination, learnApp } from './fuzz-answers.ts';
import { type AccountFacts, accountWith, type Choice, earn, placeOf, tabOf, type Walk } from './fuzz-book.ts';
import { answerCode, saveCodes } from './fuzz-codes.ts';
import { accountForms } from './fuzz-doors.ts';

/** A proof is fresh for so long, also for what it began. */
const freshMilliseconds = 5 * 60_000;

export function isInArea(walk: Walk): boolean {
  return placeOf(tabOf(walk)) === 'account';
}

/** What this page of the account area is there for, done rightly or not. */
export function useArea(walk: Walk, choice: Choice): Promise<unknown> {
  return watched(walk, true, () => use(walk, choice));
}

async function use(walk: Walk, choice: Choice): Promise<unknown> {
  const browser = tabOf(walk);
  const { stage = '', page } = browser;
  const names = page.actions.filter(({ fields }) => fields.length === 0).map(({ name }) => name);
  const address = String(page.account);
  if (stage === 'confirm-mail') return confirmMail(walk, choice);
  if (stage.startsWith('enrol-')) return enrol(walk, choice, address);
  if (stage === 'recovery-codes' && page.facts.codes) return saveCodes(walk, { address, right: choice.right });
  if (stage === 'rename-way' && !choice.right) return browser.submit({ name: `Name ${choice.n}` });
  const acts = names.filter((name) => /^(add|begin|make|remove|prefer|end|two-step)/.test(name));
  const act = acts[choice.n % acts.length];
  return act ? browser.press(act) : browser.visit('/account');
}

async function confirmMail(walk: Walk, { right }: Choice): Promise<unknown> {
  const browser = tabOf(walk);
  if (!browser.page.actions.some(({ name }) => name === 'confirm')) return browser.visit('/account');
  return answerCode(walk, {
    right,
    wentOn: (after) => placeOf(after) === 'account' && (after.stage ?? '').startsWith('enrol-'),
    book: () => {},
  });
}

async function enrol(walk: Walk, { right }: Choice, address: string): Promise<unknown> {
  const browser = tabOf(walk);
  if (!browser.page.actions.some(({ name }) => name === 'enrol')) return giveDestination(browser);
  const { kind, secret } = enrolling(browser);
  const count = async () => (await accountWith(walk, { email: address }))?.factors.length ?? 0;
  const before = await count();
  return answerCode(walk, {
    right,
    wentOn: async () => (await count()) > before,
    async book() {
      earn(walk, address, { kind, at: walk.provedAt.get(address) ?? 0 });
      await learnApp(walk, { email: address }, secret);
    },
  });
}

/** Any form of the area from any of its pages, with whatever name stands on this one. */
export function jumpInArea(walk: Walk, { n }: Choice): Promise<unknown> {
  const browser = tabOf(walk);
  const addresses = Object.keys(accountForms).filter((address) => !/(enrol|save)$/.test(address));
  const address = addresses[n % addresses.length] ?? '';
  const { ways = [], sessions = [] } = browser.page.facts as Readonly<Record<string, readonly { id: string }[]>>;
  const things = address.includes('/sessions/') ? sessions : ways;
  const id = things[n % things.length]?.id ?? 'recovery';
  const fields = { name: 'Jumped', code: '000000', email: 'jumped@example.com', phone: '+447400123456' };
  return watched(walk, false, () => browser.post(address.replace(':id', id), fields));
}

/** Whatever changed meanwhile of the account of this page was allowed: proved just now, and never to nothing. */
export async function watched(walk: Walk, mayAdd: boolean, act: () => Promise<unknown>): Promise<void> {
  const { account: email } = tabOf(walk).page;
  const before = email === undefined ? undefined : await accountWith(walk, { email });
  await act();
  const after = before && (await accountWith(walk, { _id: before._id }));
  if (!before || !after) return;
  const sinceProof = Date.now() - (walk.provedAt.get(before.email) ?? Number.NEGATIVE_INFINITY);
  const had = new Set(before.factors.map(({ id }) => id));
  const added = after.factors.filter(({ id }) => !had.has(id));
  assert.ok(added.length === 0 || mayAdd, 'a way was added by a form that adds none');
  if (JSON.stringify(settled(before)) !== JSON.stringify(settled(after))) {
    assert.ok(sinceProof < freshMilliseconds, `changed ${sinceProof} ms after the proof`);
  }
  assert.ok(after.factors.length >= Math.min(1, had.size), 'nothing is left');
}

function settled({ email, preferredFactorId, twoStepOff, recovery, factors }: AccountFacts) {
  return [email, preferredFactorId, twoStepOff, recovery?.salt, factors.map(({ id, name }) => [id, name])];
}
