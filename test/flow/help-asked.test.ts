import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterPassword, captured, editAccount, eventsOf, spoils, uidOf } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { rowsOf } from '../support/database.ts';
import { startPost } from '../support/smtp-post.ts';
import { startWorld, type World, type WorldOptions } from '../support/world.ts';

/** Nothing but the administrators. */
const rescue = { byMail: false, needsKnownBrowser: true, exceptRoles: [] };
const help = ['grace@help.example', 'desk@help.example'];

function helpfulWorld(t: Parameters<typeof startWorld>[0], options: WorldOptions = {}): Promise<World> {
  const { settings, ...rest } = options;
  return startWorld(t, { ...rest, settings: { rescue: { ...rescue, administrators: help }, ...settings } });
}

function helpMails({ outbox }: World, to = help[0]) {
  return outbox.mails.filter((mail) => mail.to === to);
}

async function write(browser: Browser): Promise<Browser> {
  if (browser.stage !== 'lost') await browser.press('lost');
  await browser.press('write');
  return browser;
}

test('whoever lost a phone writes to the administrators: name, time and rough place, one mail to each, and is told what follows', async (t) => {
  const world = await helpfulWorld(t);
  const ada = await world.person({ username: 'ada' });
  const browser = await afterPassword(world, ada);
  await browser.press('lost');
  assert.deepEqual([browser.stage, browser.page.account], ['lost', ada.email]);
  await write(browser);
  assert.deepEqual([browser.status, browser.stage], [200, 'written']);
  for (const to of help) {
    const [mail, ...more] = helpMails(world, to);
    assert.ok(mail && more.length === 0);
    assert.equal(mail.subject, 'Somebody asks for help with signing in to Twofold');
    assert.match(mail.text, /^Account: (\S+)$/m);
    assert.equal(/^Account: (\S+)$/m.exec(mail.text)?.[1], ada.email);
    assert.match(mail.text, /^Username: ada$/m);
    assert.match(mail.text, /^When: .*20\d\d/m);
    assert.match(mail.text, /^Place: 127\.0\.0\.x$/m);
    assert.doesNotMatch(`${mail.text}${mail.html}`, /https?:|href|\d{6}/i, 'nothing in it acts');
  }
  const [event, ...others] = await eventsOf(world, { kind: 'help_asked' });
  assert.deepEqual([event?.accountId, event?.result, others.length], [ada.id, 'success', 0]);
  assert.deepEqual(await spoils(world), { sessions: 0, codes: 0, tokens: 0 });
  await browser.press('back');
  await browser.submit({ code: ada.codeNow() });
  assert.ok(browser.code, 'the sign-in goes on');
});

test('three an hour from a person, whatever browser: the fourth is answered alike and sends nothing [check 45]', async (t) => {
  const world = await helpfulWorld(t);
  world.travel(0);
  const [ada, eve] = [await world.person(), await world.person()];
  const browsers = [await afterPassword(world, ada), await afterPassword(world, ada)];
  const answers = new Set<string>();
  for (let press = 0; press < 20; press += 1) {
    const browser = browsers[press % 2] ?? assert.fail();
    await browser.visit(`/interaction/${uidOf(browser)}/factor/lost`);
    await write(browser);
    answers.add(JSON.stringify([browser.status, browser.page.stage, browser.page.facts, browser.page.errors]));
  }
  assert.equal(answers.size, 1);
  assert.equal(helpMails(world).length, 3);
  await write(await afterPassword(world, eve));
  assert.equal(helpMails(world).length, 4, "another person's are their own");
  world.travel(3601);
  await write(await afterPassword(world, ada));
  assert.equal(helpMails(world).length, 5);
});

test('of 20 presses at once three are sent [check 45]', async (t) => {
  const world = await helpfulWorld(t);
  const ada = await world.person();
  const browser = await afterPassword(world, ada);
  await browser.press('lost');
  const press = captured(browser, `/interaction/${uidOf(browser)}/factor/lost/write`, {});
  await Promise.all(Array.from({ length: 20 }, () => browser.tab().fetch(press)));
  assert.equal(helpMails(world).length, 3);
});

test('many accounts do not fill the mailbox of the administrators [check 108]', async (t) => {
  const world = await helpfulWorld(t);
  const counters = world.database.connection.collection<{ _id: string }>('send_budgets');
  const ada = await world.person();
  await write(await afterPassword(world, ada));
  await counters.updateMany({ count: 1 }, { $set: { count: 60 } });
  const eve = await world.person();
  const browser = await write(await afterPassword(world, eve));
  assert.deepEqual([browser.stage, helpMails(world).length], ['written', 1]);
});

test('nothing that a person chose makes a line, a link, a recipient or markup in the mail [check 45] [check 113]', async (t) => {
  const post = await startPost(t);
  const world = await helpfulWorld(t, { mailer: post.mailer });
  const ada = await world.person({ username: 'ada.evil.example' });
  await editAccount(world, ada.id, { $set: { username: '<b>x</b>\r\nBcc: eve@evil.example http://evil.example' } });
  const agent = 'Mozilla/5.0 <script>alert(1)</script> http://evil.example/click';
  const browser = world.browser({ headers: { 'user-agent': agent } });
  await afterPassword(world, ada, { browser });
  await browser.press('lost');
  await browser.press('write');
  assert.equal(browser.stage, 'written');
  assert.equal(post.taken.length, 2);
  for (const source of post.taken) {
    const plain = source.replaceAll('=\r\n', '').replaceAll('=3D', '=');
    const [head = '', ...body] = plain.split('\r\n\r\n');
    assert.doesNotMatch(head, /^Bcc:/im);
    assert.match(head, /^To: (grace|desk)@help\.example$/m);
    assert.doesNotMatch(body.join(), /evil\.example|<script|<b>|^Bcc:|https?:\/\//im);
  }
});

for (const mood of ['refuses', 'is busy'] as const)
  test(`a mail server that ${mood} changes nothing of the answer, and the log has no address`, async (t) => {
    const post = await startPost(t);
    post.state.mood = mood;
    const world = await helpfulWorld(t, { mailer: post.mailer });
    const ada = await world.person();
    const browser = await write(await afterPassword(world, ada));
    assert.deepEqual([browser.status, browser.stage], [200, 'written']);
    const faults = world.logged.filter((line) => line.includes('could not be handed over'));
    assert.equal(faults.length, 2);
    assert.ok(!faults.some((line) => line.includes(ada.email) || line.includes('help.example')));
  });

test('where nobody is named it is not offered, and a form sent all the same writes to nobody', async (t) => {
  const world = await startWorld(t, { settings: { rescue: { ...rescue, administrators: [] } } });
  const ada = await world.person();
  const browser = await afterPassword(world, ada);
  assert.equal(
    browser.page.actions.find(({ name }) => name === 'lost'),
    undefined,
  );
  await browser.send(captured(browser, `/interaction/${uidOf(browser)}/factor/lost/write`, {}));
  assert.equal(world.outbox.mails.length, 0);
  assert.deepEqual(await eventsOf(world, { kind: 'help_asked' }), []);
  assert.deepEqual(await rowsOf(world.database, 'send_budgets'), []);
});

test('before the right password, and from a foreign page, it writes to nobody', async (t) => {
  const world = await helpfulWorld(t);
  const ada = await world.person();
  const browser = await world.browser().authorize();
  const path = `/interaction/${uidOf(browser)}/factor/lost/write`;
  await browser.send(captured(browser, path, {}));
  assert.equal(browser.stage, 'sign-in');
  await browser.submit({ identifier: ada.email, password: ada.password });
  const { headers, ...press } = captured(browser, path, { forgery: 'foreign' });
  await browser.send({ ...press, headers: { ...headers, origin: 'https://evil.example' } });
  assert.equal(browser.status, 403);
  assert.equal(helpMails(world).length, 0);
});

test('it is there while codes are closed: they say to write to the administrators', async (t) => {
  const world = await helpfulWorld(t);
  const ada = await world.person();
  await editAccount(world, ada.id, { $set: { 'guesses.secondFactor': { failures: 100 } } });
  const browser = await afterPassword(world, ada);
  assert.deepEqual(browser.errors, ['code_locked_closed']);
  await write(browser);
  assert.equal(helpMails(world).length, 1);
});
