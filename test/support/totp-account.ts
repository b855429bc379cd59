import assert from 'node:assert/strict';
import { generateSync } from 'otplib';
import type { Account } from '../../src/accounts/account.ts';
import { totp as declared } from '../../src/factors/kinds.ts';
import { totpFactor } from '../../src/factors/totp.ts';
import { totpData } from '../../src/factors/totp-data.ts';
import { createCipher } from '../../src/platform/cipher.ts';
import { noGuesses, type Taken } from '../../src/protection/budgets.ts';
import { begunEnrolment } from '../../src/sign-in/enrolment/begun-enrolment.ts';

export const period = 30_000;
export const start = new Date('2026-01-01T00:00:10Z');
export const flow = { id: 'attempt', proofs: [] };
export const blank: Account = {
  id: 'ada',
  email: 'ada@example.com',
  roles: [],
  active: true,
  sessionVersion: 0,
  securityVersion: 0,
  factors: [],
  guesses: noGuesses,
  createdAt: start,
};

/** A store of one account, as strict as the real one. */
export function setUpTotp(issuerName = 'Twofold') {
  const clock = { now: start };
  const state = { account: blank, spends: [] as number[], taken: { state: 'taken', failures: 1 } as Taken };
  const cipher = createCipher([{ id: 1, key: Buffer.alloc(32, 7) }]);
  const factor = totpFactor({
    cipher,
    issuerName,
    now: () => clock.now,
    firstFactors: {
      replaceLost: async () => assert.fail('nothing was lost here'),
      async add({ accountId, factor: added }) {
        if (accountId !== state.account.id || state.account.factors.length > 0) return false;
        state.account = { ...state.account, factors: [added] };
        return true;
      },
    },
    furtherFactors: { add: async () => assert.fail('a sign-in adds no further factor') },
    timeSteps: {
      async guess({ accountId, factorId, step, now }) {
        const { taken } = state;
        if (step === undefined || taken.state !== 'taken') return { taken, spent: false };
        state.spends.push(step);
        const held = state.account.factors.find((one) => one.id === factorId && totpData(one).lastStep < step);
        if (accountId !== state.account.id || !held) return { taken, spent: false };
        const data = { ...totpData(held), lastStep: step };
        state.account = { ...state.account, factors: [{ ...held, lastUsedAt: now, data }] };
        return { taken, spent: true };
      },
      async refuse({ step }) {
        const [held] = state.account.factors;
        if (!held) return;
        const data = totpData(held);
        const refusedSteps = [...(data.refusedSteps ?? []), step];
        state.account = { ...state.account, factors: [{ ...held, data: { ...data, refusedSteps } }] };
      },
    },
  });
  const { enrolment } = factor;
  assert.ok(enrolment);
  const wait = (milliseconds: number) => {
    clock.now = new Date(clock.now.getTime() + milliseconds);
  };
  const begin = (account: Account) => begunEnrolment({ ...declared, enrolment }, { account, proofs: [] }, clock.now);
  return { clock, state, cipher, factor, enrolment, begin, wait };
}

export const codeAt = (secret: string, date: Date) =>
  generateSync({ secret, epoch: Math.floor(date.getTime() / 1000) });
export const stepOf = (date: Date) => Math.floor(date.getTime() / period);

/** An account whose app was confirmed in the first step. */
export async function enrolledTotp() {
  const world = setUpTotp();
  const { enrolment, begin, state, factor, clock } = world;
  const pending = begin(state.account);
  const { secret } = await enrolment.facts(flow, state.account, pending);
  assert.ok(typeof secret === 'string');
  const codeOf = (steps: number) => codeAt(secret, new Date(clock.now.getTime() + steps * period));
  const confirmingCode = codeOf(0);
  const confirmed = await enrolment.confirm({
    flow,
    account: state.account,
    pending,
    answer: { code: confirmingCode, name: 'Phone' },
  });
  assert.equal(confirmed.outcome, 'accepted');
  const verify = async (code: string, account = state.account) => {
    const [offer = { kind: 'totp', id: 'none', label: '' }] = factor.offers(account);
    return (await factor.guess({ flow, account, offer, answer: { code }, now: clock.now })).verdict;
  };
  return { ...world, pending, secret, codeOf, confirmingCode, verify };
}
