import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EnrolledFactor } from '../../src/accounts/account.ts';
import { codeFacts } from '../../src/factors/code-facts.ts';
import { otherCode } from '../support/registration.ts';
import { begun, email, told, useCases } from '../support/use-cases.ts';

type World = Awaited<ReturnType<typeof useCases>>;

const mailbox: EnrolledFactor = {
  ...{ id: 'mailbox', kind: 'email', name: '', data: { destination: email } },
  ...{ createdAt: begun, lastUsedAt: begun },
};

/** Each road to a mailed code: how one comes there in the sign-in that is under way, and how the code is entered. */
const roads: readonly {
  readonly name: string;
  readonly world: () => Promise<World>;
  readonly go: (world: World) => Promise<unknown>;
  readonly enter: (world: World, code: string) => Promise<string>;
  /** Where a right code leads. */
  readonly there: string;
}[] = [
  {
    name: 'registration',
    world: () => useCases(),
    go: (world) => world.register(),
    enter: async (world, code) => told(await world.confirm(code)),
    there: 'enrol',
  },
  {
    name: 'sign-in by mail',
    async world() {
      const world = await useCases();
      await world.ada({ factors: [mailbox] });
      return world;
    },
    go: (world) => world.signIn(),
    enter: async (world, code) => told(await world.prove(code)),
    there: 'finish',
  },
  {
    name: 'first factor',
    async world() {
      const world = await useCases();
      await world.ada();
      return world;
    },
    go: (world) => world.signIn(),
    enter: async (world, code) => told(await world.confirm(code)),
    there: 'enrol',
  },
];

const codeOf = async (world: World, id?: string) => (await world.step(id)).attempt.deliveredCode;

for (const { name, world: open, go, enter, there } of roads) {
  const underWay = async () => {
    const world = await open();
    await go(world);
    assert.equal(world.mails.length, 1);
    world.wait(20);
    return world;
  };

  test(`${name}: cancelled and begun anew within a minute, the code that was mailed is asked for again, with the reason and the time, and works`, async () => {
    const world = await underWay();
    assert.equal((await world.cases.refuse(await world.step()))?.refused, true);
    await world.begin('anew', 'here');
    await go(world);
    assert.equal(world.mails.length, 1, 'none may be sent now');
    const facts = codeFacts(await codeOf(world), world.clock.now);
    assert.deepEqual(
      [facts.earlier, facts.secondsSinceSent, facts.sentAt, facts.unsent, facts.secondsToNextSend, facts.secondsToEnd],
      [true, 20, '2030-01-01T00:00:10.000Z', undefined, 40, 580],
    );
    assert.equal(await enter(world, world.mailed()), 'moved');
    assert.equal(await world.stage(), there);
  });

  test(`${name}: begun anew in the same sign-in the code stays, and a newer one ends it once it may be sent`, async () => {
    const world = await underWay();
    await world.cases.restart(await world.step());
    assert.equal(await world.stage(), 'sign-in');
    await go(world);
    assert.equal((await codeOf(world))?.earlier, true);
    const first = world.mailed();
    world.wait(41);
    await world.cases.restart(await world.step());
    await go(world);
    assert.equal(world.mails.length, 2);
    assert.equal((await codeOf(world))?.earlier, undefined);
    if (first !== world.mailed()) assert.equal(await enter(world, first), 'code_rejected');
    assert.equal(await enter(world, world.mailed()), 'moved');
    assert.equal(await world.stage(), there);
  });

  test(`${name}: where a message may be sent, one is, and nothing is taken from the sign-in before [check 28]`, async () => {
    const world = await underWay();
    const first = await codeOf(world);
    world.wait(41);
    await world.begin('anew', 'here');
    await go(world);
    assert.equal(world.mails.length, 2);
    assert.deepEqual(await codeOf(world, 'attempt'), first);
    assert.equal((await codeOf(world))?.earlier, undefined);
  });

  test(`${name}: where one is running here none is taken from elsewhere, whatever a budget refuses [check 28]`, async () => {
    const world = await underWay();
    const first = await codeOf(world);
    await world.begin('anew', 'here');
    world.wait(41);
    await go(world);
    world.wait(61);
    await world.sendAnother();
    const running = await codeOf(world);
    world.wait(61);
    assert.equal(told(await world.sendAnother()), 'send_wait', 'the fourth in ten minutes');
    assert.equal(world.mails.length, name === 'registration' ? 2 : 3);
    assert.equal((await codeOf(world))?.hash, running?.hash);
    assert.deepEqual(await codeOf(world, 'attempt'), first);
  });

  test(`${name}: a code never moves to another browser [check 27]`, async () => {
    const world = await underWay();
    await world.begin('anew', 'there');
    await go(world);
    assert.equal((await codeOf(world))?.unsent, true);
    assert.equal(await enter(world, world.mailed()), 'code_rejected');
    assert.notEqual(await world.stage(), there);
    world.goBackTo('attempt');
    assert.equal(await enter(world, world.mailed()), 'moved');
    assert.equal(await world.stage(), there);
  });

  test(`${name}: five tries are five over both sign-ins, and a code that is used up never moves [check 28] [check 29]`, async () => {
    const world = await underWay();
    const wrong = (n: number) => otherCode(world.mailed(), n);
    for (const n of [1, 2, 3]) await enter(world, wrong(n));
    await world.begin('second', 'here');
    await go(world);
    assert.equal((await codeOf(world))?.tries, 3);
    assert.equal((await world.step()).attempt.challenge.tries, name === 'sign-in by mail' ? 3 : 0);
    await enter(world, wrong(4));
    await world.begin('third', 'here');
    await go(world);
    assert.equal((await codeOf(world))?.tries, 4);
    await enter(world, wrong(5));
    await enter(world, world.mailed());
    assert.notEqual(await world.stage(), there);
    await world.begin('fourth', 'here');
    await go(world);
    assert.equal((await codeOf(world))?.unsent, true);
    await enter(world, world.mailed());
    assert.notEqual(await world.stage(), there);
  });

  test(`${name}: a code that ended or was spent never moves [check 26] [check 28]`, async () => {
    for (const over of ['ended', 'spent']) {
      const world = await underWay();
      const { binding = '' } = (await codeOf(world)) ?? {};
      if (over === 'spent') assert.equal(await enter(world, world.mailed()), 'moved');
      // Ten minutes after it was sent, to the moment.
      else world.wait(580);
      assert.equal(
        await world.attempts.takeCode({ binding, attemptId: 'anew', now: world.clock.now }),
        undefined,
        over,
      );
    }
  });

  test(`${name}: begun anew in the same sign-in a code that is used up or ended stays behind [check 26] [check 28]`, async () => {
    const usedUp = await underWay();
    for (const n of [1, 2, 3, 4, 5]) await enter(usedUp, otherCode(usedUp.mailed(), n));
    await usedUp.cases.restart(await usedUp.step());
    await go(usedUp);
    assert.deepEqual([(await codeOf(usedUp))?.unsent, usedUp.mails.length], [true, 1]);

    const ended = await underWay();
    ended.wait(560);
    await ended.begin('elsewhere', 'there');
    await go(ended);
    assert.equal(ended.mails.length, 2);
    ended.goBackTo('attempt');
    ended.wait(20);
    await ended.cases.restart(await ended.step());
    await go(ended);
    assert.deepEqual([(await codeOf(ended))?.unsent, ended.mails.length], [true, 2]);
  });

  test(`${name}: of twenty new sign-ins at once one has the code, and of twenty right answers in each of them and the old one one counts [check 29]`, async () => {
    const world = await underWay();
    const ids = Array.from({ length: 20 }, (_, n) => `anew ${n}`);
    for (const id of ids) await world.begin(id, 'here');
    await Promise.all(
      ids.map((id) => {
        world.goBackTo(id);
        return go(world);
      }),
    );
    const holders = await Promise.all(['attempt', ...ids].map((id) => codeOf(world, id)));
    assert.equal(holders.filter((code) => code?.binding !== undefined).length, 1);
    const answers = ['attempt', ...ids].map((id) => {
      world.goBackTo(id);
      return enter(world, world.mailed());
    });
    await Promise.all(answers);
    const reached = await Promise.all(
      ['attempt', ...ids].map((id) => {
        world.goBackTo(id);
        return world.stage();
      }),
    );
    assert.equal(reached.filter((stage) => stage === there).length, 1);
  });

  test(`${name}: right answers in the old and the new sign-in at the moment of the move count once`, async () => {
    for (let turn = 0; turn < 5; turn += 1) {
      const world = await underWay();
      await world.begin('anew', 'here');
      world.goBackTo('attempt');
      const old = Array.from({ length: 20 }, () => enter(world, world.mailed()));
      world.goBackTo('anew');
      const moving = go(world).then(() => enter(world, world.mailed()));
      await Promise.all([...old, moving]);
      const stages = [];
      for (const id of ['attempt', 'anew']) {
        world.goBackTo(id);
        stages.push(await world.stage());
      }
      assert.equal(stages.filter((stage) => stage === there).length, 1, String(stages));
    }
  });
}

test("a code never moves to another account's sign-in in the same browser, nor to a registration [check 27]", async () => {
  const world = await useCases();
  await world.ada({ factors: [mailbox] });
  await world.accounts.create({
    id: 'eve',
    email: 'eve@example.com',
    passwordHash: 'new:her password',
    createdAt: begun,
  });
  await world.accounts.change('eve', { factors: [{ ...mailbox, id: 'mailbox' }] });
  await world.signIn();
  world.wait(20);
  await world.begin('of eve', 'here');
  await world.signIn('eve@example.com', 'her password');
  assert.equal((await codeOf(world))?.unsent, true, 'her way goes to the same mailbox, and has the same id');
  await world.begin('registration', 'here');
  await world.register();
  assert.notEqual(await codeOf(world), undefined);
  assert.notEqual(told(await world.confirm(world.mails[0]?.text ?? '')), 'moved');
  world.goBackTo('attempt');
  assert.equal(told(await world.prove(world.mails[0]?.text ?? '')), 'moved');
});

test('a sign-in that is begun anew by another person holds no code of the first one [check 27]', async () => {
  const world = await useCases();
  await world.ada({ factors: [mailbox] });
  await world.accounts.create({
    id: 'eve',
    email: 'eve@example.com',
    passwordHash: 'new:her password',
    createdAt: begun,
  });
  await world.accounts.change('eve', { factors: [mailbox] });
  await world.signIn();
  world.wait(20);
  await world.cases.restart(await world.step());
  await world.signIn('eve@example.com', 'her password');
  const code = await codeOf(world);
  assert.deepEqual([code?.unsent, code?.earlier], [true, undefined]);
  assert.equal(told(await world.prove(world.mailed())), 'code_rejected');
});

test('a code helps nobody who has not given the password again, however its sign-in was left [check 32]', async () => {
  const world = await useCases();
  await world.ada({ factors: [mailbox] });
  await world.signIn();
  world.wait(20);
  await world.begin('anew', 'here');
  await world.signIn(email, 'not the password');
  assert.equal((await world.step()).attempt.deliveredCode, undefined);
  assert.equal(told(await world.prove(world.mailed())), 'moved');
  assert.equal(await world.stage(), 'sign-in');
  await world.cases.restart(await world.step('attempt'));
  world.goBackTo('attempt');
  await world.prove(world.mailed());
  await world.sendAnother();
  assert.deepEqual([await world.stage(), world.mails.length], ['sign-in', 1]);
});

test('who set up a mailbox and begins anew finds the code of the first try, under the id of the new one', async () => {
  const world = await useCases();
  await world.ada();
  await world.signIn();
  await world.confirm(world.mailed());
  await world.cases.chooseEnrolment(await world.step(), 'email');
  await world.cases.giveDestination(await world.step(), { email: 'work@example.com' });
  assert.deepEqual([world.mails.length, world.mails.at(-1)?.to], [2, 'work@example.com']);
  const code = world.mailed();
  world.wait(20);
  await world.cases.chooseEnrolment(await world.step(), 'totp');
  await world.cases.chooseEnrolment(await world.step(), 'email');
  await world.cases.giveDestination(await world.step(), { email: 'work@example.com' });
  assert.equal(world.mails.length, 2);
  const { attempt } = await world.step();
  assert.deepEqual(
    [attempt.deliveredCode?.earlier, attempt.deliveredCode?.factorId],
    [true, attempt.enrolment?.factorId],
  );
  assert.equal(told(await world.cases.confirmEnrolment(await world.step(), { code, name: '' })), 'moved');
  assert.deepEqual((await world.stored()).factors[0]?.data, { destination: 'work@example.com' });
});
