import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeAt } from '../support/totp-account.ts';
import { useCases } from '../support/use-cases.ts';

test('the owner hears of a first factor even where the database is lost right after it was bound [check 37]', async () => {
  const world = await useCases();
  await world.register();
  await world.confirm(world.mails[0]?.text ?? '');
  const code = codeAt(await world.secret(), world.clock.now);
  world.events.append = async () => {
    throw new Error('the database is gone');
  };
  await assert.rejects(world.cases.confirmEnrolment(await world.step(), { code, name: '' }), /gone/);
  assert.deepEqual(
    world.notices.map(({ event }) => event),
    ['factor_added'],
  );
  assert.equal(await world.stage(), 'factor', 'whoever set it up goes on with its next code');
});
