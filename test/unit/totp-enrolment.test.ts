import assert from 'node:assert/strict';
import test from 'node:test';
import jsqr from 'jsqr';
import type { Account } from '../../src/accounts/account.ts';
import { totpData } from '../../src/factors/totp-data.ts';
import { blank, codeAt, enrolledTotp, flow, period, setUpTotp, stepOf } from '../support/totp-account.ts';

const lastStepOf = ({ factors: [factor] }: Account) => factor && totpData(factor).lastStep;

test('a secret is 160 bits of our own, new for each enrolment and sealed [checks 17 and 99]', async () => {
  const { enrolment, begin, state } = setUpTotp();
  const secrets = new Set<unknown>();
  for (let count = 0; count < 20; count += 1) {
    const pending = begin(state.account);
    const { secret } = await enrolment.facts(flow, state.account, pending);
    assert.match(String(secret), /^[A-Z2-7]{32}$/);
    assert.ok(!JSON.stringify(pending).includes(String(secret)));
    secrets.add(secret);
  }
  assert.equal(secrets.size, 20);
});

test('a secret that a browser sends along is dropped [check 17]', () => {
  const { enrolment } = setUpTotp();
  const parsed = enrolment.answer.parse({ code: '123456', name: 'Phone', secret: 'A'.repeat(32), sealedSecret: 'x' });
  assert.deepEqual(parsed, { code: '123456', name: 'Phone' });
});

test('apps get an otpauth link with the issuer in front of the account, and all parameters', async () => {
  const { enrolment, begin, state } = setUpTotp('Ada: Sign in & more');
  const facts = await enrolment.facts(flow, state.account, begin(state.account));
  const link = new URL(String(facts.otpauth));
  assert.equal(link.protocol, 'otpauth:');
  assert.equal(link.host, 'totp');
  assert.equal(decodeURIComponent(link.pathname), '/Ada  Sign in & more:ada@example.com');
  assert.deepEqual(Object.fromEntries(link.searchParams), {
    secret: facts.secret,
    issuer: 'Ada  Sign in & more',
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  });
  assert.doesNotMatch(link.href, /\+/);
  assert.deepEqual([facts.digits, facts.endsAt, facts.secondsToEnd], [6, '2026-01-01T00:10:10.000Z', 600]);
});

test('the QR code holds exactly that link, black on white with four modules of margin and no inline style', async () => {
  const { enrolment, begin, state } = setUpTotp();
  const facts = await enrolment.facts(flow, state.account, begin(state.account));
  const svg = String(facts.qr);
  assert.doesNotMatch(svg, /style|script|href|url\(/i);
  const { pixels, size } = drawn(svg);
  assert.equal(jsqr.default(pixels, size, size)?.data, facts.otpauth);
});

/** Draws the library's two paths, four pixels a module: the white ground, then runs of black modules. */
function drawn(svg: string): { pixels: Uint8ClampedArray; size: number } {
  const [, width] = /viewBox="0 0 (\d+) \1"/.exec(svg) ?? [];
  const [, path] = /<path stroke="#000000" d="([^"]+)"/.exec(svg) ?? [];
  assert.ok(width && path && svg.includes('fill="#ffffff"'));
  const scale = 4;
  const size = Number(width) * scale;
  const pixels = new Uint8ClampedArray(size * size * 4).fill(255);
  let [x, y, leftmost] = [0, 0, Number(width)];
  for (const [, command, first = 0, second = 0] of path.matchAll(/([Mmh])([\d.]+)(?: ([\d.]+))?/g)) {
    if (command === 'M') [x, y] = [Number(first), Math.floor(Number(second))];
    else if (command === 'm') x += Number(first);
    else {
      leftmost = Math.min(leftmost, x);
      for (let row = y * scale; row < (y + 1) * scale; row += 1) {
        for (let column = x * scale; column < (x + Number(first)) * scale; column += 1) {
          pixels.fill(0, (row * size + column) * 4, (row * size + column) * 4 + 3);
        }
      }
      x += Number(first);
    }
  }
  assert.equal(leftmost, 4);
  return { pixels, size };
}

test('an enrolment counts only after a right code, in time, and once [check 34]', async () => {
  const { enrolment, begin, state, clock, wait } = setUpTotp();
  const pending = begin(state.account);
  const { secret } = await enrolment.facts(flow, state.account, pending);
  const confirm = (code: string) => enrolment.confirm({ flow, account: blank, pending, answer: { code, name: '' } });
  const rightCode = () => codeAt(String(secret), clock.now);

  const near = [-period, 0, period].map((off) => codeAt(String(secret), new Date(clock.now.getTime() + off)));
  const other = ['000000', '111111', '222222', '333333'].find((each) => !near.includes(each));
  assert.equal((await confirm(other ?? assert.fail())).outcome, 'rejected');
  assert.equal(state.account.factors.length, 0);
  wait(10 * 60_000);
  assert.equal((await confirm(rightCode())).outcome, 'rejected');
  wait(-1);
  const code = rightCode();
  const verdicts = await Promise.all(Array.from({ length: 20 }, () => confirm(code)));
  assert.equal(verdicts.filter(({ outcome }) => outcome === 'accepted').length, 1);
  assert.equal(lastStepOf(state.account), stepOf(clock.now));
});

test('a sign-in adds no app beside another one, whatever led it there [check 33]', async () => {
  const { enrolment, begin, state, clock } = await enrolledTotp();
  const pending = begin(state.account);
  const { secret } = await enrolment.facts(flow, state.account, pending);
  const answer = { code: codeAt(String(secret), clock.now), name: '' };
  const verdict = await enrolment.confirm({ flow, account: state.account, pending, answer });
  assert.deepEqual([verdict.outcome, state.account.factors.length], ['rejected', 1]);
});

test('a confirming code of the step before stores that step [check 20]', async () => {
  const { enrolment, begin, state, clock } = setUpTotp();
  const pending = begin(state.account);
  const { secret } = await enrolment.facts(flow, state.account, pending);
  const code = codeAt(String(secret), new Date(clock.now.getTime() - period));
  await enrolment.confirm({ flow, account: state.account, pending, answer: { code, name: '' } });
  assert.equal(lastStepOf(state.account), stepOf(clock.now) - 1);
});

test('an enrolment begun for one account cannot be confirmed or shown for another', async () => {
  const { enrolment, begin, state } = setUpTotp();
  const pending = begin(state.account);
  const eve = { ...state.account, id: 'eve' };
  await assert.rejects(enrolment.facts(flow, eve, pending));
  await assert.rejects(enrolment.confirm({ flow, account: eve, pending, answer: { code: '123456', name: '' } }));
});
