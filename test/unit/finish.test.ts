import assert from 'node:assert/strict';
import { test } from 'node:test';
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

test('a reload of the last page tells the same again; event and consent are written once, by the first of 20', async () => {
  const world = await useCases({ secondFactor: 'when-enrolled', request: { firstParty: false } });
  await world.ada();
  await world.signIn();
  assert.equal(await world.stage(), 'consent');
  await world.cases.allow(await world.step());
  const step = await world.step();
  const [first, ...others] = await Promise.all(Array.from({ length: 20 }, () => world.cases.finish(step)));
  assert.equal(first?.login?.accountId, 'ada');
  assert.equal(first.login.level, '1fa');
  for (const other of others) assert.deepEqual(other, first);
  assert.deepEqual(
    world.events.all.map(({ kind }) => kind),
    ['consent', 'sign_in'],
  );
  assert.deepEqual(await world.consents.find({ accountId: 'ada', clientId: 'app' }), ['openid']);
});

test('a password alone gives the guesses back only when it is a full sign-in, at its end [check 22]', async () => {
  const world = await useCases({ secondFactor: 'when-enrolled' });
  await world.ada();
  await world.signIn('ada', 'wrong');
  await world.signIn();
  assert.equal((await world.stored()).guesses.password.failures, 2);
  await world.cases.finish(await world.step());
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
  assert.equal(await world.cases.refuse(step), true);
  assert.equal(await world.cases.finish(step), undefined);
  assert.deepEqual(world.events.all, []);
  assert.equal((await world.step()).attempt.refused, true);
});
