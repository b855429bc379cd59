import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserId } from '../support/account-stores.ts';
import { begun, password, told, useCases } from '../support/use-cases.ts';

test('one hash is judged for every try, the decoy where none may be [check 10]', async () => {
  const world = await useCases();
  await world.ada();
  await world.signIn('nobody@example.com');
  await world.signIn('not @@ a name');
  await world.signIn('ada', 'wrong');
  await world.accounts.change('ada', { active: false });
  await world.signIn();
  assert.deepEqual(world.hashed, ['decoy', 'decoy', `new:${password}`, 'decoy']);
});

test('every failure is one sentence, and the events tell them apart [check 9] [check 112]', async () => {
  const world = await useCases();
  await world.ada();
  const answers = [await world.signIn('nobody@example.com')];
  for (let n = 0; n < 6; n++) answers.push(await world.signIn('ada', 'wrong'));
  await world.accounts.change('ada', { active: false });
  world.wait(61);
  answers.push(await world.signIn());
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  assert.equal(told(answers[0] ?? assert.fail()), 'password_rejected');
  assert.deepEqual(
    world.events.all.map(({ kind, detail, accountId }) => `${kind === 'lock' ? 'lock' : detail} ${accountId}`),
    ['unknown undefined', ...Array(5).fill('wrong ada'), 'lock ada', 'waiting ada', 'disabled ada', 'lock ada'],
  );
});

test('the right password during a wait is not judged, and after it is [check 13]', async () => {
  const world = await useCases();
  await world.ada();
  for (let n = 0; n < 5; n++) await world.signIn('ada', 'wrong');
  assert.equal(told(await world.signIn()), 'password_rejected');
  world.wait(60);
  assert.equal(told(await world.signIn()), 'moved');
});

test('a right password alone gives no guess back [check 22]', async () => {
  const world = await useCases();
  await world.ada();
  for (let n = 0; n < 3; n++) await world.signIn('ada', 'wrong');
  await world.signIn();
  assert.equal((await world.stored()).guesses.password.failures, 4);
});

test('a known browser is judged while strangers wait, and its own wait does not touch theirs [check 109]', async () => {
  const world = await useCases();
  await world.ada();
  for (let n = 0; n < 5; n++) await world.signIn('ada', 'wrong');
  const known = { id: browserId, accounts: ['ada'] };
  const form = { identifier: 'ada', password, stay: false };
  assert.equal(told(await world.cases.provePassword(await world.step(), form, known)), 'moved');
});

test('where the hash queue is full an older hash waits for another sign-in, and the right password still goes on [check 7, 110]', async () => {
  const world = await useCases();
  await world.ada({ passwordHash: `old:${password}` });
  world.queue.full = true;
  assert.equal(told(await world.signIn()), 'moved');
  assert.equal((await world.stored()).passwordHash, `old:${password}`);
});

test('an older hash is replaced by the right password only [check 7]', async () => {
  const world = await useCases();
  await world.ada({ passwordHash: `old:${password}` });
  await world.signIn('ada', 'wrong');
  assert.equal((await world.stored()).passwordHash, `old:${password}`);
  await world.signIn();
  assert.equal((await world.stored()).passwordHash, `new:${password}`);
});

test("another account's right password takes out the proofs of whoever was here before, in one write [check 78]", async () => {
  const world = await useCases();
  await world.ada();
  const eve = { id: 'eve', email: 'eve@example.com', passwordHash: 'new:x', createdAt: world.clock.now };
  await world.accounts.create(eve);
  await world.signIn();
  await world.confirm(world.mails[0]?.text ?? '');
  const before = (await world.step()).attempt;
  assert.equal(before.proofs.length, 2);
  await world.attempts.advance(before, { consent: ['openid'], challenge: { tries: 3 } }, world.clock.now);
  await world.signIn('eve@example.com', 'x');
  const { attempt } = await world.step();
  assert.deepEqual([attempt.accountId, attempt.proofs.length, attempt.shown], ['eve', 1, 'eve@example.com']);
  assert.deepEqual([attempt.enrolment, attempt.consent, attempt.challenge.tries], [undefined, undefined, 0]);
});

test('the attempt remembers the version that the password was proved under: a change of the account ends it [check 86]', async () => {
  const world = await useCases();
  await world.ada();
  await world.signIn();
  assert.equal(await world.stage(), 'confirm-mail');
  await world.accounts.change('ada', { sessionVersion: 1 });
  assert.equal(await world.stage(), 'sign-in');
  await world.signIn();
  assert.equal(await world.stage(), 'confirm-mail', 'proved again, under the version of now');
});

test('ten wrong passwords from one network are told once, without a word that the stranger sent', async () => {
  const world = await useCases();
  await world.ada();
  const origin = { address: '192.0.2.1', browser: 'call +1 555 0100', requestId: 'request' };
  const wrong = { identifier: 'ada', password: 'wrong', stay: false };
  const networks = [{ network: 'network 192.0.2.1', failures: 8, at: begun }];
  const { guesses } = await world.stored();
  await world.accounts.change('ada', { guesses: { ...guesses, password: { failures: 8, networks } } });
  for (let n = 0; n < 3; n++) {
    await world.cases.provePassword({ ...(await world.step()), origin }, wrong, undefined);
    world.wait(15 * 60);
  }
  const told = { to: 'ada@example.com', accountId: 'ada', event: 'passwords_rejected', kind: 'network', count: 10 };
  assert.deepEqual(
    world.notices.map(({ at: _at, ...notice }) => notice),
    [{ ...told, origin: { address: '192.0.2.1' } }],
  );
});

test('the try that fills the day is told with nothing of where it came from, and is an event of its own [check 112]', async () => {
  const world = await useCases();
  await world.ada();
  const password = { failures: 299, endsAt: new Date(begun.getTime() + 60_000), networks: [] };
  await world.accounts.change('ada', { guesses: { ...(await world.stored()).guesses, password } });
  await world.signIn('ada', 'wrong');
  assert.equal(told(await world.signIn()), 'password_rejected');
  assert.deepEqual(
    world.events.all.map(({ kind, detail }) => `${kind} ${detail}`),
    ['password wrong', 'lock password_day', 'password waiting'],
  );
  const notice = {
    to: 'ada@example.com',
    accountId: 'ada',
    event: 'passwords_rejected',
    kind: 'day',
    count: 300,
    origin: {},
  };
  assert.deepEqual(world.notices, [{ ...notice, at: begun }]);
});

test('a disabled account’s owner hears nothing, and a right password is told as no wrong one', async () => {
  const world = await useCases();
  await world.ada();
  const tried = async (failures: number, active: boolean, typed: string) => {
    const network = { network: 'network undefined', failures, at: begun };
    const guesses = { ...(await world.stored()).guesses, password: { failures, networks: [network] } };
    await world.accounts.change('ada', { active, guesses, toldOfGuesses: {} });
    await world.signIn('ada', typed);
  };
  await tried(20, false, 'wrong');
  await tried(20, true, password);
  assert.deepEqual(world.notices, []);
  await tried(20, true, 'wrong');
  assert.equal(world.notices.length, 1);
});

test('that the hundredth try closes its network is an event [check 112]', async () => {
  const world = await useCases();
  await world.ada();
  const networks = [{ network: 'network undefined', failures: 99, at: begun }];
  const { guesses } = await world.stored();
  await world.accounts.change('ada', { guesses: { ...guesses, password: { failures: 99, networks } } });
  for (const _ of [1, 2]) {
    await world.signIn('ada', 'wrong');
    world.wait(15 * 60);
  }
  assert.deepEqual(
    world.events.all.map(({ kind, detail }) => `${kind} ${detail}`),
    ['password wrong', 'lock password_closed', 'password closed'],
  );
});

test('nobody waits for the mail that tells of wrong passwords [check 10]', async () => {
  const world = await useCases();
  await world.ada();
  const networks = [{ network: 'network undefined', failures: 9, at: begun }];
  const { guesses } = await world.stored();
  await world.accounts.change('ada', { guesses: { ...guesses, password: { failures: 9, networks } } });
  world.post.hangs = true;
  assert.equal(told(await world.signIn('ada', 'wrong')), 'password_rejected');
  assert.equal(world.notices.length, 1);
});
