import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EnrolledFactor } from '../../src/accounts/account.ts';
import { minutes, totp } from '../support/account-stores.ts';
import { otherCode } from '../support/registration.ts';
import { begun, email, told, useCases } from '../support/use-cases.ts';

const mailbox: EnrolledFactor = {
  ...{ id: 'mailbox', kind: 'email', name: '', data: { destination: email } },
  ...{ createdAt: begun, lastUsedAt: new Date(begun.getTime() + 1) },
};

/** Ada gets her codes by mail, and gave her password. */
async function asked(factors: readonly EnrolledFactor[] = [mailbox]) {
  const world = await useCases();
  await world.ada({ factors });
  await world.signIn();
  assert.equal(await world.stage(), 'factor');
  return world;
}

test('the right password mails one code, and the code finishes the sign-in', async () => {
  const world = await asked();
  assert.deepEqual(
    world.mails.map(({ to, subject }) => [to, subject]),
    [[email, 'sign-in-code']],
  );
  assert.equal(told(await world.prove(world.mailed())), 'moved');
  assert.equal(await world.stage(), 'finish');
  assert.deepEqual((await world.step()).attempt.proofs.at(-1)?.amr, ['otp', 'mfa']);
});

test('a code that a budget does not allow is told as not sent, and may be asked for once the wait is over [check 107]', async () => {
  const world = await asked();
  const { deliveredCode } = (await world.step()).attempt;
  await world.spends.spend({ flowId: 'attempt', hash: deliveredCode?.hash ?? '', now: world.clock.now });
  await world.cases.restart(await world.step());
  world.wait(20);
  await world.signIn();
  assert.equal(world.mails.length, 1);
  const facts = await world.facts();
  assert.deepEqual([facts?.unsent, facts?.secondsToNextSend], [true, 40]);
  assert.equal(told(await world.sendAnother()), 'send_wait');
  world.wait(40);
  assert.equal(told(await world.sendAnother()), 'moved');
  assert.equal((await world.facts())?.unsent, undefined);
  assert.equal(told(await world.prove(world.mailed())), 'moved');
});

test('a code that was spent right before an outage is no dead end: another one may be asked for [check 120]', async () => {
  const world = await asked();
  const { deliveredCode } = (await world.step()).attempt;
  world.wait(61);
  await world.spends.spend({ flowId: 'attempt', hash: deliveredCode?.hash ?? '', now: world.clock.now });
  assert.equal((await world.facts())?.unsent, true);
  await world.sendAnother();
  assert.equal(world.mails.length, 2);
  await world.prove(world.mailed());
  assert.equal(await world.stage(), 'finish');
});

test('a code for another factor, purpose or address than the one that is asked is no code under way', async () => {
  for (const change of [{ purpose: 'enrolment' }, { factorId: 'other' }, { destination: 'old@example.com' }] as const) {
    const world = await asked();
    const { attempt } = await world.step();
    const { deliveredCode } = attempt;
    world.wait(61);
    await world.attempts.advance(
      attempt,
      { deliveredCode: deliveredCode && { ...deliveredCode, ...change } },
      world.clock.now,
    );
    assert.notEqual(told(await world.prove(world.mails[0]?.text ?? '')), 'moved');
    await world.sendAnother();
    assert.equal(told(await world.prove(world.mailed())), 'moved', JSON.stringify(change));
    assert.equal(await world.stage(), 'finish');
  }
});

test('nobody is sent a code during a lock, neither by the password nor by the button; after it the button sends one [check 21]', async () => {
  const world = await useCases();
  const { guesses } = await world.ada({ factors: [mailbox] }).then(world.stored);
  const secondFactor = { failures: 10, lockedUntil: minutes(15) };
  await world.accounts.change('ada', { guesses: { ...guesses, secondFactor } });
  await world.signIn();
  await world.sendAnother();
  assert.equal(world.mails.length, 0);
  assert.equal(told(await world.prove('123456')), 'code_locked');
  world.wait(900);
  await world.sendAnother();
  assert.equal(world.mails.length, 1);
  assert.equal(told(await world.prove(world.mailed())), 'moved');
});

test('the button sends nothing where the way that is asked needs no message', async () => {
  const world = await asked([mailbox, totp({ id: 'app' })]);
  world.wait(61);
  await world.cases.chooseWay(await world.step(), 'app');
  await world.sendAnother();
  assert.equal(world.mails.length, 1);
});

test('there and back again: the code that is under way stays good, and the form of the other way is not judged', async () => {
  const world = await asked([mailbox, totp({ id: 'app' })]);
  await world.cases.chooseWay(await world.step(), 'app');
  assert.equal(told(await world.prove(world.mailed(), 'mailbox')), 'moved');
  assert.equal((await world.step()).attempt.challenge.tries, 0);
  await world.cases.chooseWay(await world.step(), 'mailbox');
  assert.equal(world.mails.length, 1);
  assert.equal(told(await world.prove(world.mailed(), 'mailbox')), 'moved');
  assert.equal(await world.stage(), 'finish');
});

test('a newer code ends the older one and gives no try back [check 28]', async () => {
  const world = await asked();
  const first = world.mailed();
  for (let n = 1; n <= 3; n += 1) await world.prove(otherCode(first, n));
  world.wait(61);
  await world.sendAnother();
  const second = world.mailed();
  assert.equal(told(await world.prove(first === second ? otherCode(second) : first)), 'code_rejected');
  assert.equal((await world.step()).attempt.challenge.tries, 4);
  await world.prove(otherCode(second));
  assert.equal(await world.stage(), 'sign-in');
  assert.equal(told(await world.prove(second)), 'moved');
  assert.notEqual(await world.stage(), 'finish');
});

test('of 20 right answers at once one finishes, and one code is spent [check 29]', async () => {
  const world = await asked();
  const step = await world.step();
  const input = { code: world.mailed() };
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => world.cases.proveFactor(step, { input })));
  assert.equal(outcomes.filter((outcome) => outcome.outcome === 'moved' && outcome.reached).length, 1);
  assert.equal((await world.step()).attempt.proofs.length, 2);
});

test('what could not be handed over is told, an event says why, and nothing is sent twice by itself', async () => {
  const world = await useCases();
  await world.ada({ factors: [mailbox] });
  world.post.down = true;
  await world.signIn();
  assert.equal((await world.facts())?.undelivered, true);
  const [event] = world.events.all.filter(({ kind }) => kind === 'delivery');
  assert.deepEqual([event?.result, event?.detail, event?.accountId], ['failure', 'mail_fault', 'ada']);
  world.post.down = false;
  assert.equal(told(await world.sendAnother()), 'send_wait');
  world.wait(60);
  await world.sendAnother();
  assert.equal(world.mails.length, 1);
  assert.equal((await world.facts())?.undelivered, undefined);
});

test('the other half of a double click at set-up, whose code was spent a moment before, never reads that it was wrong [check 34]', async () => {
  const world = await useCases();
  await world.ada();
  await world.signIn();
  await world.confirm(world.mailed());
  await world.cases.chooseEnrolment(await world.step(), 'email');
  await world.cases.giveDestination(await world.step(), { email: 'work@example.com' });
  const code = world.mailed();
  const { deliveredCode } = (await world.step()).attempt;
  await world.spends.spend({ flowId: 'attempt', hash: deliveredCode?.hash ?? '', now: world.clock.now });
  assert.equal(told(await world.cases.confirmEnrolment(await world.step(), { code, name: '' })), 'moved');
  assert.deepEqual((await world.stored()).factors, [], 'and it binds nothing');
  const failures = world.events.all.filter(({ kind, result }) => kind === 'enrolment' && result === 'failure');
  assert.deepEqual(failures, []);
});
