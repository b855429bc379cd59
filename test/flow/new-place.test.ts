import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inAccount } from '../support/account-area.ts';
import { rowsOf } from '../support/database.ts';
import type { Person } from '../support/person.ts';
import { startWorld, type World } from '../support/world.ts';

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const chrome = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36';

const told = ({ outbox }: World, { email }: Person) =>
  outbox.mails.filter(({ to, subject }) => to === email && subject === 'New sign-in to your Twofold account');

test('a sign-in from a browser that was not seen there before is told to the owner, who may say that it was somebody else', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const using = (agent: string) => world.browser({ headers: { 'user-agent': agent } });
  const home = await using(firefox).signIn(ada);
  assert.equal(told(world, ada).length, 0, 'the first one');
  world.travel(60);
  await using(firefox).signIn(ada);
  assert.equal(told(world, ada).length, 0, 'the same place and name');

  world.travel(120);
  const thief = await using(chrome).signIn(ada);
  const [notice, ...more] = told(world, ada);
  assert.equal(more.length, 0);
  for (const row of [/^Browser: Chrome on Windows$/m, /^Place: 127\.0\.0\.x$/m]) assert.match(notice?.text ?? '', row);
  world.travel(180);
  await thief.signIn(ada, { prompt: 'login' });
  assert.equal(told(world, ada).length, 1, 'it is known from then on');

  const [url = ''] = /http:\S+\/link\/not_me\/\S+/.exec(notice?.text ?? '') ?? [];
  await (await world.browser().visit(url)).press('secure');
  assert.equal((await thief.tab().authorize({ prompt: 'none' })).code, undefined);
  assert.equal((await home.tab().authorize({ prompt: 'none' })).code, undefined);
});

test('a password alone, wrong codes and a second proof in the account area are no sign-in of a new place', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  await inAccount(world, ada);
  world.travel(60);
  const stranger = world.browser({ headers: { 'user-agent': chrome } });
  await stranger.authorize();
  await stranger.submit({ identifier: ada.email, password: ada.password });
  await stranger.submit({ code: '000000' });
  assert.equal(told(world, ada).length, 0);
});

test('no address and no browser stands in what is kept of a place', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  await world.browser({ headers: { 'user-agent': firefox } }).signIn(ada);
  const [row] = await rowsOf(world.database, 'accounts');
  const kept = JSON.stringify(row?.seenPlaces);
  assert.match(kept, /^\[\{"key":"[\w-]{12}","at":"[^"]+"\}\]$/);
  assert.doesNotMatch(kept, /127|Firefox|Linux/);
});
