import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { DeliveredCode } from '../../src/delivery/code.ts';
import type { AttemptChange, Attempts, SignInAttempt } from '../../src/sign-in/attempt.ts';
import { mongoAttempts } from '../../src/storage/attempts.ts';
import { minutes, start, together } from '../support/account-stores.ts';
import { asked } from '../support/asked.ts';
import { openDatabase, rowsOf } from '../support/database.ts';
import { memoryAttempts } from '../support/fakes/attempts.ts';
import { signInAttempt } from '../support/sign-in-attempt.ts';

const stores: readonly (readonly [string, (t: TestContext) => Promise<Attempts>])[] = [
  ['MongoDB', async (t) => mongoAttempts(await openDatabase(t))],
  ['memory', async () => memoryAttempts()],
];

const deliveredCode: DeliveredCode = {
  purpose: 'registration',
  courier: 'mail',
  destination: 'ada@example.com',
  id: 'code',
  hash: '1.hash',
  tries: 0,
  expiresAt: minutes(10),
  nextSendAt: minutes(1),
};

const password = { kind: 'password', amr: ['pwd'], level: '1fa', at: start } as const;

/** An attempt that ends after an hour. */
async function open(attempts: Attempts): Promise<SignInAttempt> {
  await attempts.open({ id: 'uid-hash', clientId: 'demo', expiresAt: minutes(60), asked, browserMark: 'mark' });
  return signInAttempt(attempts, 'uid-hash', start);
}

/** An attempt that holds this code. */
async function holding(attempts: Attempts, id: string, code: DeliveredCode): Promise<SignInAttempt> {
  await attempts.open({ id, clientId: 'demo', expiresAt: minutes(60), asked, browserMark: 'mark' });
  const attempt = await signInAttempt(attempts, id, start);
  return (await attempts.advance(attempt, { deliveredCode: code }, start)) ?? assert.fail();
}

for (const [kind, openStore] of stores) {
  suite(`attempts (${kind})`, () => {
    test('a fresh attempt holds nothing about a person, and an id is opened once', async (t) => {
      const attempts = await openStore(t);
      const fresh = {
        id: 'uid-hash',
        purpose: 'sign-in',
        clientId: 'demo',
        expiresAt: minutes(60),
        asked,
        browserMark: 'mark',
        revision: 0,
        proofs: [],
        challenge: { tries: 0 },
      };
      assert.deepEqual(await open(attempts), fresh);
      await assert.rejects(
        attempts.open({ id: 'uid-hash', clientId: 'other', expiresAt: minutes(60), asked, browserMark: 'mark' }),
      );
      assert.equal(await attempts.find('other', start), undefined);
    });

    test('the newest code of its binding that may still be entered is taken out of another attempt, by one of twenty at once, with its tries and its end [check 28]', async (t) => {
      const attempts = await openStore(t);
      const sent = { ...deliveredCode, binding: 'here', tries: 2 };
      for (const [n, hash] of ['old', 'older', 'oldest'].entries())
        await holding(attempts, hash, { ...sent, hash, sentAt: new Date(start.getTime() - n) });
      const second = await holding(attempts, 'second', { ...sent, hash: 'newest', sentAt: minutes(1) });
      const take = (n: number) => attempts.takeCode({ binding: 'here', attemptId: `new ${n}`, now: minutes(2) });
      const one = await take(0);
      assert.equal(one?.hash, 'newest');
      const taken = await together(20, take);
      const hashes = taken.map((code) => code?.hash).filter((hash) => hash !== undefined);
      assert.deepEqual(hashes.sort(), ['old', 'older', 'oldest'], 'each once');
      assert.deepEqual([one?.tries, one?.expiresAt, one?.binding], [2, minutes(10), 'here']);

      const left = (await attempts.find('second', minutes(2))) ?? assert.fail();
      assert.deepEqual([left.deliveredCode?.expiresAt, left.deliveredCode?.binding], [minutes(2), undefined]);
      assert.equal(await attempts.takeTry(left, 'deliveredCode', minutes(2)), false, 'it is over there');
      assert.equal(await attempts.takeTry(second, 'deliveredCode', minutes(2)), false);
      assert.equal(await attempts.advance(second, { shown: 'ada' }, minutes(2)), undefined, 'whoever read it before');
    });

    test('no code is taken that is of another binding, in the attempt that asks, ended, used up or never sent', async (t) => {
      const attempts = await openStore(t);
      const sent = { ...deliveredCode, binding: 'here', sentAt: start };
      await holding(attempts, 'self', sent);
      await holding(attempts, 'other', { ...sent, binding: 'there' });
      await holding(attempts, 'used-up', { ...sent, tries: 5 });
      await holding(attempts, 'never-sent', { ...deliveredCode, unsent: true });
      await holding(attempts, 'ended', { ...sent, expiresAt: minutes(2) });
      await attempts.open({ id: 'over', clientId: 'demo', expiresAt: minutes(2), asked, browserMark: 'mark' });
      const over = (await attempts.find('over', start)) ?? assert.fail();
      await attempts.advance(over, { deliveredCode: sent }, start);
      const take = () => attempts.takeCode({ binding: 'here', attemptId: 'self', now: minutes(2) });
      assert.equal(await take(), undefined);
      await holding(attempts, 'last-try', { ...sent, tries: 4, expiresAt: new Date(minutes(2).getTime() + 1) });
      assert.equal((await take())?.tries, 4);
      assert.equal(await take(), undefined);
    });

    test('a challenge that is answered by the code that was sent takes a try of both, and of neither once one has none [check 29]', async (t) => {
      const attempts = await openStore(t);
      const attempt = await holding(attempts, 'both', { ...deliveredCode, tries: 3 });
      const taken = await together(20, () => attempts.takeTry(attempt, 'both', start));
      assert.equal(taken.filter(Boolean).length, 1);
      const once = (await attempts.find('both', start)) ?? assert.fail();
      assert.deepEqual([once.challenge.tries, once.deliveredCode?.tries], [1, 4]);
      assert.equal(
        await attempts.takeTry({ ...once, deliveredCode: { ...deliveredCode, hash: 'x' } }, 'both', start),
        false,
      );
      assert.equal(await attempts.takeTry(once, 'both', start), true);
      const twice = (await attempts.find('both', start)) ?? assert.fail();
      assert.equal(await attempts.takeTry(twice, 'both', start), false, 'the code has none left');
      assert.equal(await attempts.takeTry(twice, 'challenge', start), true);
      const full =
        (await attempts.advance(
          { ...twice },
          { challenge: { tries: 5 }, deliveredCode: { ...deliveredCode, hash: 'newer' } },
          start,
        )) ?? assert.fail();
      assert.equal(await attempts.takeTry(full, 'both', start), false, 'the challenge has none left');
    });

    test('a challenge that goes on is not written over tries that were taken since it was read, one that begins anew is [check 29]', async (t) => {
      const attempts = await openStore(t);
      const before = await holding(attempts, 'asked', deliveredCode);
      assert.equal(await attempts.takeTry(before, 'challenge', start), true);
      const other = { kind: 'email', factorId: 'mail', data: { anything: ['opaque'] }, expiresAt: minutes(5) };
      assert.equal(await attempts.advance(before, { challenge: { ...other, tries: 0 } }, start), undefined);
      const read = (await attempts.find('asked', start)) ?? assert.fail();
      assert.equal(read.challenge.tries, 1);
      const chosen = (await attempts.advance(read, { challenge: { ...other, tries: 1 } }, start)) ?? assert.fail();
      assert.deepEqual(chosen.challenge, { ...other, tries: 1 });
      assert.equal(await attempts.takeTry(chosen, 'challenge', start), true);
      const anew = await attempts.advance(chosen, { challenge: { tries: 0 } }, start);
      assert.deepEqual(anew?.challenge, { tries: 0 });
    });

    test('an account change is opened in the place of one that is over, never of one that runs [check 34]', async (t) => {
      const attempts = await openStore(t);
      const change = { id: 'session-hash', clientId: 'own', expiresAt: minutes(30), sessionId: 'session' };
      await together(20, () => attempts.openChange(change, start));
      const opened = (await attempts.find(change.id, start)) ?? assert.fail();
      assert.deepEqual(opened, { ...change, purpose: 'change', revision: 0, proofs: [], challenge: { tries: 0 } });
      const running = await attempts.advance(opened, { accountId: 'ada-id' }, start);
      await attempts.openChange({ ...change, expiresAt: minutes(60) }, minutes(29));
      assert.deepEqual(await attempts.find(change.id, minutes(29)), running);
      await attempts.sweep(minutes(31));
      await attempts.openChange({ ...change, expiresAt: minutes(61) }, minutes(31));
      assert.deepEqual(await attempts.find(change.id, minutes(60)), { ...opened, expiresAt: minutes(61) });
      await assert.rejects(attempts.advance(opened, { purpose: undefined } as AttemptChange, minutes(31)), TypeError);
      for (const whose of [{ browserMark: 'other' }, { sessionId: 'other' }, { asked: { sessionId: 'other' } }])
        await assert.rejects(attempts.advance(opened, whose as AttemptChange, minutes(31)), TypeError);
    });

    test('everything an attempt can hold comes back as it was set, and is gone when set to undefined', async (t) => {
      const attempts = await openStore(t);
      const fresh = await open(attempts);
      const full = {
        expiresAt: minutes(50),
        shown: 'ada@example.com',
        accountId: 'ada-id',
        sessionVersion: 3,
        proofs: [password],
        stay: true,
        registration: { email: 'ada@example.com', passwordHash: 'hash', known: false },
        deliveredCode,
        enrolment: { factorId: 'f1', kind: 'totp', expiresAt: minutes(10), data: { sealedSecret: 'sealed' } },
        challenge: { tries: 2 },
        consent: ['openid'],
        chosen: 'other',
        finishedAt: minutes(1),
        refused: true,
      } satisfies AttemptChange<SignInAttempt>;
      const changed: SignInAttempt = (await attempts.advance(fresh, full, start)) ?? assert.fail();
      assert.deepEqual(changed, { ...fresh, ...full, revision: 1 });
      assert.deepEqual(await attempts.find(fresh.id, start), changed);

      const optional = Object.keys(full).filter((field) => !['expiresAt', 'proofs', 'challenge'].includes(field));
      const nothing: AttemptChange<SignInAttempt> = Object.fromEntries(optional.map((field) => [field, undefined]));
      const emptied = await attempts.advance<SignInAttempt>(
        changed,
        { ...nothing, proofs: [], challenge: { tries: 0 } },
        start,
      );
      assert.deepEqual(emptied, { ...fresh, expiresAt: minutes(50), revision: 2 });
    });

    test('of 20 advances of one revision at once exactly one happens [check 83]', async (t) => {
      const attempts = await openStore(t);
      const attempt = await open(attempts);
      const advanced = await together(20, (n) =>
        attempts.advance(attempt, { accountId: `a${n}`, proofs: [password] }, start),
      );
      const [won, ...others] = advanced.filter((one) => one !== undefined);
      assert.equal(others.length, 0);
      assert.equal(won?.revision, 1);
      assert.deepEqual(await attempts.find(attempt.id, start), won);
      assert.equal(await attempts.advance(attempt, {}, start), undefined);
    });

    test('an advance cannot rewrite which attempt it is or whose', async (t) => {
      const attempts = await openStore(t);
      const attempt = await open(attempts);
      for (const field of ['id', 'revision', 'clientId', 'asked']) {
        const change: object = { [field]: 'other' };
        await assert.rejects(attempts.advance(attempt, change, start), TypeError);
      }
    });

    test('of 50 answers at once to one challenge one is judged, and five in all [check 21]', async (t) => {
      const attempts = await openStore(t);
      const attempt = await open(attempts);
      for (let tries = 0; tries < 6; tries += 1) {
        const seen = (await attempts.find(attempt.id, start)) ?? assert.fail();
        const takes = await together(50, () => attempts.takeTry(seen, 'challenge', start));
        assert.equal(takes.filter(Boolean).length, tries < 5 ? 1 : 0);
      }
      const after = await attempts.find(attempt.id, start);
      assert.equal(after?.challenge.tries, 5);
      assert.equal(after?.revision, attempt.revision);
    });

    test('of 100 answers at once to one mailed code one is judged, and five in all [check 29]', async (t) => {
      const attempts = await openStore(t);
      const attempt = (await attempts.advance(await open(attempts), { deliveredCode }, start)) ?? assert.fail();
      for (let tries = 0; tries < 6; tries += 1) {
        const seen = (await attempts.find(attempt.id, start)) ?? assert.fail();
        const takes = await together(100, () => attempts.takeTry(seen, 'deliveredCode', start));
        assert.equal(takes.filter(Boolean).length, tries < 5 ? 1 : 0);
      }
      assert.equal((await attempts.find(attempt.id, start))?.deliveredCode?.tries, 5);
    });

    test('no try is taken without a code, after its end, or for a step that is over [check 26]', async (t) => {
      const attempts = await openStore(t);
      const fresh = await open(attempts);
      assert.equal(await attempts.takeTry(fresh, 'deliveredCode', start), false);
      const attempt = (await attempts.advance(fresh, { deliveredCode }, start)) ?? assert.fail();
      assert.equal(await attempts.takeTry(fresh, 'deliveredCode', start), false);
      assert.equal(await attempts.takeTry(fresh, 'challenge', start), false);
      assert.equal(await attempts.takeTry(attempt, 'deliveredCode', deliveredCode.expiresAt), false);
      assert.equal(
        await attempts.takeTry(attempt, 'deliveredCode', new Date(deliveredCode.expiresAt.getTime() - 1)),
        true,
      );
    });

    test('a code written back cannot give back the tries taken since it was read, a newer code begins anew [check 28]', async (t) => {
      const attempts = await openStore(t);
      const attempt = (await attempts.advance(await open(attempts), { deliveredCode }, start)) ?? assert.fail();
      await attempts.takeTry(attempt, 'deliveredCode', start);
      const waiting = { deliveredCode: { ...deliveredCode, nextSendAt: minutes(5) } };
      assert.equal(await attempts.advance(attempt, waiting, start), undefined);
      const newer = { deliveredCode: { ...deliveredCode, hash: '1.newer' } };
      assert.equal((await attempts.advance(attempt, newer, start))?.deliveredCode?.tries, 0);
    });

    test('an attempt that ended is neither found nor changed nor judged, its row or not [check 26]', async (t) => {
      const attempts = await openStore(t);
      const attempt = (await attempts.advance(await open(attempts), { deliveredCode }, start)) ?? assert.fail();
      const end = attempt.expiresAt;
      assert.equal(await attempts.find(attempt.id, end), undefined);
      assert.equal(await attempts.advance(attempt, { expiresAt: minutes(600) }, end), undefined);
      assert.equal(await attempts.takeTry(attempt, 'challenge', end), false);
      assert.equal(await attempts.takeTry(attempt, 'deliveredCode', end), false);
      assert.notEqual(await attempts.find(attempt.id, new Date(end.getTime() - 1)), undefined);
    });

    test('the client is still known a day after the end, and no longer', async (t) => {
      const attempts = await openStore(t);
      const { id } = await open(attempts);
      const dayLater = minutes(60 + 24 * 60);
      await attempts.sweep(minutes(61));
      assert.equal(await attempts.findClient(id, new Date(dayLater.getTime() - 1)), 'demo');
      assert.equal(await attempts.findClient(id, dayLater), undefined);
      assert.equal(await attempts.findClient('other', start), undefined);
    });

    test('the sweep leaves a running attempt as it is', async (t) => {
      const attempts = await openStore(t);
      const attempt = await open(attempts);
      await attempts.sweep(minutes(59));
      assert.deepEqual(await attempts.find(attempt.id, start), attempt);
    });
  });
}

test('the sweep empties what is over to its client, and the row knows when it may go [check 104]', async (t) => {
  const db = await openDatabase(t);
  const attempts = mongoAttempts(db);
  const registration = { email: 'ada@example.com', passwordHash: 'hash', known: false };
  await attempts.advance(
    await open(attempts),
    { shown: 'ada@example.com', registration, expiresAt: minutes(50) },
    start,
  );
  await attempts.sweep(minutes(50));
  const kept = {
    _id: 'uid-hash',
    clientId: 'demo',
    expiresAt: minutes(50),
    removeAt: minutes(50 + 24 * 60),
    emptied: true,
  };
  assert.deepEqual(await rowsOf(db, 'attempts'), [kept]);
});

test('rows that were written before attempts had kinds are read: a sign-in names no purpose, a change its session', async (t) => {
  const db = await openDatabase(t);
  const attempts = mongoAttempts(db);
  const life = { clientId: 'own', expiresAt: minutes(30), removeAt: minutes(30 + 24 * 60), emptied: false };
  const begun = {
    ...life,
    revision: 3,
    proofs: [password],
    challenge: { tries: 0 },
    accountId: 'ada',
    sessionVersion: 1,
  };
  const faked = { prompt: 'login', asksConsent: false, scopes: [], leastLevel: '1fa', redirectUri: '' };
  await db.connection.collection<{ _id: string; [field: string]: unknown }>('attempts').insertMany([
    { _id: 'sign-in', ...begun, asked, browserMark: 'mark', stay: true },
    { _id: 'change', ...begun, purpose: 'change', asked: { ...faked, sessionAccountId: 'ada', sessionId: 'record' } },
  ]);
  const { removeAt: _, emptied: __, ...held } = begun;
  const signIn = { ...held, id: 'sign-in', purpose: 'sign-in', asked, browserMark: 'mark', stay: true };
  const change = { ...held, id: 'change', purpose: 'change', sessionId: 'record' };
  assert.deepEqual(await attempts.find('sign-in', start), signIn);
  const found = (await attempts.find('change', start)) ?? assert.fail();
  assert.deepEqual(found, change);
  assert.deepEqual(await attempts.advance(found, { proofs: [] }, start), { ...change, proofs: [], revision: 4 });
});
