import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { mailedLinks } from '../../src/delivery/links.ts';
import type { SecurityChange } from '../../src/protection/carry-out.ts';
import { denying } from '../../src/self-service/deny.ts';
import { memoryLinks } from '../support/fakes/links.ts';

const now = new Date('2030-01-01T00:00:00Z');
const origin = { address: '192.0.2.7' };

/** An account whose address has changed since the link was mailed. */
async function mailed() {
  const raised: string[] = [];
  const made: SecurityChange[] = [];
  const links = mailedLinks({ links: memoryLinks(), issuer: 'https://login.example.com', now: () => now });
  const { url } = await links.make({ purpose: 'not_me', accountId: 'ada', address: 'former@example.com' });
  const shownIn = (holder: string) => ({ purpose: 'not_me', token: url.slice(-43), holder }) as const;
  const state = {
    account: { id: 'ada', email: 'ada@example.com', sessionVersion: 5 } as Account | undefined,
    dies: false,
  };
  const deny = denying({
    denials: {
      async raise({ accountId, link }) {
        if (!raised.includes(link)) raised.push(link);
        assert.equal(accountId, 'ada');
        return state.account;
      },
    },
    links: {
      async take(shown) {
        if (state.dies) throw new Error('killed');
        return links.take(shown);
      },
    },
    carryOut: async (change) => void made.push(change),
  });
  const press = async (holder = 'here') => {
    const link = await links.find(shownIn(holder));
    return link && deny(shownIn(holder), link, origin);
  };
  return { press, raised, made, state, deny, links, shownIn };
}

test('whoever says that it was somebody else ends what the table says, and every address hears of it', async () => {
  const { press, made, raised, state } = await mailed();
  assert.equal(await press(), true);
  assert.equal(raised.length, 1);
  assert.deepEqual(made, [{ change: 'not_me', account: state.account, origin, alsoTo: ['former@example.com'] }]);
});

test('a second press in the same browser is no second act, and says the same', async () => {
  const { press, made, raised } = await mailed();
  assert.deepEqual([await press(), await press(), await press()], [true, true, true]);
  assert.deepEqual([made.length, raised.length], [1, 1]);
});

test('of twenty presses at once in twenty browsers one acts, and the others learn that the link is over', async () => {
  const { deny, links, shownIn, made, raised } = await mailed();
  const browsers = Array.from({ length: 20 }, (_, n) => shownIn(`browser ${n}`));
  const opened = await Promise.all(browsers.map((shown) => links.find(shown)));
  const answers = await Promise.all(browsers.map((shown, n) => opened[n] && deny(shown, opened[n], origin)));
  assert.deepEqual([answers.filter(Boolean).length, made.length, raised.length], [1, 1, 1]);
});

test('a process that dies before the link is spent leaves it good: the next press does the rest', async () => {
  const { press, made, raised, state } = await mailed();
  state.dies = true;
  await assert.rejects(press(), /killed/);
  assert.deepEqual([made.length, raised.length], [0, 1], 'sessions and remembered devices have ended');
  state.dies = false;
  assert.equal(await press('another browser'), true);
  assert.deepEqual([made.length, raised.length], [1, 1]);
});

test('for an account that is gone nothing is done', async () => {
  const { press, made, state } = await mailed();
  state.account = undefined;
  assert.deepEqual([await press(), made], [false, []]);
});
