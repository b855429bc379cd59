import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeliveredCode } from '../../src/delivery/code.ts';
import type { Taken } from '../../src/protection/budgets.ts';
import { guessing } from '../../src/sign-in/factor/guess.ts';
import { begun, useCases } from '../support/use-cases.ts';

const minutes = (count: number) => new Date(begun.getTime() + count * 60_000);
const sent: DeliveredCode = {
  ...{ purpose: 'enrolment', courier: 'sms', destination: '+41790000001', factorId: 'new' },
  ...{ id: 'code', hash: 'hash', tries: 0, expiresAt: minutes(10), nextSendAt: minutes(1) },
};

/** What a guess says, and which budgets were taken, in their order. */
async function guess({
  account = {},
  code = {},
  mayTry = true,
  taken = { state: 'taken', failures: 1 } as Taken,
} = {}) {
  const world = await useCases();
  const commands: string[] = [];
  const takeGuess = guessing({
    attempts: {
      ...world.attempts,
      async takeTry(_, tries) {
        commands.push(tries);
        return mayTry;
      },
    },
    guesses: {
      ...world.accounts.secondFactorGuesses,
      async take(accountId) {
        commands.push(accountId);
        return taken;
      },
    },
    now: () => begun,
  });
  await world.ada(account);
  const step = await world.step();
  const there = { ...step, attempt: { ...step.attempt, deliveredCode: { ...sent, ...code } } };
  const ada = await world.stored();
  return {
    commands,
    inChallenge: () => takeGuess(there, { tries: 'both', field: 'code' }, ada),
    atCode: () => takeGuess(there, { tries: 'deliveredCode', field: 'digits' }, ada),
    ofNobody: () => takeGuess(there, { tries: 'deliveredCode', field: 'code' }, undefined),
  };
}

const codeOf = ({ stopped }: { stopped?: unknown }) => JSON.stringify(stopped ?? null).match(/"code":"(\w+)"/)?.[1];

test('a guess takes its own try first, then one of the account', async () => {
  const { commands, inChallenge, atCode } = await guess();
  assert.deepEqual(await inChallenge(), { taken: { state: 'taken', failures: 1 } });
  assert.deepEqual(await atCode(), { taken: { state: 'taken', failures: 1 } });
  assert.deepEqual(commands, ['both', 'ada', 'deliveredCode', 'ada']);
});

test('whoever is nobody yet takes the tries of the code alone', async () => {
  const { commands, ofNobody } = await guess();
  assert.deepEqual(await ofNobody(), {});
  assert.deepEqual(commands, ['deliveredCode']);
});

test('the half of a double click that gets no try takes none of the account', async () => {
  const { commands, inChallenge } = await guess({ mayTry: false });
  assert.deepEqual(await inChallenge(), { stopped: { outcome: 'moved' } });
  assert.deepEqual(commands, ['both']);
});

test('a lock takes nothing, and says so before what became of the code', async () => {
  const secondFactor = { failures: 10, lockedUntil: minutes(5) };
  const { commands, inChallenge, atCode } = await guess({
    account: { guesses: { password: { failures: 0, networks: [] }, browsers: {}, secondFactor } },
    code: { expiresAt: begun },
  });
  assert.equal(codeOf(await inChallenge()), 'code_locked');
  assert.equal(codeOf(await atCode()), 'code_locked');
  assert.deepEqual(commands, []);
});

test('a code that is over takes nothing: spent by its tries, or past its end', async () => {
  const late = await guess({ code: { expiresAt: begun, tries: 2 } });
  assert.deepEqual(await late.atCode(), {
    stopped: { outcome: 'invalid', errors: [{ field: 'digits', code: 'code_rejected', params: { n: 3 } }] },
  });
  const spent = await guess({ code: { expiresAt: begun, tries: 5 } });
  assert.deepEqual(await spent.atCode(), {
    stopped: { outcome: 'invalid', errors: [{ field: 'digits', code: 'code_spent' }] },
  });
  assert.deepEqual([...late.commands, ...spent.commands], []);
});

test('an account that others locked since it was read judges nothing', async () => {
  const waiting = await guess({ taken: { state: 'waiting', until: minutes(15) } });
  assert.equal(codeOf(await waiting.inChallenge()), 'code_locked');
  const closed = await guess({ taken: { state: 'closed' } });
  assert.equal(codeOf(await closed.atCode()), 'code_locked_closed');
});
