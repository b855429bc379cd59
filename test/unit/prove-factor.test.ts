import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeAt } from '../support/totp-account.ts';
import { told, useCases } from '../support/use-cases.ts';

/** Somebody who has set up an app and saved the recovery codes by the use cases themselves, and is at its question again, half an hour later. */
async function enrolled() {
  const world = await useCases();
  await world.register({ username: 'ada' });
  await world.confirm(world.mails[0]?.text ?? '');
  const secret = await world.secret();
  const enrol = async (code: string) => world.cases.confirmEnrolment(await world.step(), { code });
  const codeNow = (steps = 0) => codeAt(secret, new Date(world.clock.now.getTime() + steps * 30_000));
  const wrong = () => {
    const near = [-1, 0, 1].map(codeNow);
    return ['000000', '111111', '222222', '333333'].find((code) => !near.includes(code)) ?? assert.fail();
  };
  const prove = async (code: string) => world.cases.proveFactor(await world.step(), { input: { code } });
  const account = async () => (await world.accounts.findByEmail('ada@example.com')) ?? assert.fail();
  return { ...world, enrol, codeNow, wrong, prove, account };
}

async function asked() {
  const world = await enrolled();
  await world.enrol(world.codeNow());
  await world.cases.saveCodes(await world.step(), { saved: 'yes' });
  world.wait(1800);
  await world.signIn();
  assert.equal(await world.stage(), 'factor');
  return world;
}

test('an enrolment that was not proved is no factor, and one that was is notified once [check 34] [check 37]', async () => {
  const world = await enrolled();
  assert.equal(told(await world.enrol(world.wrong())), 'code_rejected');
  assert.deepEqual([(await world.account()).factors.length, world.notices.length], [0, 0]);
  await world.enrol(world.codeNow());
  assert.deepEqual([(await world.account()).factors.length, world.notices.length], [1, 1]);
  assert.equal(await world.stage(), 'recovery-codes');
});

test('a pending enrolment is over after ten minutes; more time is given while the attempt lives, with the same secret [check 34]', async () => {
  const world = await enrolled();
  world.wait(600);
  assert.equal(told(await world.enrol(world.codeNow())), 'form_old');
  await world.cases.renewEnrolment(await world.step());
  await world.enrol(world.codeNow());
  assert.equal(await world.stage(), 'recovery-codes');
});

test('the code that confirmed the enrolment is no code for a sign-in [check 20]', async () => {
  const world = await enrolled();
  const code = world.codeNow();
  await world.enrol(code);
  await world.signIn();
  assert.equal(told(await world.prove(code)), 'code_rejected');
});

test('the fifth wrong code ends the challenge, and the right one is no longer asked for [check 21]', async () => {
  const world = await asked();
  const answers = [];
  for (let n = 0; n < 5; n++) answers.push(await world.prove(world.wrong()));
  assert.deepEqual(answers.map(told), [...Array(4).fill('code_rejected'), 'moved']);
  assert.deepEqual(answers[4], { outcome: 'moved', failed: true });
  assert.equal(await world.stage(), 'sign-in');
  await world.prove(world.codeNow());
  assert.equal(await world.stage(), 'sign-in');
});

test('ten wrong codes over any number of challenges lock the factor, the right code included; the lock ends [check 21] [check 22]', async () => {
  const world = await asked();
  for (let n = 0; n < 10; n++) {
    if ((await world.stage()) !== 'factor') await world.signIn();
    await world.prove(world.wrong());
  }
  await world.signIn();
  assert.equal(told(await world.prove(world.codeNow())), 'code_locked');
  assert.equal((await world.account()).guesses.secondFactor.failures, 10);
  world.wait(900);
  assert.equal(told(await world.prove(world.codeNow())), 'moved');
  assert.equal(await world.stage(), 'finish');
  assert.deepEqual((await world.account()).guesses.secondFactor, { failures: 0 });
});

test('of 50 wrong codes at once from one page one is judged [check 13] [check 29]', async () => {
  const world = await asked();
  const step = await world.step();
  const form = { kind: 'totp', input: { code: world.wrong() } };
  await Promise.all(Array.from({ length: 50 }, () => world.cases.proveFactor(step, form)));
  assert.equal(world.events.all.filter(({ kind }) => kind === 'factor').length, 1);
  assert.equal((await world.account()).guesses.secondFactor.failures, 1);
});

test('20 right codes at once from one page: one is accepted', async () => {
  const world = await asked();
  const step = await world.step();
  const form = { kind: 'totp', input: { code: world.codeNow() } };
  await Promise.all(Array.from({ length: 20 }, () => world.cases.proveFactor(step, form)));
  assert.equal(await world.stage(), 'finish');
  assert.equal((await world.step()).attempt.proofs.filter(({ factorId }) => factorId).length, 1);
});

test('a recovery code that cannot be judged now, because too much is hashed, costs no guess; a wrong one does', async () => {
  const world = await asked();
  await world.cases.chooseWay(await world.step(), 'recovery');
  const failures = async () => (await world.account()).guesses.secondFactor.failures;
  const prove = () => world.prove('K7M4-9QWT-X2HD-5VNP');
  world.queue.full = true;
  await assert.rejects(prove, { code: 'busy' });
  assert.equal(await failures(), 0);
  world.queue.full = false;
  assert.equal(told(await prove()), 'recovery_rejected');
  assert.equal(await failures(), 1);
});

test('a malformed code and another kind take no guess [check 18]', async () => {
  const world = await asked();
  for (const code of ['', '12345', '1234567', 'abcdef']) assert.equal(told(await world.prove(code)), 'code_shape');
  const input = { code: world.codeNow() };
  await world.cases.proveFactor(await world.step(), { way: 'another', input });
  assert.equal(await world.stage(), 'factor');
  assert.equal((await world.account()).guesses.secondFactor.failures, 0);
});
