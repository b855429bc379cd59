import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { carryingOut, type SecurityChange } from '../../src/protection/carry-out.ts';
import { type Change, consequences, raisesOf } from '../../src/protection/consequences.ts';
import type { Notice } from '../../src/protection/notices.ts';
import type { SessionRecord } from '../../src/sign-in/sessions.ts';
import { memoryEvents } from '../support/fakes/protection.ts';
import { memorySessions } from '../support/fakes/sessions.ts';

const now = new Date('2030-01-01T00:00:00Z');
const changes = Object.keys(consequences) as Change[];

const stay = ['stay', 'stay', 'stay', 'stay', 'stay'] as const;
const end = ['end', 'end', 'end', 'stay', 'end'] as const;
const loosened = ['end', 'stay', 'end', 'stay', 'end'] as const;
/** Sessions, grants, remembered devices, recovery codes, pending codes. */
const written: Readonly<Record<Change, readonly [string, string, string, string, string]>> = {
  factor_added: ['stay', 'stay', 'stay', 'stay', 'end'],
  factor_removed: loosened,
  two_step_off: loosened,
  two_step_on: stay,
  recovery_code_used: ['stay', 'stay', 'end', 'stay', 'end'],
  recovery_codes_replaced: ['end', 'stay', 'end', 'replaced', 'end'],
  pass_used: ['end', 'end', 'end', 'replaced', 'end'],
  pass_given: stay,
  pass_taken: stay,
  account_created: stay,
  account_enabled: stay,
  account_disabled: end,
  account_deleted: ['end', 'end', 'end', 'removed', 'end'],
  roles_changed: ['too-weak', 'too-weak', 'stay', 'stay', 'stay'],
  unlocked: stay,
  factors_reset: ['end', 'end', 'end', 'removed', 'end'],
  application_revoked: ['stay', 'of-client', 'stay', 'stay', 'stay'],
  session_ended: ['stay', 'of-it', 'stay', 'stay', 'stay'],
  sessions_ended: end,
  other_sessions_ended: ['end', 'elsewhere', 'stay', 'stay', 'end'],
  password_changed: ['end', 'end', 'end', 'stay', 'end'],
  password_reset: ['end', 'end', 'end', 'stay', 'end'],
  email_changed: ['end', 'stay', 'end', 'stay', 'end'],
  email_change_undone: ['end', 'end', 'end', 'stay', 'end'],
  rescue_used: ['end', 'end', 'end', 'replaced', 'end'],
  device_theft: ['stay', 'stay', 'of-it', 'stay', 'stay'],
  not_me: ['end', 'end', 'end', 'stay', 'end'],
};

test('the table says exactly this', () => {
  const said = Object.entries(consequences).map(([change, row]) => [
    change,
    [row.sessions, row.grants, row.rememberedDevices, row.recoveryCodes, row.pendingCodes],
  ]);
  assert.deepEqual(Object.fromEntries(said), written);
});

/** An account at version 4 with a session here, one elsewhere and one of somebody else, which all were signed in before the change. */
async function carriedOut(change: Change, more: Partial<SecurityChange> = {}, broken = false) {
  const { sessionVersion } = raisesOf(change);
  const sessions = memorySessions();
  const record = { proofs: [], signedInAt: now, lastSeen: now, expiresAt: new Date(now.getTime() + 1000) };
  const save = (id: string, accountId: string, version: number) =>
    sessions.save({ ...record, id, accountId, sessionVersion: version } satisfies SessionRecord);
  await save('here', 'ada', 4);
  await save('elsewhere', 'ada', 4);
  await save('foreign', 'eve', 4);
  const ended: string[] = [];
  const notices: Notice[] = [];
  const events = memoryEvents();
  const carryOut = carryingOut({
    sessions,
    grants: {
      async endAll(id, but) {
        if (broken) throw new Error('no database');
        const only = but?.clientAlone ? ` alone of ${but.clientAlone}` : '';
        ended.push(`grants of ${id}${but?.keepSession ? ` but ${but.keepSession}` : only}`);
      },
    },
    pendingCodes: {
      async endAll(id, { keepAttempt }) {
        ended.push(`codes of ${id} but ${keepAttempt}`);
      },
    },
    tooWeak: {
      async end(id) {
        ended.push(`too weak of ${id}`);
      },
    },
    events,
    notices: {
      async tell(notice) {
        notices.push(notice);
      },
    },
    now: () => now,
  });
  const account = { id: 'ada', email: 'ada@example.com', sessionVersion: 4 + sessionVersion };
  const origin = { address: '192.0.2.1' };
  const outcome = await carryOut({ change, account, origin, ...more }).catch((error: Error) => error.message);
  const left = async (id: string) => (await sessions.seen(id, now))?.sessionVersion;
  return { ended, notices, events: events.all, outcome, account, left };
}

suite('for each change the table holds [check 51]', () => {
  for (const change of changes) {
    const [sessions, grants, devices, recoveryCodes, pendingCodes] = written[change];
    const version = 4 + (sessions === 'end' ? 1 : 0);

    test(`${change}: sessions elsewhere ${sessions}, and the one here goes on`, async () => {
      const { left } = await carriedOut(change, { keep: { session: 'here', attempt: 'this' } });
      assert.equal(await left('elsewhere'), sessions === 'end' ? undefined : 4);
      assert.equal(await left('here'), version, 'it carries the version of the account');
      assert.equal(await left('foreign'), 4);
    });

    test(`${change}: grants ${grants}, codes ${pendingCodes}`, async () => {
      const { ended } = await carriedOut(change, { keep: { session: 'here', attempt: 'this' } });
      const told = { end: 'grants of ada', elsewhere: 'grants of ada but here', 'too-weak': 'too weak of ada' };
      assert.deepEqual(ended, [
        ...Object.entries(told).flatMap(([fate, text]) => (grants === fate ? [text] : [])),
        ...(pendingCodes === 'end' ? ['codes of ada but this'] : []),
      ]);
    });

    test(`${change}: remembered devices ${devices}, by the counter that they carry`, () => {
      assert.equal(raisesOf(change).securityVersion, devices === 'end' ? 1 : 0);
    });

    test(`${change}: recovery codes ${recoveryCodes}`, () => {
      assert.equal(consequences[change].recoveryCodes, recoveryCodes);
    });

    test(`${change}: is an event and a notice to the owner [check 112]`, async () => {
      const { events, notices } = await carriedOut(change, { actor: 'cli', detail: 'word', kind: 'totp' });
      const who = { accountId: 'ada', actor: 'cli', detail: 'word', address: '192.0.2.1' };
      assert.deepEqual(events, [{ at: now, kind: change, result: 'success', ...who }]);
      const about = { accountId: 'ada', at: now, actor: 'cli', kind: 'totp', origin: { address: '192.0.2.1' } };
      assert.deepEqual(notices, [{ to: 'ada@example.com', event: change, ...about }]);
    });
  }
});

test('every address of the owner is told, each once', async () => {
  const alsoTo = ['former@example.com', 'ada@example.com', 'former@example.com'];
  const { notices, events } = await carriedOut('email_changed', { alsoTo });
  assert.deepEqual(
    notices.map(({ to }) => to),
    ['ada@example.com', 'former@example.com'],
  );
  assert.equal(events.length, 1);
});

test('without a session to keep all of them end', async () => {
  const { left } = await carriedOut('account_disabled');
  assert.deepEqual([await left('here'), await left('elsewhere'), await left('foreign')], [undefined, undefined, 4]);
});

test('a session that was ended meanwhile is not revived by being kept', async () => {
  const account = { id: 'ada', email: 'ada@example.com', sessionVersion: 6 };
  const { left } = await carriedOut('factor_removed', { account, keep: { session: 'here' } });
  assert.equal(await left('here'), undefined);
});

test('nobody keeps the session of somebody else', async () => {
  const { left } = await carriedOut('factor_removed', { keep: { session: 'foreign' } });
  assert.deepEqual([await left('foreign'), await left('here')], [4, undefined]);
});

test('what cannot be ended is told, and the rest is done all the same', async () => {
  const { outcome, left, events, notices } = await carriedOut('account_disabled', {}, true);
  assert.equal(outcome, 'no database');
  assert.equal(await left('elsewhere'), undefined);
  assert.deepEqual([events.length, notices.length], [1, 1]);
});

test('the table cannot be changed while running', () => {
  assert.ok(Object.isFrozen(consequences) && Object.values(consequences).every((row) => Object.isFrozen(row)));
});

test('an app that is revoked loses what it holds itself, and one that is not named loses nothing', async () => {
  assert.deepEqual((await carriedOut('application_revoked', { clientId: 'shop' })).ended, [
    'grants of ada alone of shop',
  ]);
  assert.deepEqual((await carriedOut('application_revoked')).ended, []);
});
