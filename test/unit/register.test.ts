import assert from 'node:assert/strict';
import { test } from 'node:test';
import { told, useCases } from '../support/use-cases.ts';

test('of 20 forms at once that all read the same attempt one sends, and what it sends works [check 107]', async () => {
  const world = await useCases();
  const step = await world.step();
  const form = { email: 'ada@example.com', password: 'a walrus in the attic' };
  await Promise.all(Array.from({ length: 20 }, () => world.cases.register(step, form)));
  assert.equal(world.mails.length, 1);
  assert.equal(told(await world.confirm(world.mails[0]?.text ?? '')), 'moved');
});

test('a right password that is sent four times at once mails one code for the first factor [check 107]', async () => {
  const world = await useCases();
  await world.ada();
  const step = await world.step();
  const form = { identifier: 'ada', password: 'a walrus in the attic', stay: false };
  await Promise.all(Array.from({ length: 4 }, () => world.cases.provePassword(step, form, undefined)));
  assert.equal(world.mails.length, 1);
  await world.confirm(world.mails[0]?.text ?? '');
  assert.equal(await world.stage(), 'enrol');
});

test('every fault of the form is told at once, and neither hash nor mail is made', async () => {
  const world = await useCases();
  const outcome = await world.register({ email: 'ada', username: 'a@b', password: 'short' });
  assert.equal(told(outcome), 'email_shape username_shape password_short');
  assert.equal(await world.stage(), 'sign-in');
  assert.equal(world.mails.length, 0);
});

test('a registration takes out whatever the attempt held before [check 78]', async () => {
  const world = await useCases({ secondFactor: 'when-enrolled' });
  await world.ada();
  await world.signIn();
  assert.equal((await world.step()).attempt.proofs.length, 1);
  await world.register({ email: 'grace@example.com' });
  const { attempt } = await world.step();
  assert.deepEqual([attempt.proofs, attempt.accountId, attempt.shown], [[], undefined, 'grace@example.com']);
});

test('the same happens for a known and an unknown address: one hash, one mail, one page [check 10]', async () => {
  const world = await useCases();
  await world.ada();
  const seen = [];
  for (const email of ['ada@example.com', 'nobody@example.com']) {
    const outcome = told(await world.register({ email }));
    const { deliveredCode, registration } = (await world.step()).attempt;
    seen.push([outcome, deliveredCode?.purpose, deliveredCode?.tries, registration?.passwordHash, await world.stage()]);
    await world.cases.restart(await world.step());
  }
  assert.deepEqual(seen[0], seen[1]);
  assert.deepEqual(
    world.mails.map(({ subject }) => subject),
    ['already-registered', 'registration-code'],
  );
});

test('an address that got an account meanwhile is never taken over: the attempt begins anew and proves nothing [check 77]', async () => {
  const world = await useCases();
  await world.register({ password: 'a password of a stranger' });
  await world.ada();
  assert.equal(told(await world.confirm(world.mails[0]?.text ?? '')), 'moved');
  const { attempt } = await world.step();
  assert.deepEqual([await world.stage(), attempt.proofs, attempt.accountId], ['sign-in', [], undefined]);
  assert.equal((await world.stored()).passwordHash, 'new:a walrus in the attic');
});

test('of two usernames at once the slower finds the account that this attempt made, and goes on with it', async () => {
  const world = await useCases();
  const taken = { id: 'eve', email: 'eve@example.com', username: 'eve', createdAt: world.clock.now };
  await world.accounts.create(taken);
  await world.register({ username: 'eve' });
  await world.confirm(world.mails[0]?.text ?? '');
  assert.equal(await world.stage(), 'username');
  const step = await world.step();
  const { registration } = step.attempt;
  // The first was cut off after the account was made: whatever else it would have written is not there.
  await world.accounts.create({
    id: registration?.accountId ?? '',
    email: 'ada@example.com',
    createdAt: world.clock.now,
  });
  await world.cases.chooseUsername(step, { username: 'ada' });
  assert.equal(await world.stage(), 'enrol');
});

test('an account that this attempt made and that was changed since proves nothing: nothing is begun for it [check 86]', async () => {
  const world = await useCases();
  const taken = { id: 'eve', email: 'eve@example.com', username: 'eve', createdAt: world.clock.now };
  await world.accounts.create(taken);
  await world.register({ username: 'eve' });
  await world.confirm(world.mails[0]?.text ?? '');
  const step = await world.step();
  const id = step.attempt.registration?.accountId ?? '';
  await world.accounts.create({ id, email: 'ada@example.com', createdAt: world.clock.now });
  await world.accounts.change(id, { sessionVersion: 1 });
  await world.cases.chooseUsername(step, { username: 'ada' });
  assert.equal((await world.step()).attempt.enrolment, undefined);
  assert.equal(await world.stage(), 'sign-in');
});

/** A registration that wished for a taken name and proved its mailbox. */
async function askedForAnother() {
  const world = await useCases();
  await world.accounts.create({ id: 'eve', email: 'eve@example.com', username: 'eve', createdAt: world.clock.now });
  await world.register({ username: 'eve' });
  await world.confirm(world.mails[0]?.text ?? '');
  assert.equal(await world.stage(), 'username');
  const choose = async (username: string) => told(await world.cases.chooseUsername(await world.step(), { username }));
  return { ...world, choose };
}

test('one registration is told of twenty usernames whether they are taken, and goes on without one then [check 9]', async () => {
  const { choose, accounts, stage } = await askedForAnother();
  const asked: string[] = [];
  for (let n = 0; n < 22; n++) asked.push(await choose('eve'));
  assert.deepEqual(asked, [...Array(20).fill('username_taken'), 'usernames_spent', 'usernames_spent']);
  assert.equal(await choose('ada'), 'usernames_spent', 'a free one is no more told than a taken one');
  assert.equal(await choose(' '), 'moved');
  assert.equal(await stage(), 'enrol');
  assert.equal((await accounts.findByEmail('ada@example.com'))?.username, undefined);
});

test('ten taken usernames and then a free one, with slips of the shape between them, make the account', async () => {
  const { choose, accounts } = await askedForAnother();
  for (let n = 0; n < 10; n++) {
    assert.equal(await choose('eve'), 'username_taken');
    for (const _ of [1, 2, 3]) assert.equal(await choose('a'), 'username_shape');
  }
  assert.equal(await choose('ada'), 'moved');
  assert.equal((await accounts.findByEmail('ada@example.com'))?.username, 'ada');
});

test('of 20 usernames asked for at once from one page one is answered [check 9]', async () => {
  const { cases, step } = await askedForAnother();
  const page = await step();
  const answers = await Promise.all(
    Array.from({ length: 20 }, async () => told(await cases.chooseUsername(page, { username: 'eve' }))),
  );
  assert.deepEqual(answers.toSorted(), [...Array(19).fill('moved'), 'username_taken']);
});

test('a username cannot be chosen before the mail is confirmed [check 77]', async () => {
  const world = await useCases();
  await world.register();
  await world.cases.chooseUsername(await world.step(), { username: 'ada' });
  assert.equal(await world.stage(), 'confirm-mail');
  assert.equal(await world.accounts.findByEmail('ada@example.com'), undefined);
});

test('the event tells the account and nothing that was typed [check 112] [check 113]', async () => {
  const world = await useCases();
  await world.register({ username: 'lovelace' });
  await world.confirm(world.mails[0]?.text ?? '');
  const [event] = world.events.all;
  assert.deepEqual(
    [event?.kind, event?.result, event?.clientId, event?.requestId],
    ['registration', 'success', 'app', 'request'],
  );
  assert.doesNotMatch(JSON.stringify(world.events.all), /lovelace|@|walrus/);
});
