import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventsOf } from '../support/attack.ts';
import { atWay, chooseWay } from '../support/mail-ways.ts';
import { type PostMood, startPost } from '../support/smtp-post.ts';
import { startWorld } from '../support/world.ts';

const reasons: Readonly<Record<Exclude<PostMood, 'takes'>, string>> = {
  refuses: 'mail_smtp_5xx',
  'is busy': 'mail_smtp_4xx',
  stalls: 'mail_timeout',
  drops: 'mail_connection',
};

for (const [mood, reason] of Object.entries(reasons) as [PostMood, string][]) {
  test(`a mail server that ${mood}: the person is told and may go another way, log and event say why, nothing is sent twice [check 120]`, async (t) => {
    const post = await startPost(t, mood === 'stalls' ? 2_000 : undefined);
    const world = await startWorld(t, { mailer: post.mailer });
    world.travel(0);
    const ada = await world.person({ ways: ['email', 'totp'] });
    post.state.mood = mood;
    const browser = await atWay(world, ada);
    assert.deepEqual(browser.errors, ['send_failed']);
    await browser.reload();
    assert.equal(post.state.tries, 1, 'one try, whatever became of it');
    const events = await eventsOf(world, { kind: 'delivery', accountId: ada.id });
    assert.deepEqual(
      events.map(({ result, detail }) => [result, detail]),
      [['failure', reason]],
    );
    const lines = world.logged.filter((line) => line.includes('could not be handed over'));
    assert.equal(lines.length, 1);
    assert.ok(!lines[0]?.includes(ada.email), 'the log names nobody');

    await chooseWay(browser, 'totp');
    await browser.submit({ code: ada.codeNow() });
    assert.ok(browser.code, 'the app is another way');
  });
}

test('once the mail server is back, the button sends a code that works; before the minute is over it tells the wait', async (t) => {
  const post = await startPost(t);
  const world = await startWorld(t, { mailer: post.mailer });
  world.travel(0);
  const ada = await world.person({ ways: ['email'] });
  post.state.mood = 'is busy';
  const browser = await atWay(world, ada);
  post.state.mood = 'takes';
  await browser.press('send');
  assert.deepEqual([browser.errors, post.taken.length], [['send_wait'], 0]);
  world.travel(61);
  await browser.press('send');
  assert.deepEqual([browser.errors, post.taken.length], [[], 1]);
  await browser.submit({ code: post.codeOf(post.taken[0] ?? '') });
  assert.ok(browser.code);
});

test('the mail tells app, browser, place, life and what to do if it was not you; names from elsewhere are text in both parts [check 98]', async (t) => {
  const evil = '<b>Evil</b> & "Sons"';
  const world = await startWorld(t, { clients: [{ clientId: 'evil', name: evil }] });
  const ada = await world.person({ ways: ['email'] });
  const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
  const browser = world.browser({ headers: { 'user-agent': firefox } });
  await browser.authorize({}, world.party('evil'));
  await atWay(world, ada, 'email', browser);
  const [mail] = world.outbox.mails;
  const code = world.codeMailedTo(ada.email);
  assert.ok(!mail?.subject.includes(code), 'the subject shows on locked screens');
  for (const part of [mail?.text ?? '', mail?.html ?? '']) {
    assert.match(part, new RegExp(`(^|>)${code}($|<)`, 'm'), 'alone on its line');
    assert.match(part, /Firefox on Linux/);
    assert.ok(!part.includes('Mozilla'));
    assert.match(part, /127\.0\.0\.x/, 'a rough place, never the whole address');
    assert.match(part, /10 minutes/);
    assert.match(part, /Not you\? Someone knows your password/);
  }
  assert.ok(mail?.text.includes('App: b Evil b & Sons'));
  assert.ok(mail?.html.includes('<bdi>b Evil b &amp; Sons</bdi>'));
});
