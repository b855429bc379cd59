import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountRow, captured, everyForm, nothing, spoils, uidOf } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { rowsOf } from '../support/database.ts';
import { startWorld, type World } from '../support/world.ts';

const settings = { issuer: 'https://login.example.test' };
const client = 'http://localhost:4999/';

/** All that a sibling host can plant, signatures included: a `__Host-` cookie takes no Domain. */
async function plant(from: Browser, into: Browser): Promise<Browser> {
  for (const { key, value, path } of await from.jar.getCookies(from.issuer, { allPaths: true })) {
    if (key.startsWith('__Host-')) continue;
    await into.jar.setCookie(`${key}=${value}; domain=example.test; path=${path}; secure`, into.issuer);
  }
  return into;
}

function elsewhere(browser: Browser, message: string): void {
  assert.deepEqual([browser.status, browser.page.facts.code], [403, 'wrong_browser'], message);
}

/** Every page, every form and the resume address of what `began` has begun, in a browser that holds its planted cookies. */
async function refusedEverywhere(world: World, began: Browser, victim: Browser, message: string): Promise<void> {
  const uid = uidOf(began);
  const before = await rowsOf(world.database, 'attempts');
  const mails = world.outbox.mails.length;
  const pages = ['', '/way', '/sign-in', '/register', '/factor', '/consent', '/recovery', '/enrol'];
  for (const accept of ['application/json', 'text/html']) {
    for (const path of pages) {
      const answer = await victim.fetch({
        ...{ method: 'GET', url: new URL(`/interaction/${uid}${path}`, world.issuer) },
        headers: { accept },
      });
      // A form's address leads to the dispatcher's, which refuses.
      assert.ok([403, 303, 404].includes(answer.status), `${message} ${path} ${answer.status}`);
      if (path === '') assert.equal(answer.status, 403, message);
      if (answer.status === 403) assert.match(await answer.text(), /wrong_browser|began elsewhere/);
    }
    for (const [path, fields] of Object.entries(everyForm)) {
      const sent = captured(began, `/interaction/${uid}/${path}`, fields);
      const answer = await victim.fetch({ ...sent, headers: { ...sent.headers, accept } });
      assert.equal(answer.status, 403, `${message} ${path}`);
      assert.match(await answer.text(), /wrong_browser|began elsewhere/);
    }
    for (const path of [`/auth/${uid}`, `/AUTH/${uid}/`]) {
      for (const method of ['HEAD', 'GET']) {
        const answer = await victim.fetch({ method, url: new URL(path, world.issuer), headers: { accept } });
        assert.ok([403, 404].includes(answer.status), `${message} ${method} ${path} ${answer.status}`);
        assert.equal(answer.headers.get('location'), null);
      }
    }
  }
  const after = await rowsOf(world.database, 'attempts');
  assert.deepEqual(after, before, `${message}: nothing was judged, sent or ended`);
  assert.equal(world.outbox.mails.length, mails, message);
}

test('a sign-in that was planted in another browser shows, judges, sends and ends nothing, at any stage [check 79]', async (t) => {
  const world = await startWorld(t, { settings });
  world.travel(0);
  const mallory = await world.person();
  const party = world.party('third');
  const began = await world.browser().authorize({}, party);
  const victim = await plant(began, world.browser());
  await refusedEverywhere(world, began, victim, 'sign-in');
  await victim.visit(`/interaction/${uidOf(began)}`);
  elsewhere(victim, 'a page');
  await began.submit({ identifier: mallory.email, password: mallory.password });
  assert.equal(began.stage, 'totp');
  await refusedEverywhere(world, began, victim, 'factor');
  assert.equal((await accountRow(world, mallory.id)).guesses.secondFactor.failures, 0);
  await began.submit({ code: mallory.codeNow() });
  assert.equal(began.stage, 'consent');
  await refusedEverywhere(world, began, victim, 'consent');
  assert.deepEqual(await spoils(world), nothing);
  await began.submit({ decision: 'allow' });
  assert.ok(began.code, 'where it began it goes on all the same');
});

test('nobody can prove anything into what another browser began, so polling it yields nothing [check 79]', async (t) => {
  const world = await startWorld(t, { settings });
  const ada = await world.person();
  const party = world.party('third');
  const mallory = await world.browser().authorize({}, party);
  const uid = uidOf(mallory);
  const { forgery, actions } = mallory.page;
  const victim = await plant(mallory, world.browser());
  const poll = async (moment: string) => {
    await mallory.tab().visit(`/interaction/${uid}`);
    const shown = await mallory.tab().visit(`/interaction/${uid}`);
    assert.deepEqual([shown.stage, shown.page.account, shown.code], ['sign-in', undefined, undefined], moment);
  };
  // The victim is shown no form; a script of the attacker's would send what the page would have.
  for (const fields of [
    { identifier: ada.email, password: ada.password },
    { code: ada.codeNow() },
    { decision: 'allow' },
  ] as const) {
    victim.page = { facts: {}, actions, ...(forgery === undefined ? {} : { forgery }) };
    const path = 'code' in fields ? 'factor' : 'decision' in fields ? 'consent' : 'sign-in';
    await victim.post(`/interaction/${uid}/${path}`, fields);
    elsewhere(victim, path);
    await poll(path);
  }
  await mallory.visit(`/auth/${uid}`);
  assert.equal(mallory.stage, 'sign-in');
  await mallory.authorize({ prompt: 'none' });
  assert.equal(mallory.callback?.get('error'), 'login_required');
  assert.deepEqual(await spoils(world), nothing);
});

test('a consent that the session of another browser would give is not asked there [check 79]', async (t) => {
  const world = await startWorld(t, { settings });
  const [ada, eve] = [await world.person(), await world.person()];
  const [victim, mallory] = [await world.browser().signIn(ada), await world.browser().signIn(eve)];
  await mallory.authorize({}, world.party('third'));
  assert.equal(mallory.stage, 'consent');
  await plant(mallory, victim);
  await refusedEverywhere(world, mallory, victim, 'consent of a session');
});

test('what was finished in one browser is not resumed in another, and is resumed in its own [check 79]', async (t) => {
  const world = await startWorld(t, { settings });
  const eve = await world.person();
  const mallory = await world.browser().authorize();
  await mallory.submit({ identifier: eve.email, password: eve.password });
  const uid = uidOf(mallory);
  const sent = captured(mallory, `/interaction/${uid}/factor`, { code: eve.codeNow() });
  const finished = await mallory.fetch(sent);
  assert.match(finished.headers.get('location') ?? (await finished.text()), new RegExp(`/auth/${uid}`));
  const victim = await plant(mallory, world.browser());
  await victim.visit(`/auth/${uid}`);
  assert.equal(victim.code, undefined);
  assert.deepEqual([victim.status, victim.page.facts.code], [400, 'sign_in_ended']);
  assert.deepEqual(await spoils(world), nothing);
  await mallory.visit(`/auth/${uid}`);
  assert.ok(mallory.code);
});

test('a resume cookie that was planted for every address resumes nothing at any [check 79]', async (t) => {
  const world = await startWorld(t, { settings });
  const eve = await world.person();
  const mallory = await world.browser().authorize();
  await mallory.submit({ identifier: eve.email, password: eve.password });
  const uid = uidOf(mallory);
  await mallory.fetch(captured(mallory, `/interaction/${uid}/factor`, { code: eve.codeNow() }));
  const victim = world.browser();
  for (const { key, value } of await mallory.jar.getCookies(mallory.issuer, { allPaths: true })) {
    if (!key.startsWith('__Secure-twofold_resume')) continue;
    await victim.jar.setCookie(`${key}=${value}; domain=example.test; path=/; secure`, victim.issuer);
  }
  for (const path of [uid, 'x', 'x.y', `${uid}.x`, `${uid}/`, `${uid}/x`, 'x..y', '.x', '-', '_', '%78', 'x;y']) {
    const answer = await victim.fetch({ method: 'GET', url: new URL(`/auth/${path}`, world.issuer), headers: {} });
    assert.ok([400, 403, 404].includes(answer.status), `${path} ${answer.status}`);
    assert.equal(answer.headers.get('location'), null, path);
  }
  assert.deepEqual(await spoils(world), nothing);
  await mallory.visit(`/auth/${uid}`);
  assert.ok(mallory.code, 'nothing was burnt');
});

test('the cookie names what is resumed, under whichever address, and one that nobody signed names nothing', async (t) => {
  const world = await startWorld(t, { settings });
  const began = await world.browser().authorize();
  const own = await world.browser().authorize();
  const victim = own.tab();
  const jar = await began.jar.getCookies(began.issuer, { allPaths: true });
  const resume = jar.filter(({ key }) => key.startsWith('__Secure-twofold_resume'));
  assert.equal(resume.length, 2);
  for (const { key, value } of resume) {
    await victim.jar.setCookie(`${key}=${value}; path=/auth/${uidOf(own)}; secure`, victim.issuer);
  }
  await victim.visit(`/auth/${uidOf(own)}`);
  elsewhere(victim, 'a cookie of another');
  const [plain] = resume;
  await victim.jar.setCookie(`__Secure-twofold_resume.sig=x; path=/auth/${uidOf(own)}; secure`, victim.issuer);
  await victim.visit(`/auth/${uidOf(own)}`);
  assert.deepEqual([victim.status, victim.page.facts.code], [400, 'sign_in_ended'], plain?.value);
  await began.reload();
  assert.equal(began.stage, 'sign-in', 'it still runs');
});

test('one mark serves all tabs of a browser, also of two that begin at once', async (t) => {
  const world = await startWorld(t, { settings });
  const ada = await world.person();
  const browser = world.browser();
  const tabs = await Promise.all(Array.from({ length: 5 }, () => browser.tab().authorize()));
  const marks = async () => (await browser.cookies()).filter((cookie) => cookie.startsWith('__Host-twofold_mark_'));
  const kept = await marks();
  assert.ok(kept.length >= 1);
  for (const tab of tabs) assert.equal((await tab.reload()).stage, 'sign-in');
  await browser.tab().authorize();
  await browser.signIn(ada);
  assert.ok(browser.code);
  assert.deepEqual(await marks(), kept, 'kept, and none was added');
  const [tab] = tabs;
  assert.equal((await tab?.reload())?.stage, 'sign-in');
});

test('a sign-in address opened in another browser says where it began, and leads back to the client', async (t) => {
  const world = await startWorld(t, { settings });
  const began = await world.browser().authorize({}, world.party('third'));
  const uid = uidOf(began);
  const told = async (browser: Browser, path: string) => {
    const answer = await browser.fetch({
      method: 'GET',
      url: new URL(path, world.issuer),
      headers: { accept: 'text/html' },
    });
    return { status: answer.status, text: await answer.text() };
  };
  const [visited, fresh] = [await world.browser().authorize(), world.browser()];
  for (const path of [`/interaction/${uid}`, `/auth/${uid}`]) {
    const { status, text } = await told(visited, path);
    assert.equal(status, 403, path);
    assert.match(text, /This sign-in began elsewhere/);
    assert.match(text, /Go on there, or start again here/);
    assert.ok(text.includes(`href="${client}"`), 'back to the client');
    // Whether this one keeps cookies is not known: both are said.
    const unknown = await told(fresh, path);
    assert.equal(unknown.status, 403, path);
    assert.match(unknown.text, /This sign-in began elsewhere/);
    assert.match(unknown.text, /allow cookies/);
    assert.ok(unknown.text.includes(`href="${client}"`));
    const typed = world.browser({ headers: { 'sec-fetch-site': 'none' } });
    assert.doesNotMatch((await told(typed, path)).text, /allow cookies/);
  }
});
