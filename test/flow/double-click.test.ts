import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountRow, afterPassword, captured, eventsOf, uidOf } from '../support/attack.ts';
import { tabs } from '../support/registration.ts';
import { startWorld } from '../support/world.ts';

test('a double click on the right code is judged once: nobody reads that it was wrong, and none is recorded [check 83]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  for (let rounds = 0; rounds < 5; rounds += 1) {
    const browser = await afterPassword(world, ada);
    const clicks = captured(browser, `/interaction/${uidOf(browser)}/factor`, { code: ada.codeNow() });
    const answers = await Promise.all([browser.tab().fetch(clicks), browser.tab().fetch(clicks)]);
    assert.ok(answers.every(({ status }) => status !== 422));
    await browser.reload();
    assert.ok(browser.code, 'whichever answer the browser shows leads on');
    world.travel(31);
  }
  assert.deepEqual(await eventsOf(world, { kind: 'factor', detail: 'wrong' }), []);
  const { failures } = (await accountRow(world, ada.id)).guesses.secondFactor;
  assert.ok(failures <= 1, 'at most the last second click');
});

test("a stranger's own resume cookie at another's resume address ends the stranger's request alone [check 79]", async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const victim = await afterPassword(world, ada);
  const stranger = await world.browser().authorize();
  const resume = (await stranger.jar.getCookies(world.issuer, { allPaths: true })).filter(({ key }) =>
    key.startsWith('twofold_resume'),
  );
  const cookie = resume.map(({ key, value }) => `${key}=${value}`).join('; ');
  await fetch(`${world.issuer}/auth/${uidOf(victim)}`, { redirect: 'manual', headers: { cookie } });
  await victim.submit({ code: ada.codeNow() });
  assert.ok(victim.code);
});

test('whoever resumes early is told that it is over before a code is spent on it [check 80]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await afterPassword(world, ada);
  const uid = uidOf(browser);
  const [back] = tabs(browser, 1);
  const resume = (await browser.jar.getCookies(`${world.issuer}/auth/${uid}`)).map(
    ({ key, value }) => `${key}=${value}`,
  );
  await fetch(`${world.issuer}/auth/${uid}`, { redirect: 'manual', headers: { cookie: resume.join('; ') } });
  await back?.visit(`/interaction/${uid}`);
  assert.equal(back?.page.facts.code, 'sign_in_ended');
  const row = await world.database.connection.collection('attempts').findOne({ refused: true, accountId: ada.id });
  assert.equal(row, null, 'and nothing about the person stays in it');
});

test('at a resume address with a slash more nothing is ended, whoever holds its cookie [check 80]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await afterPassword(world, ada);
  const address = `${world.issuer}/auth/${uidOf(browser)}`;
  const resume = (await browser.jar.getCookies(address)).map(({ key, value }) => `${key}=${value}`);
  const { status } = await fetch(`${address}/`, { redirect: 'manual', headers: { cookie: resume.join('; ') } });
  assert.equal(status, 404);
  await browser.submit({ code: ada.codeNow() });
  assert.ok(browser.code);
});
