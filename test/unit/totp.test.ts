import assert from 'node:assert/strict';
import test from 'node:test';
import { ScureBase32Plugin } from 'otplib';
import type { EnrolledFactor } from '../../src/accounts/account.ts';
import { totpData } from '../../src/factors/totp-data.ts';
import { matchedStep } from '../../src/factors/totp-match.ts';
import { codeAt, enrolledTotp, flow, period, start, stepOf } from '../support/totp-account.ts';

// RFC 6238 Appendix B, SHA-1. Its codes are of 8 digits: they go through matchedStep asked for 8, everything else the
// same. Ours are of 6, which by RFC 4226 section 5.3 are the last six digits of the same number.
const rfcSecret = new ScureBase32Plugin().encode(Buffer.from('12345678901234567890'));
const vectors: readonly [number, string][] = [
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
];

for (const [seconds, code] of vectors) {
  test(`the vector of RFC 6238 Appendix B at ${seconds} s is right in 8 and in 6 digits [check 18]`, () => {
    const now = new Date(seconds * 1000);
    const step = Math.floor(seconds / 30);
    assert.equal(matchedStep({ secret: rfcSecret, code, now, digits: 8 }), step);
    assert.equal(matchedStep({ secret: rfcSecret, code: code.slice(2), now }), step);
  });
}

test('the step that matched is told, one step on either side and no more [check 19]', () => {
  for (const second of [0, 1, 15, 29]) {
    const now = new Date(1_767_225_600_000 + second * 1000);
    for (const offset of [-2, -1, 0, 1, 2]) {
      const code = codeAt(rfcSecret, new Date(now.getTime() + offset * period));
      const expected = Math.abs(offset) <= 1 ? stepOf(now) + offset : undefined;
      assert.equal(matchedStep({ secret: rfcSecret, code, now }), expected, `second ${second}, offset ${offset}`);
    }
  }
});

test('only a step greater than the last one matches, also when our clock was set back [check 20]', () => {
  const code = codeAt(rfcSecret, start);
  const step = stepOf(start);
  assert.equal(matchedStep({ secret: rfcSecret, code, now: start, after: step - 1 }), step);
  for (const after of [step, step + 1, step + 2, step + 1000]) {
    assert.equal(matchedStep({ secret: rfcSecret, code, now: start, after }), undefined);
  }
});

test('the code of the step finishes a sign-in and proves otp and mfa', async () => {
  const { verify, codeOf, wait, clock, state } = await enrolledTotp();
  wait(period);
  const verdict = await verify(codeOf(0));
  assert.deepEqual(verdict, {
    outcome: 'accepted',
    proof: { kind: 'totp', factorId: state.account.factors[0]?.id, amr: ['otp', 'mfa'], level: '2fa', at: clock.now },
  });
});

test('a code is used once: not again at once, not in the next window, not the step before it [check 20]', async () => {
  const { verify, codeOf, wait, state } = await enrolledTotp();
  wait(3 * period);
  const [earlier, code] = [codeOf(-1), codeOf(0)];
  assert.equal((await verify(code)).outcome, 'accepted');
  assert.deepEqual(await verify(code), { outcome: 'rejected', reason: 'wrong' });
  assert.equal((await verify(earlier)).outcome, 'rejected');
  // Known from the account that was read: a replay costs what a wrong code costs.
  assert.equal(state.spends.length, 1);
  wait(period);
  assert.equal((await verify(code)).outcome, 'rejected');
  assert.equal((await verify(codeOf(0))).outcome, 'accepted');
});

test('of 20 at once with one code and one view of the account exactly one is accepted [check 20]', async () => {
  const { verify, codeOf, wait, state } = await enrolledTotp();
  wait(2 * period);
  const [code, account] = [codeOf(0), state.account];
  const verdicts = await Promise.all(Array.from({ length: 20 }, () => verify(code, account)));
  assert.equal(verdicts.filter(({ outcome }) => outcome === 'accepted').length, 1);
});

test('a code of the previous step spends that step, so that it cannot be used again as the current one [check 20]', async () => {
  const { verify, codeOf, wait, state, clock } = await enrolledTotp();
  wait(3 * period);
  const [previous, current] = [codeOf(-1), codeOf(0)];
  assert.equal((await verify(previous)).outcome, 'accepted');
  assert.deepEqual(state.spends, [stepOf(clock.now) - 1]);
  assert.equal((await verify(previous)).outcome, 'rejected');
  assert.equal((await verify(current)).outcome, 'accepted');
});

test('a code of the next step spends the next step and ends the current one [check 20]', async () => {
  const { verify, codeOf, wait } = await enrolledTotp();
  wait(3 * period);
  const [current, ahead] = [codeOf(0), codeOf(1)];
  assert.equal((await verify(ahead)).outcome, 'accepted');
  assert.equal((await verify(current)).outcome, 'rejected');
  wait(period);
  assert.equal((await verify(ahead)).outcome, 'rejected');
});

test('the code that confirmed the enrolment finishes nothing else [check 20]', async () => {
  const { verify, confirmingCode, wait } = await enrolledTotp();
  assert.equal((await verify(confirmingCode)).outcome, 'rejected');
  wait(period);
  assert.equal((await verify(confirmingCode)).outcome, 'rejected');
});

test('a code of a refused step is as wrong as any other', async () => {
  const { verify, codeOf, wait, state, clock } = await enrolledTotp();
  wait(3 * period);
  const [held] = state.account.factors;
  assert.ok(held);
  const data = { ...totpData(held), refusedSteps: [stepOf(clock.now)] };
  const account = { ...state.account, factors: [{ ...held, data }] };
  assert.deepEqual(await verify(codeOf(0), account), { outcome: 'rejected', reason: 'wrong' });
  assert.deepEqual(state.spends, []);
});

test('over the budget a code of now, of another time and a wrong one are one answer, and nothing is refused for good [check 21]', async () => {
  const { verify, codeOf, wait, state } = await enrolledTotp();
  wait(60 * period);
  state.taken = { state: 'waiting', until: start };
  const { account } = state;
  for (const code of [codeOf(10), codeOf(-10)])
    assert.deepEqual(await verify(code), { outcome: 'rejected', reason: 'wrong' });
  assert.equal((await verify(codeOf(0))).outcome, 'rejected');
  assert.deepEqual(state.account, account);
  state.taken = { state: 'taken', failures: 1 };
  assert.deepEqual(await verify(codeOf(-10)), { outcome: 'rejected', reason: 'wrong', clockOffSeconds: -300 });
});

test('a wrong code, a factor that is gone and a foreign factor are one answer', async () => {
  const { verify, codeOf, wait, state, factor, clock } = await enrolledTotp();
  wait(period);
  const wrong = { outcome: 'rejected', reason: 'wrong' };
  const code = codeOf(0);
  const near = [-1, 0, 1].map(codeOf);
  const other = ['000000', '111111', '222222', '333333'].find((each) => !near.includes(each));
  assert.deepEqual(await verify(other ?? assert.fail()), wrong);
  assert.deepEqual(await verify(code, { ...state.account, factors: [] }), wrong);
  const offer = { kind: 'totp', id: 'foreign', label: '' };
  const { verdict } = await factor.guess({ flow, account: state.account, offer, answer: { code }, now: clock.now });
  assert.deepEqual(verdict, wrong);
});

test('a secret moved to another account or another factor cannot be opened and lets nobody in [check 99]', async () => {
  const { verify, codeOf, wait, state } = await enrolledTotp();
  wait(period);
  const [held] = state.account.factors;
  assert.ok(held);
  const code = codeOf(0);
  await assert.rejects(verify(code, { ...state.account, id: 'eve' }));
  await assert.rejects(verify(code, { ...state.account, factors: [{ ...held, id: 'another' }] }));
  await assert.rejects(
    verify(code, { ...state.account, factors: [{ ...held, data: { ...totpData(held), sealedSecret: 'broken' } }] }),
  );
  assert.deepEqual(state.spends, []);
});

test('an app that is offered tells its name and nothing of its secret', async () => {
  const { factor, state } = await enrolledTotp();
  const other: EnrolledFactor = { ...(state.account.factors[0] as EnrolledFactor), id: 'x', kind: 'passkey' };
  const account = { ...state.account, factors: [...state.account.factors, other] };
  const [offer, ...more] = factor.offers(account);
  assert.deepEqual(more, []);
  assert.deepEqual(offer, { kind: 'totp', id: state.account.factors[0]?.id, label: 'Phone' });
  assert.deepEqual(await factor.facts(flow, offer), { digits: 6 });
});
