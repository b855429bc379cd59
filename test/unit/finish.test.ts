import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toldIn } from '../support/fakes/interactions.ts';
import { useCases } from '../support/use-cases.ts';

test('nothing is finished before every step is done [check 77]', async () => {
  const world = await useCases();
  assert.equal(await world.cases.finish(await world.step()), undefined);
  await world.register();
  assert.equal(await world.cases.finish(await world.step()), undefined);
  await world.confirm(world.mails[0]?.text ?? '');
  assert.equal(await world.stage(), 'enrol');
  assert.equal(await world.cases.finish(await world.step()), undefined);
  assert.ok(!world.events.all.some(({ kind }) => kind === 'sign_in'));
});

test('of 20 that end a sign-in at once one does; the library and the audit are told in that write, and consent is kept', async () => {
  const world = await useCases({ secondFactor: 'when-enrolled', request: { firstParty: false } });
  await world.ada();
  await world.signIn();
  assert.equal(await world.stage(), 'consent');
  const step = await world.step();
  await Promise.all(Array.from({ length: 20 }, () => world.cases.allow(step)));
  const { attempt } = await world.step();
  assert.equal(attempt.revision, step.attempt.revision + 1);
  const told = toldIn(attempt);
  assert.equal(told?.login?.accountId, 'ada');
  assert.equal(told.login.level, '1fa');
  assert.deepEqual(told.grant, { accountId: 'ada', scopes: ['openid'] });
  assert.deepEqual(
    attempt.events?.map(({ name, event }) => [name, event.kind, event.detail]),
    [
      ['attempt:consent', 'consent', undefined],
      ['attempt:sign_in', 'sign_in', '1fa'],
    ],
  );
  assert.deepEqual(await world.consents.find({ accountId: 'ada', clientId: 'app' }), ['openid']);
});

test('a password alone gives the guesses back only when it is a full sign-in, at its end [check 22]', async () => {
  const world = await useCases({ secondFactor: 'when-enrolled', request: { firstParty: false } });
  await world.ada();
  await world.signIn('ada', 'wrong');
  await world.signIn();
  assert.equal((await world.stored()).guesses.password.failures, 2);
  await world.cases.allow(await world.step());
  assert.equal((await world.stored()).guesses.password.failures, 0);
});

test('an account that was changed or disabled meanwhile finishes nothing [check 86]', async () => {
  for (const change of [{ active: false }, { sessionVersion: 1 }]) {
    const world = await useCases({ secondFactor: 'when-enrolled' });
    await world.ada();
    await world.signIn();
    assert.equal(await world.stage(), 'finish');
    await world.accounts.change('ada', change);
    assert.equal(await world.cases.finish(await world.step()), undefined);
  }
});

test('a finish that loses against a cancellation of the same moment tells nothing and records nothing [check 77]', async () => {
  const world = await useCases({ request: { prompt: 'select_account', sessionAccountId: 'ada' } });
  await world.ada();
  await world.cases.chooseAccount(await world.step(), 'continue');
  const step = await world.step();
  assert.equal((await world.cases.refuse(step))?.refused, true);
  assert.equal(await world.cases.finish(step), undefined);
  const { attempt } = await world.step();
  assert.deepEqual([attempt.refused, attempt.interaction, attempt.events], [true, 'refused', undefined]);
});

test('what was resumed early ends without a result: its library goes on with another [check 77]', async () => {
  const world = await useCases({ secondFactor: 'when-enrolled' });
  await world.ada();
  await world.attempts.advance((await world.step()).attempt, { interaction: undefined }, world.clock.now);
  await world.signIn();
  const { attempt } = await world.step();
  assert.deepEqual([attempt.refused, attempt.interaction, attempt.events], [true, undefined, undefined]);
  assert.equal((await world.stored()).guesses.password.failures, 1, 'nothing was given back');
});
