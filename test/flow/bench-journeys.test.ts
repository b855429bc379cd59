import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { UnexpectedAnswer } from '../../bench/http.ts';
import {
  type Journey,
  refresh,
  signIn,
  signInByMail,
  signInRemembered,
  signUp,
  singleSignOn,
} from '../../bench/journeys.ts';
import { emailOf, mailedEmailOf, peopleOf, secondClient } from '../../bench/people.ts';
import { seedAccounts } from '../../bench/seed.ts';
import type { Target } from '../../bench/visitor.ts';
import { stopwatch } from '../../bench/watch.ts';
import { rowsOf } from '../support/database.ts';
import { eventsOf } from '../support/events.ts';
import { startWorld, type World } from '../support/world.ts';

const clients = [{ clientId: 'bench' }, { clientId: secondClient.client_id, redirectUris: secondClient.redirect_uris }];

/** A Twofold with two people who have an app and two who are mailed codes, as the bench drives it. */
async function benched(t: TestContext) {
  const world = await startWorld(t, { clients });
  await seedAccounts(world.database, { keys: world.keys, apps: 2, mailed: 2 });
  const post = { codeFor: async (address: string) => mailedCode(world, address) };
  const target: Target = { ports: [Number(new URL(world.origin).port)], forgery: true, post };
  return { world, target, people: peopleOf(2) };
}

/** The mail may be on its way yet. */
async function mailedCode(world: World, address: string): Promise<string> {
  for (let code = world.codeMailedTo(address); ; code = world.codeMailedTo(address)) {
    if (code !== 'no code') return code;
    await pause(10);
  }
}

async function gone(journey: Journey, { target, people }: Awaited<ReturnType<typeof benched>>) {
  const { time, laps } = stopwatch();
  const act = await journey.prepare(target, people);
  await act(time);
  return laps.map(({ kind }) => kind);
}

const signInRequests = [
  'GET /auth',
  'GET sign-in page',
  'POST password',
  'GET code page',
  'POST code',
  'GET resume',
  'POST /token',
];

test('a sign-in of the bench is a whole one, of the account that was seeded', async (t) => {
  const bench = await benched(t);
  assert.deepEqual(await gone(signIn, bench), signInRequests);
  const account = (await rowsOf(bench.world.database, 'accounts')).find(({ email }) => email === emailOf(0));
  const [event] = await eventsOf(bench.world, 'sign_in');
  assert.equal(event?.accountId, account?._id);
  assert.equal(event?.result, 'success');
});

test('the next one is another person', async (t) => {
  const bench = await benched(t);
  await gone(signIn, bench);
  await gone(signIn, bench);
  const who = (await eventsOf(bench.world, 'sign_in')).map(({ accountId }) => accountId);
  assert.equal(new Set(who).size, 2);
});

test('a sign-in by mail takes the code from its mailbox', async (t) => {
  const bench = await benched(t);
  assert.deepEqual(await gone(signInByMail, bench), signInRequests);
  assert.equal(bench.world.outbox.mails.findLast(({ to }) => to === mailedEmailOf(0))?.to, mailedEmailOf(0));
});

test('a remembered browser is signed in nowhere, and is asked for the password alone', async (t) => {
  const bench = await benched(t);
  assert.equal(signInRemembered.ahead, true);
  assert.deepEqual(await gone(signInRemembered, bench), [
    'GET /auth',
    'GET sign-in page',
    'POST password',
    'GET resume',
    'POST /token',
  ]);
  const details = (await eventsOf(bench.world, 'sign_in')).map(({ detail }) => detail);
  assert.deepEqual(details, ['2fa', 'remembered']);
});

test('single sign-on shows no page: its session is there before, and the second client gets tokens', async (t) => {
  const bench = await benched(t);
  assert.equal(singleSignOn.ahead, true);
  assert.deepEqual(await gone(singleSignOn, bench), ['GET /auth', 'POST /token']);
});

test('a refresh is one request, and its token was had before', async (t) => {
  const bench = await benched(t);
  assert.equal(refresh.ahead, true);
  assert.deepEqual(await gone(refresh, bench), ['POST /token']);
});

test('a sign-up makes an account with an app and recovery codes', async (t) => {
  const bench = await benched(t);
  assert.deepEqual(await gone(signUp, bench), [
    'GET /auth',
    'GET sign-in page',
    'GET register page',
    'POST registration',
    'GET mailbox page',
    'POST mailed code',
    'GET app page',
    'POST app',
    'GET recovery codes',
    'POST codes saved',
    'GET resume',
    'POST /token',
  ]);
  const accounts = await rowsOf(bench.world.database, 'accounts');
  const [newcomer] = accounts.filter(({ email }) => String(email).startsWith('newcomer-'));
  assert.equal(accounts.length, 5);
  assert.deepEqual([Object(newcomer?.factors).length, Object(newcomer?.factors)[0].kind], [1, 'totp']);
  assert.equal(Object(newcomer?.recovery).hashes.length, 10);
});

test('what is not as it should be ends a journey with the status that came', async (t) => {
  const bench = await benched(t);
  await bench.world.database.connection
    .collection('accounts')
    .updateMany({ email: emailOf(0) }, { $set: { active: false } });
  await assert.rejects(gone(signIn, bench), (error) => error instanceof UnexpectedAnswer);
});
