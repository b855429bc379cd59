import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stillProved } from '../../src/accounts/still-proved.ts';

const ada = { id: 'ada', active: true, sessionVersion: 3 };
const proved = { accountId: 'ada', sessionVersion: 3 };

test('an account that is as it was when it was proved is still the one that was proved', () => {
  assert.equal(stillProved(ada, proved), ada);
});

test('an account that was disabled since is the one that was proved no more', () => {
  assert.equal(stillProved({ ...ada, active: false }, proved), undefined);
});

test('what ends sign-ins ends what was proved before it, and what was proved after it is no proof of an older state', () => {
  assert.equal(stillProved({ ...ada, sessionVersion: 4 }, proved), undefined);
  assert.equal(stillProved({ ...ada, sessionVersion: 2 }, proved), undefined);
});

test('what was proved of one account proves nothing of another', () => {
  assert.equal(stillProved({ ...ada, id: 'eve' }, proved), undefined);
});

test('an account that is gone, and a proof that names none or no version, are no proof', () => {
  assert.equal(stillProved(undefined, proved), undefined);
  assert.equal(stillProved(ada, {}), undefined);
  assert.equal(stillProved(ada, { accountId: 'ada' }), undefined);
  assert.equal(stillProved(ada, { sessionVersion: 3 }), undefined);
});
