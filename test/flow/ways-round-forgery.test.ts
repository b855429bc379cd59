import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountRow, afterPassword, captured, nothing, spoils, uidOf } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { rowsOf } from '../support/database.ts';
import { startWorld } from '../support/world.ts';

const foreign: readonly Readonly<Record<string, string>>[] = [
  { origin: 'https://evil.example' },
  { origin: 'http://localhost:1' },
  { origin: 'null', 'sec-fetch-site': 'cross-site' },
  { origin: 'null', 'sec-fetch-site': 'same-site' },
  { origin: 'https://evil.example', 'sec-fetch-site': '' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
];

const tokens: readonly string[] = ['', 'x', 'undefined', 'null', 'A'.repeat(43), '0'];

/** Every form of the page that is shown, once from elsewhere and once without a good token. */
async function forge(browser: Browser, fields: Readonly<Record<string, string>>): Promise<number> {
  let refusals = 0;
  const forms = browser.page.actions.filter(({ method }) => method === 'POST');
  for (const { href, fields: own } of forms) {
    const typed = Object.fromEntries(Object.entries(fields).filter(([name]) => own.includes(name)));
    const good = captured(browser, href, typed);
    const forged = foreign.map((headers) => ({ ...good, headers: { ...good.headers, ...headers } }));
    const { url, method, headers } = good;
    const untokened = [
      { url, method, headers, body: new URLSearchParams(typed).toString() },
      ...tokens.map((forgery) => ({
        url,
        method,
        headers,
        body: new URLSearchParams({ ...typed, forgery }).toString(),
      })),
    ];
    for (const sent of [...forged, ...untokened]) {
      const answer = await browser.tab().fetch(sent);
      assert.equal(answer.status, 403, `${href} ${sent.body} ${JSON.stringify(sent.headers)}`);
      assert.match(await answer.text(), /form_old/);
      refusals += 1;
    }
  }
  return refusals;
}

test('no form of any page is taken from elsewhere or without its token [check 82]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const [ada, bob] = [await world.person(), await world.person({ totp: false })];
  const party = world.party('third');
  const browser = await world.browser().authorize({}, party);
  const attempts = () => rowsOf(world.database, 'attempts');

  const password = { identifier: ada.email, password: ada.password };
  const before = await attempts();
  assert.ok(await forge(browser, password));
  assert.deepEqual(await attempts(), before);
  assert.equal((await accountRow(world, ada.id)).guesses.password.failures, 0);

  await browser.submit(password);
  const proved = await attempts();
  assert.ok(await forge(browser, { code: ada.codeNow() }));
  assert.deepEqual(await attempts(), proved);
  await browser.submit({ code: ada.codeNow() });
  assert.equal(browser.stage, 'consent', 'the code is still unspent');
  assert.ok(await forge(browser, { decision: 'allow' }));
  assert.equal((await browser.reload()).stage, 'consent');

  const other = await afterPassword(world, bob, { party });
  assert.ok(await forge(other, { code: world.codeMailedTo(bob.email) }));
  assert.equal((await other.reload()).stage, 'confirm-mail');
  await other.submit({ code: world.codeMailedTo(bob.email) });
  const [kept] = (await attempts()).filter(({ accountId }) => accountId === bob.id);
  assert.ok(await forge(other, { code: '123456', name: 'Phone' }));
  assert.deepEqual(
    (await attempts()).find(({ _id }) => _id === kept?._id),
    kept,
  );
  assert.deepEqual(await spoils(world), nothing);
});

for (const site of ['same-origin', '']) {
  test(`forms of ours are taken with an origin of null and ${site || 'no'} Sec-Fetch-Site, and only with their token`, async (t) => {
    const world = await startWorld(t);
    const ada = await world.person();
    const told = { origin: 'null', 'sec-fetch-site': site };
    const browser = await world.browser().authorize();
    const token = browser.page.forgery ?? assert.fail();
    const password = { identifier: ada.email, password: ada.password };
    const path = `/interaction/${uidOf(browser)}/sign-in`;
    for (const forgery of tokens) {
      await browser.tab().post(path, { ...password, forgery }, told);
      assert.deepEqual([(await browser.reload()).stage, browser.page.account], ['sign-in', undefined], forgery);
    }
    await browser.post(path, { ...password, forgery: token }, told);
    assert.equal(browser.stage, 'totp');
    await browser.post(`/interaction/${uidOf(browser)}/factor`, { code: ada.codeNow() }, told);
    assert.ok(browser.code);
    await browser.visit('/account');
    await browser.post('/account/sessions/end-others', {}, told);
    assert.deepEqual([browser.status, browser.stage], [200, 'security']);
  });
}

test('a GET changes nothing, whatever it carries [check 82, 89]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person();
  const browser = await afterPassword(world, ada);
  const uid = uidOf(browser);
  const before = await rowsOf(world.database, 'attempts');
  const typed = new URLSearchParams({ forgery: browser.page.forgery ?? '', code: ada.codeNow(), decision: 'allow' });
  for (const path of ['', '/factor', '/restart', '/cancel', '/consent', '/continue', '/enrol', '/confirm-mail/send']) {
    for (const method of ['GET', 'HEAD']) {
      await browser.fetch({ method, url: new URL(`/interaction/${uid}${path}?${typed}`, world.issuer), headers: {} });
    }
  }
  assert.deepEqual(await rowsOf(world.database, 'attempts'), before);
  assert.equal((await accountRow(world, ada.id)).factors[0]?.lastStep, 0);
  assert.equal(world.outbox.mails.length, 0);
  await browser.visit(`/interaction/${uid}`);
  await browser.submit({ code: ada.codeNow() });
  assert.ok(browser.code);
});

test('a token of one installation’s key is none at another [check 82]', async (t) => {
  const [one, two] = [await startWorld(t), await startWorld(t)];
  const ada = await two.person();
  const here = await one.browser().authorize();
  const there = await two.browser().authorize();
  const forgery = here.page.forgery ?? '';
  await there.post(`/interaction/${uidOf(there)}/sign-in`, { forgery, identifier: ada.email, password: ada.password });
  assert.deepEqual([there.status, there.page.facts.code], [403, 'form_old']);
});
