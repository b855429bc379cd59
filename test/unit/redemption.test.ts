import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import type { Level } from '../../src/factors/factor.ts';
import { type Redeemed, refuseOverCode, sessionOfCode } from '../../src/oidc/redemption.ts';
import { hashId } from '../../src/platform/hash.ts';
import { inTime, type SessionRecord } from '../../src/sign-in/sessions.ts';
import { minutes, start } from '../support/account-stores.ts';
import { memorySessions } from '../support/fakes/sessions.ts';

const account = { id: 'ada', active: true, sessionVersion: 2 } as Account;
const record: SessionRecord = {
  ...{ id: hashId('uid'), accountId: 'ada', sessionVersion: 2, proofs: [] },
  ...{ signedInAt: start, lastSeen: start, expiresAt: minutes(60) },
};
const code: Redeemed = { kind: 'AuthorizationCode', sessionUid: 'uid', grantLevel: '1fa' };

/** What the client is told of a code, where sessions of this account need at least `least`. */
function told(redeemed: Redeemed, found: SessionRecord | undefined, { least = '1fa' }: { least?: Level } = {}) {
  try {
    refuseOverCode({ leastLevel: () => least }, redeemed, { account, record: found });
    return 'good';
  } catch (error) {
    return (error as { error_detail?: string }).error_detail;
  }
}

test('a code is good in the session that it was given in, while that is as it was [check 86]', () => {
  assert.equal(told(code, record), 'good');
  assert.equal(told(code, undefined), 'the session of the code is over');
  assert.equal(told(code, { ...record, sessionVersion: 1 }), 'the session of the code is over');
  assert.equal(told(code, { ...record, accountId: 'eve' }), 'the session of the code is over');
});

test('a code is worth what its grant was given at, whatever its session has proved since; one of an unknown level the least', () => {
  assert.equal(told({ ...code, grantLevel: '2fa' }, record, { least: 'remembered' }), 'good');
  assert.equal(
    told({ ...code, grantLevel: '1fa' }, record, { least: 'remembered' }),
    'the grant of the code is too weak',
  );
  assert.equal(
    told({ ...code, grantLevel: undefined }, record, { least: 'remembered' }),
    'the grant of the code is too weak',
  );
  assert.equal(told({ ...code, grantLevel: undefined }, record), 'good');
});

test('a refresh or access token is judged by its grant alone: it may outlive its session', () => {
  for (const kind of ['RefreshToken', 'AccessToken', undefined])
    assert.equal(told({ ...code, kind }, undefined, { least: '2fa' }), 'good', kind);
});

test('the record is read for a code and for nothing else, and nobody came by it', async () => {
  const sessions = memorySessions();
  await sessions.save(record);
  const read = (redeemed: Redeemed, now = start) =>
    sessionOfCode({ sessions, leastLevel: () => '1fa', now: () => now }, {}, redeemed);
  assert.deepEqual(await read(code, minutes(5)), record);
  assert.deepEqual((await sessions.seen(record.id, minutes(6)))?.lastSeen, start);
  assert.equal(await read(code, minutes(60)), undefined);
  assert.equal(await read({ ...code, kind: 'RefreshToken' }), undefined);
  assert.equal(await read({ ...code, sessionUid: undefined }), undefined);
  assert.equal(await read({ ...code, sessionUid: 'other' }), undefined);
});

test('a record that was read is over at its end, and before that where it idles [check 57]', () => {
  const idling = { ...record, idleSeconds: 600 };
  const judged = (one: SessionRecord, minute: number) => inTime(one, minutes(minute));
  assert.deepEqual([judged(record, 59), judged(record, 60)], [true, false]);
  assert.deepEqual([judged(idling, 9), judged(idling, 10)], [true, false]);
  assert.equal(judged({ ...idling, lastSeen: minutes(55) }, 60), false, 'however warm');
});
