import assert from 'node:assert/strict';
import { randomDigits, randomId } from '../../src/platform/random.ts';
import type { Browser } from './browser.ts';
import {
  accountWith,
  begin,
  type Choice,
  earn,
  type Kind,
  type Proofs,
  placeOf,
  proofsAt,
  tabOf,
  type Walk,
} from './fuzz-book.ts';
import { answerCode, answered, answerRecoveryCode, goneOn, saveCodes } from './fuzz-codes.ts';
import { offers } from './mail-ways.ts';
import type { Person } from './person.ts';

/** What this page of a sign-in asks for, answered rightly or not. */
export async function answerPage(walk: Walk, choice: Choice): Promise<unknown> {
  const browser = tabOf(walk);
  const answer = answers[browser.stage ?? ''];
  return answer ? answer(walk, choice, proofsAt(walk, browser)) : begin(walk, choice.n);
}

type Answer = (walk: Walk, choice: Choice, proofs: Proofs) => Promise<unknown>;

const has = ({ page }: Browser, name: string) => page.actions.some((action) => action.name === name);

const answers: Readonly<Record<string, Answer>> = {
  'sign-in': signIn,
  confirm: signIn,
  register,
  'confirm-mail': confirmMail,
  'enrol-totp': enrol,
  'enrol-email': enrol,
  'enrol-sms': enrol,
  totp: prove,
  email: prove,
  sms: prove,
  recovery: prove,
  ways: (walk, { n }) => chooseWay(tabOf(walk), n),
  'recovery-used': (walk, { n }) => tabOf(walk).press(n % 2 === 0 && has(tabOf(walk), 'make') ? 'make' : 'go-on'),
  'recovery-codes': (walk, { right }, { password = '' }) => saveCodes(walk, { address: password, right }),
  consent: (walk, { right }) => tabOf(walk).submit({ decision: right ? 'allow' : 'deny' }),
  'signed-in-as': (walk, { right }) => tabOf(walk).press(right ? 'continue' : 'other'),
};

async function signIn(walk: Walk, { who, right, n }: Choice, proofs: Proofs): Promise<void> {
  const person = walk.people[who] as Person;
  const before = tabOf(walk).stage;
  const stay: { stay?: string } = n % 5 === 0 ? { stay: 'yes' } : {};
  const fields = { identifier: person.email, password: right ? person.password : 'not the walrus', ...stay };
  await answered(walk, fields, ({ stage }) => {
    const accepted = stage !== before;
    assert.ok(right || !accepted, 'a wrong password was accepted');
    if (accepted) Object.assign(proofs, { password: person.email, passwordAt: Date.now(), mailbox: undefined });
    return accepted;
  });
}

async function register(walk: Walk, { who, right }: Choice, proofs: Proofs): Promise<void> {
  const known = walk.people[who] as Person;
  const email = right ? `new-${randomId(8).toLowerCase().replaceAll('_', 'x')}@example.com` : known.email;
  await tabOf(walk).submit({ email, password: 'another walrus in the attic' });
  Object.assign(proofs, { password: right ? email : undefined, passwordAt: Date.now(), mailbox: undefined });
}

async function confirmMail(walk: Walk, { right }: Choice, proofs: Proofs): Promise<void> {
  const { password: address } = proofs;
  const browser = tabOf(walk);
  // Locked, or nothing was sent.
  if (!has(browser, 'confirm')) return void (await browser.press(has(browser, 'send') ? 'send' : 'cancel'));
  await answerCode(walk, {
    right,
    wentOn: ({ stage = '' }) => stage.startsWith('enrol-'),
    book() {
      assert.ok(address !== undefined, 'a mailbox was proved before a password was given');
      Object.assign(proofs, { mailbox: address });
    },
  });
}

/** Chooses another kind, says where its codes go, or answers. */
async function enrol(walk: Walk, choice: Choice, proofs: Proofs): Promise<unknown> {
  const browser = tabOf(walk);
  const { password: address, mailbox } = proofs;
  assert.ok(address !== undefined && mailbox === address, 'enrolment before password and mailbox were proved');
  const kinds = browser.page.facts.kinds as readonly string[];
  const other = kinds[choice.n % kinds.length];
  if (choice.n % 3 === 0 && other) return browser.submit({ kind: other });
  if (!has(browser, 'enrol')) return giveDestination(browser);
  const { kind, secret } = enrolling(browser);
  return answerCode(walk, {
    right: choice.right,
    wentOn: goneOn,
    async book() {
      proved(walk, proofs, kind);
      await learnApp(walk, { email: address }, secret);
    },
  });
}

/** What the page sets up, and the secret that it shows where that is an app. */
export function enrolling({ stage = '', page }: Browser): { readonly kind: Kind; readonly secret: string } {
  return { kind: stage.slice('enrol-'.length) as Kind, secret: String(page.facts.secret) };
}

export function giveDestination(browser: Browser): Promise<unknown> {
  if (!has(browser, 'destination')) return browser.reload();
  const email = `box-${randomId(8).toLowerCase().replaceAll('_', 'x')}@example.com`;
  return browser.submit(browser.stage === 'enrol-sms' ? { phone: `+447400${randomDigits(6)}` } : { email });
}

/** Finds the new factor that this secret belongs to. */
export async function learnApp(walk: Walk, who: { readonly email: string }, secret: string): Promise<void> {
  const account = await accountWith(walk, who);
  const added = account?.factors.find(({ id, kind }) => kind === 'totp' && !walk.apps.has(id));
  if (added) walk.apps.set(added.id, secret);
}

async function prove(walk: Walk, choice: Choice, proofs: Proofs): Promise<unknown> {
  const browser = tabOf(walk);
  const { password: address } = proofs;
  assert.ok(address !== undefined, 'a factor was asked before a password was proved');
  if (choice.n % 4 === 0 && has(browser, 'choose')) return browser.press('choose');
  // Locked, or nothing was sent.
  if (!has(browser, 'factor')) return browser.press(has(browser, 'send') ? 'send' : 'cancel');
  const kind = browser.stage as Kind;
  const book = () => proved(walk, proofs, kind);
  if (kind === 'recovery') return answerRecoveryCode(walk, { address, choice, book });
  return answerCode(walk, { right: choice.right, wentOn: goneOn, book });
}

function proved(walk: Walk, { password = '', passwordAt = 0 }: Proofs, kind: Kind): void {
  earn(walk, password, { kind, at: passwordAt });
}

function chooseWay(browser: Browser, n: number): Promise<unknown> {
  const all = offers(browser);
  return browser.submit({ way: all[n % all.length]?.id ?? '' });
}

/** "Set up later", pressed on its page or posted from another: open only where nothing is set up, and so often as the policy says. */
export async function putOff(walk: Walk, press: () => Promise<unknown>): Promise<void> {
  const browser = tabOf(walk);
  const [place, proofs] = [placeOf(browser), proofsAt(walk, browser)];
  const before = browser.stage;
  await press();
  if (before === browser.stage || !goneOn(browser)) return;
  const { password: address } = proofs;
  assert.ok(address !== undefined, 'put off before a password was proved');
  const account = await accountWith(walk, { email: address });
  assert.deepEqual(account?.factors, [], 'put off although a way is set up');
  const times = new Set([...(walk.putOffs.get(address) ?? []), place]);
  assert.ok(times.size <= walk.world.config.factors.skips, 'put off too often');
  walk.putOffs.set(address, times);
  proved(walk, proofs, 'put-off');
}
