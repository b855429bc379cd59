import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inAccount } from '../support/account-area.ts';
import { afterPassword } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { rowsOf } from '../support/database.ts';
import type { Person } from '../support/person.ts';
import { startWorld, type World } from '../support/world.ts';

const userAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

interface ShownEvent {
  readonly at: string;
  readonly kind: string;
  readonly result: string;
  readonly detail?: string;
  readonly app?: string;
}

async function told(browser: Browser, path = '/account/history'): Promise<readonly ShownEvent[]> {
  await browser.visit(path);
  assert.equal(browser.stage, 'history', browser.text.slice(0, 300));
  return browser.page.facts.events as readonly ShownEvent[];
}

const kindsOf = (events: readonly ShownEvent[]) => events.map(({ kind }) => kind);

/** As many events of this person as given, by hand, a minute after another. */
async function happened({ database }: World, { id: accountId }: Person, more: readonly object[]): Promise<void> {
  const rows = more.map((event, n) => ({
    ...{ _id: `by-hand-${accountId}-${n}`, at: new Date(Date.now() - n * 60_000), accountId, result: 'success' },
    ...event,
  }));
  await database.connection.collection<{ _id: string }>('events').insertMany(rows);
}

test('a sign-in is told at once, before it is in the record and after, once, by app, browser and rough place', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  await world.browser().signIn(ada);
  world.travel(60);
  const here = await world.browser({ headers: { 'user-agent': userAgent } }).visit('/account');
  await here.submit({ identifier: ada.email, password: ada.password });
  await here.submit({ code: ada.codeNow() });
  await here.press('history');
  const events = await told(here);
  assert.deepEqual(
    events.map(({ at: _at, ...rest }) => rest),
    [
      {
        ...{ kind: 'sign_in', result: 'success', byOther: false, detail: '2fa', app: 'Twofold' },
        ...{ browser: 'Firefox', system: 'Linux', place: '127.0.0.x' },
      },
      {
        ...{ kind: 'sign_in', result: 'success', byOther: false, detail: '2fa', app: 'Example app' },
        place: '127.0.0.x',
      },
    ],
  );
  assert.doesNotMatch(here.text, /Gecko|Mozilla|127\.0\.0\.1|requestId|:sign_in/);
  assert.equal((await rowsOf(world.database, 'events')).length, 2, 'moved');
  assert.deepEqual(await told(here), events);
});

test('a wrong code after the right password is told; wrong passwords are not, nor the waits that they begin', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const stranger = await world.browser().authorize();
  for (let n = 0; n < 5; n += 1) await stranger.submit({ identifier: ada.email, password: `wrong password ${n}` });
  world.travel(120);
  const thief = await afterPassword(world, ada);
  await thief.submit({ code: ada.codeNow() === '000000' ? '111111' : '000000' });
  world.travel(300);
  const here = await inAccount(world, ada);
  const events = await told(here);
  assert.deepEqual(kindsOf(events), ['sign_in', 'factor']);
  const [lock] = (await rowsOf(world.database, 'events')).filter(({ kind }) => kind === 'lock');
  assert.equal(lock?.detail, 'password', 'there was one');
  assert.deepEqual(
    [events.find(({ kind }) => kind === 'factor')?.result, events.find(({ kind }) => kind === 'factor')?.detail],
    ['failure', 'wrong'],
  );
});

test('a page holds fifty, older ones stand on the next, and another person reads none of it', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const eve = await world.person();
  const here = await inAccount(world, ada);
  world.travel(60);
  await happened(
    world,
    ada,
    Array.from({ length: 119 }, (_, n) => ({ kind: 'factor_renamed', detail: `${n}` })),
  );
  await happened(world, eve, [{ kind: 'factor_removed' }]);
  const all: ShownEvent[] = [];
  const lengths: number[] = [];
  for (let path: string | undefined = '/account/history'; path; ) {
    const page = await told(here, path);
    all.push(...page);
    lengths.push(page.length);
    path = here.page.actions.find(({ name }) => name === 'older')?.href;
  }
  assert.deepEqual(lengths, [50, 50, 20]);
  assert.equal(new Set(all.map(({ detail = 'sign-in' }) => detail)).size, 120);
  assert.deepEqual(
    [...all].sort((one, other) => other.at.localeCompare(one.at)),
    all,
  );
  assert.equal(kindsOf(all).includes('factor_removed'), false);
  await here.press('newest');
  assert.equal((here.page.facts.events as readonly ShownEvent[]).length, 50);
  assert.equal(
    here.page.actions.some(({ name }) => name === 'newest'),
    false,
  );
});

test('what is older than 90 days is told no more', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const day = 86_400_000;
  const at = (days: number) => new Date(Date.now() - days * day);
  await happened(world, ada, [
    { kind: 'factor_added', at: at(89) },
    { kind: 'factor_removed', at: at(90.1) },
  ]);
  const here = await inAccount(world, ada);
  assert.deepEqual(kindsOf(await told(here)), ['sign_in', 'factor_added']);
  assert.deepEqual(kindsOf(await told(here, `/account/history?before=${at(80).getTime()}`)), ['factor_added']);
});

test('an address that no page of ours leads to begins at the newest, and nobody reads it who is not signed in', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const here = await inAccount(world, ada);
  for (const query of [
    'before=',
    'before=x',
    'before=-1',
    'before=1e9',
    `before=${'9'.repeat(16)}`,
    'before[$gt]=',
    'before=1&before=2',
  ])
    assert.deepEqual(kindsOf(await told(here, `/account/history?${query}`)), ['sign_in'], query);
  assert.deepEqual(await told(here, '/account/history?before=0'), []);
  assert.equal((await world.browser().visit('/account/history')).stage, 'sign-in');
});

test('a person reads it in sentences, with names that hold no markup', async (t) => {
  const world = await startWorld(t, { clients: [{ clientId: 'odd', name: '<b>Shop</b> & Söhne' }] });
  world.travel(0);
  const ada = await world.person();
  const here = await inAccount(world, ada);
  await happened(world, ada, [
    { kind: 'consent', clientId: 'odd' },
    { kind: 'factor_added', detail: 'totp' },
    { kind: 'lock', detail: 'second_factor' },
    { kind: 'roles_changed', actor: 'cli' },
    { kind: 'sign_in', detail: '2fa-email', clientId: 'app' },
  ]);
  const page = await here.fetch({
    method: 'GET',
    url: new URL('/account/history', world.issuer),
    headers: { accept: 'text/html' },
  });
  const html = await page.text();
  for (const sentence of [
    'You allowed <bdi>&lt;b&gt;Shop&lt;/b&gt; &amp; Söhne</bdi> to use this account',
    'An authenticator app was added to your <bdi>Twofold</bdi> account',
    'After too many wrong codes nobody could enter one for a while',
    'Done by whoever runs Twofold',
    'Signed in to <bdi>Example app</bdi>',
    'With the password and a code by mail',
  ])
    assert.ok(html.includes(sentence), sentence);
});
