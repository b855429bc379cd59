import assert from 'node:assert/strict';
import { randomId } from '../../src/platform/random.ts';
import { begin, type Choice, type Proofs, proofsAt, tabOf, type Walk } from './fuzz-book.ts';
import { codeOf, type Person } from './person.ts';
import type { World } from './world.ts';

/** What this page asks for, answered rightly or not. */
export async function goOn(walk: Walk, choice: Choice): Promise<unknown> {
  const browser = tabOf(walk);
  const proofs = proofsAt(walk, browser);
  switch (browser.stage) {
    case 'sign-in':
      return signIn(walk, choice, proofs);
    case 'register':
      return register(walk, choice, proofs);
    case 'confirm-mail':
      return confirmMail(walk, choice, proofs);
    case 'enrol-totp':
      return enrol(walk, choice, proofs);
    case 'totp':
      return totp(walk, choice, proofs);
    case 'consent':
      return browser.submit({ decision: choice.right ? 'allow' : 'deny' });
    case 'signed-in-as':
      return browser.press(choice.right ? 'continue' : 'other');
    default:
      return begin(walk, choice.n);
  }
}

async function signIn(walk: Walk, { who, right, n }: Choice, proofs: Proofs): Promise<void> {
  const person = walk.people[who] as Person;
  const browser = tabOf(walk);
  const stay: { stay?: string } = n % 5 === 0 ? { stay: 'yes' } : {};
  await browser.submit({ identifier: person.email, password: right ? person.password : 'not the walrus', ...stay });
  const accepted = browser.stage !== 'sign-in';
  assert.ok(right || !accepted, 'a wrong password was accepted');
  if (accepted) Object.assign(proofs, { password: person.email, mailbox: undefined });
}

async function register(walk: Walk, { who, right }: Choice, proofs: Proofs): Promise<void> {
  const known = walk.people[who] as Person;
  const email = right ? `new-${randomId(8).toLowerCase().replaceAll('_', 'x')}@example.com` : known.email;
  await tabOf(walk).submit({ email, password: 'another walrus in the attic' });
  Object.assign(proofs, { password: right ? email : undefined, mailbox: undefined });
}

async function confirmMail(walk: Walk, { right }: Choice, proofs: Proofs): Promise<void> {
  const browser = tabOf(walk);
  const address = proofs.password;
  const mailed = address === undefined ? undefined : mailedTo(walk.world, address);
  const wrong = mailed === '000000' ? '111111' : '000000';
  await browser.submit({ code: right && mailed ? mailed : wrong });
  const accepted = browser.stage !== 'confirm-mail';
  if (accepted && right && mailed && browser.stage === 'enrol-totp') Object.assign(proofs, { mailbox: address });
  else assert.notEqual(browser.stage, 'enrol-totp', 'a wrong mail code was accepted');
}

function mailedTo(world: World, address: string): string | undefined {
  const mail = world.outbox.mails.findLast(({ to }) => to === address);
  return /^\s*(\d{6})\s*$/m.exec(mail?.text ?? '')?.[1];
}

async function enrol(walk: Walk, { right }: Choice, proofs: Proofs): Promise<void> {
  const browser = tabOf(walk);
  const secret = String(browser.page.facts.secret);
  const { password: address, mailbox } = proofs;
  assert.ok(address !== undefined && mailbox === address, 'enrolment before password and mailbox were proved');
  await answerCode(walk, { address, secret, right });
  if (walk.earned.has(address)) walk.shown.set(address, secret);
}

async function totp(walk: Walk, { right }: Choice, proofs: Proofs): Promise<void> {
  const address = proofs.password;
  assert.ok(address !== undefined, 'a factor was asked before a password was proved');
  const secret = walk.shown.get(address) ?? walk.people.find(({ email }) => email === address)?.secret ?? '';
  await answerCode(walk, { address, secret, right });
}

/** Accepted means: gone on. Only a right code, and each only once. */
async function answerCode(
  walk: Walk,
  { address, secret, right }: { address: string; secret: string; right: boolean },
): Promise<void> {
  const browser = tabOf(walk);
  const before = browser.stage;
  const good = codeOf(secret);
  const near = [-2, -1, 0, 1, 2].map((steps) => codeOf(secret, steps));
  const bad = ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !near.includes(code)) ?? '';
  const name = before === 'enrol-totp' ? { name: 'Phone' } : {};
  await browser.submit({ code: right ? good : bad, ...name });
  const accepted = browser.code !== undefined || browser.stage === 'consent';
  if (!accepted) return;
  const key = `${address} ${good}`;
  assert.ok(right && !walk.spent.has(key), `a ${right ? 'spent' : 'wrong'} code was accepted`);
  walk.spent.add(key);
  walk.earned.add(address);
}
