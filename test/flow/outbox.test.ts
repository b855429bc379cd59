import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startWorld } from '../support/world.ts';

test('the outbox shows mails and texts in one list, newest first', async (t) => {
  const world = await startWorld(t);
  const { host } = new URL(world.issuer);
  const mail = { to: 'ada@example.com', subject: 'Your Twofold code', text: '111111', html: '<p>111111</p>' };
  await world.outbox.send(mail);
  world.travel(1);
  await world.outbox.phone.send({ to: '+447400123456', text: '222222 is your Twofold code.\n\n@localhost #222222' });
  world.travel(1);
  await world.outbox.send({ ...mail, text: '333333' });
  const { status, text } = await world.ask({ target: '/outbox', headers: { host } });
  assert.equal(status, 200);
  const codes = text.match(/\b(\d)\1{5}\b/g);
  assert.deepEqual(codes, ['333333', '222222', '222222', '111111']);
  assert.match(text, /Text message[\s\S]*\+447400123456/);

  const json = await world.ask({ target: '/outbox', headers: { host, accept: 'application/json' } });
  const { facts } = JSON.parse(json.text) as { facts: { messages: { to: string; subject?: string }[] } };
  assert.deepEqual(
    facts.messages.map(({ to, subject }) => [to, subject]),
    [
      ['ada@example.com', mail.subject],
      ['+447400123456', undefined],
      ['ada@example.com', mail.subject],
    ],
  );
});
