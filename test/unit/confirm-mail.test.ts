import assert from 'node:assert/strict';
import { test } from 'node:test';
import { otherCode } from '../support/registration.ts';
import { told, useCases } from '../support/use-cases.ts';

test('for an address that has an account no code is right, not even the one that was made [check 9]', async () => {
  const world = await useCases();
  await world.ada();
  await world.register();
  const [mail] = world.mails;
  assert.equal(mail?.subject, 'already-registered');
  assert.equal(told(await world.confirm(mail.text)), 'code_rejected');
  assert.equal(await world.stage(), 'confirm-mail');
});

test('the right code makes the account, and a captured second POST of it changes nothing [check 83]', async () => {
  const world = await useCases();
  await world.register();
  const code = world.mails[0]?.text ?? '';
  const captured = await world.step();
  assert.equal(told(await world.confirm(code)), 'moved');
  assert.equal(await world.stage(), 'enrol');
  await world.cases.confirmMail(captured, { code });
  assert.equal(world.events.all.filter(({ kind }) => kind === 'registration').length, 1);
});

test('of 20 at once that all read the same attempt one makes the account, and five at most were judged [check 29]', async () => {
  const world = await useCases();
  await world.register();
  const code = world.mails[0]?.text ?? '';
  const step = await world.step();
  await Promise.all(Array.from({ length: 20 }, () => world.cases.confirmMail(step, { code })));
  assert.equal(world.events.all.filter(({ kind }) => kind === 'registration').length, 1);
  assert.equal(await world.stage(), 'enrol');
});

test('a code is over at its end, to the millisecond [check 26]', async () => {
  const world = await useCases();
  await world.register();
  const code = world.mails[0]?.text ?? '';
  world.wait(600);
  assert.equal(told(await world.confirm(code)), 'code_rejected');
  world.wait(-0.001);
  assert.equal(told(await world.confirm(code)), 'moved');
});

test('a new code cannot be asked for to gain tries: its own five cost the recipient one of four mails an hour [check 28] [check 108]', async () => {
  const world = await useCases();
  await world.register();
  for (let press = 0; press < 20; press++) {
    const code = world.mails.at(-1)?.text ?? '';
    for (let n = 1; n <= 6; n++) await world.confirm(otherCode(code, n));
    world.wait(61);
    await world.cases.sendAnother(await world.step());
  }
  assert.equal(world.mails.length, 4);
  assert.equal(world.events.all.filter(({ kind }) => kind === 'mail_code').length, 4 * 5);
});

test('a spent code is told as spent, also when its time is over', async () => {
  const world = await useCases();
  await world.register();
  const code = world.mails[0]?.text ?? '';
  for (let n = 1; n <= 5; n++) await world.confirm(otherCode(code, n));
  world.wait(601);
  assert.equal(told(await world.confirm(code)), 'code_spent');
});

test('of 20 presses at once that all read the same attempt one sends, and what it sends works [check 107]', async () => {
  const world = await useCases();
  await world.register();
  world.wait(61);
  const step = await world.step();
  await Promise.all(Array.from({ length: 20 }, () => world.cases.sendAnother(step)));
  assert.equal(world.mails.length, 2);
  assert.equal(told(await world.confirm(world.mails[1]?.text ?? '')), 'moved');
});

test('a press that the budget refuses leaves the running code good, and tells the wait', async () => {
  const world = await useCases();
  await world.register();
  for (const expected of ['moved', 'send_wait']) {
    world.wait(61);
    assert.equal(told(await world.cases.sendAnother(await world.step())), expected);
  }
  assert.equal(world.mails.length, 2);
  assert.equal(told(await world.confirm(world.mails[1]?.text ?? '')), 'moved');
});

test('a failed mail is told, logged and followed by the usual wait', async () => {
  const world = await useCases();
  world.post.down = true;
  await world.register();
  const { deliveredCode } = (await world.step()).attempt;
  assert.equal(deliveredCode?.undelivered, true);
  assert.equal(deliveredCode.nextSendAt.getTime() - world.clock.now.getTime(), 60_000);
  assert.equal(world.reported.length, 1);
});

test('a right password without a factor mails one code, to the confirmed address, and the mailbox is not enough alone [check 33]', async () => {
  const world = await useCases();
  await world.ada();
  await world.signIn();
  assert.equal(await world.stage(), 'confirm-mail');
  assert.deepEqual(
    world.mails.map(({ to, subject }) => [to, subject]),
    [['ada@example.com', 'first-factor-code']],
  );
  await world.confirm(world.mails[0]?.text ?? '');
  assert.equal(await world.stage(), 'enrol');
});

test('wrong codes from the mailbox take from the second-factor budget, which no restart gives back [check 21]', async () => {
  const world = await useCases();
  await world.ada();
  const judged: string[] = [];
  for (let round = 0; round < 3; round++) {
    await world.signIn();
    const code = world.mails.at(-1)?.text ?? '';
    for (let n = 1; n <= 5; n++) judged.push(told(await world.confirm(otherCode(code, n))));
    world.wait(61);
  }
  assert.equal((await world.stored()).guesses.secondFactor.failures, 10);
  assert.deepEqual(judged.slice(9), ['code_locked', ...Array<string>(5).fill('moved')]);
  assert.equal(world.mails.filter(({ subject }) => subject === 'first-factor-code').length, 2, 'none during the lock');
});
