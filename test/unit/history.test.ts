import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogue } from '../../src/http/render.ts';
import { consequences } from '../../src/protection/consequences.ts';
import type { Event } from '../../src/protection/events.ts';
import { ownHistory, perPage } from '../../src/self-service/history.ts';
import { eventKinds, isTold } from '../../src/self-service/told-kinds.ts';
import { blank } from '../support/totp-account.ts';

const now = new Date('2030-06-01T12:00:00Z');
const ago = (milliseconds: number) => new Date(now.getTime() - milliseconds);
const event = (at: Date, more: Partial<Event> = {}): Event => ({ at, kind: 'sign_in', result: 'success', ...more });

/** A record that answers as the real one does. */
function historyOf(all: readonly Event[], asked: object[] = []) {
  return ownHistory({
    history: {
      async newest({ from, before, most, ...rest }) {
        asked.push({ from, ...rest });
        const found = all.filter(({ at }) => at >= from && at < before);
        return found.sort((one, other) => other.at.getTime() - one.at.getTime()).slice(0, most);
      },
    },
    places: { of: async (address) => (address === undefined ? undefined : `near ${address}`) },
    clientOf: (clientId) => (clientId === 'shop' ? { name: 'Example Shop' } : undefined),
    now: () => now,
  });
}

/** Every page, one after another. */
async function pages(all: readonly Event[]): Promise<readonly (readonly string[])[]> {
  const { list } = historyOf(all);
  const found: (readonly string[])[] = [];
  for (let before: Date | undefined, first = true; first || before; first = false) {
    const { told, older } = await list(blank, before);
    found.push(told.map(({ detail = '' }) => detail));
    before = older;
    assert.ok(found.length < 20, 'it comes to an end');
  }
  return found;
}

test('every kind of event has a sentence', () => {
  const without = eventKinds.filter(
    (kind) => !catalogue.has(`history.${kind}`) && !catalogue.has(`mail.notice.${kind}.subject`),
  );
  assert.deepEqual(without, []);
  assert.ok(eventKinds.length > 40);
});

test('all is told but wrong passwords, which strangers set off, and what is of no account', () => {
  assert.deepEqual(
    eventKinds.filter((kind) => !isTold(kind)),
    ['password', 'back_channel_logout', 'alarm'],
  );
  for (const change of Object.keys(consequences)) assert.ok(isTold(change as keyof typeof consequences), change);
});

test('an event is told with its app by name, a rough place, and who did it, and nothing of who asked for it', async () => {
  const { list } = historyOf([
    event(ago(1), {
      clientId: 'shop',
      address: '192.0.2.1',
      browser: 'UA',
      requestId: 'r',
      accountId: 'a',
      detail: '2fa',
    }),
    event(ago(2), { clientId: 'gone' }),
    event(ago(3), { kind: 'roles_changed', actor: 'cli' }),
  ]);
  assert.deepEqual((await list(blank)).told, [
    {
      ...{ at: ago(1), kind: 'sign_in', result: 'success', byOther: false },
      ...{ app: 'Example Shop', place: 'near 192.0.2.1', browser: 'UA', detail: '2fa' },
    },
    { at: ago(2), kind: 'sign_in', result: 'success', byOther: false, app: 'gone' },
    { at: ago(3), kind: 'roles_changed', result: 'success', byOther: true },
  ]);
});

test('it goes back 90 days, asks for one account, and for nothing that wrong passwords set off', async () => {
  const asked: object[] = [];
  await historyOf([], asked).list({ ...blank, id: 'ada' });
  const [{ from, accountId, notDetails }] = asked as [Record<string, unknown>];
  assert.deepEqual([from, accountId], [new Date('2030-03-03T12:00:00Z'), 'ada']);
  assert.deepEqual(notDetails, ['password', 'password_closed', 'password_day']);
});

test('page after page all is told once, the newest first', async () => {
  const numbered = Array.from({ length: 120 }, (_, n) => event(ago(n * 1000), { detail: String(n) }));
  const found = await pages(numbered);
  assert.deepEqual(
    found.map(({ length }) => length),
    [50, 50, 20],
  );
  assert.deepEqual(
    found.flat(),
    numbered.map(({ detail }) => detail),
  );
});

test('a page that is just full is the last', async () => {
  const numbered = Array.from({ length: perPage }, (_, n) => event(ago(n * 1000), { detail: String(n) }));
  assert.deepEqual(
    (await pages(numbered)).map(({ length }) => length),
    [50],
  );
});

test('what happened in one moment is not torn apart, and none of it is left out', async () => {
  const burst = Array.from({ length: 8 }, (_, n) => event(ago(45_000), { detail: `burst ${n}` }));
  const others = Array.from({ length: 60 }, (_, n) => event(ago(n * 1000), { detail: String(n) }));
  const found = await pages([...others.filter((_, n) => n !== 45), ...burst]);
  assert.equal(new Set(found.flat()).size, 67);
  assert.equal(found.flat().length, 67);
});

test('what happens at this very moment is told', async () => {
  assert.equal((await historyOf([event(now)]).list(blank)).told.length, 1);
});
