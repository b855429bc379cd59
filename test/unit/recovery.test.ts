import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import { noGuesses } from '../../src/protection/budgets.ts';
import type { AttemptChange } from '../../src/sign-in/attempt.ts';
import { recovering } from '../../src/sign-in/factor/recovery.ts';
import { moved, type Step } from '../../src/sign-in/outcome.ts';

const at = new Date('2026-05-01T12:00:00Z');
const ada: Account = {
  ...{ id: 'ada', email: 'ada@example.com', roles: [], active: true, factors: [], guesses: noGuesses, createdAt: at },
  ...{ sessionVersion: 4, securityVersion: 0 },
};
const pending = { salt: 'new', sealedCodes: 'sealed', replaces: 'old' };

/** What becomes of the attempt where its set was kept by another press already, and the account is `found` by now. */
async function secondPress(found: Partial<Account>, replaces = true): Promise<AttemptChange> {
  const { replaces: _old, ...first } = pending;
  const shown = replaces ? pending : first;
  const attempt = {
    id: 'a',
    purpose: 'sign-in',
    clientId: 'app',
    accountId: ada.id,
    sessionVersion: ada.sessionVersion,
    proofs: [{ kind: 'password', amr: ['pwd'], level: '1fa', at }],
    challenge: { tries: 0 },
    revision: 3,
    expiresAt: at,
    recovery: shown,
  };
  let change: AttemptChange = {};
  const { saveCodes } = recovering({
    attempts: { advance: async (before: object, more: object) => ({ ...before, ...more }) },
    factors: [],
    accounts: { find: async () => ({ ...ada, recovery: { salt: 'new', hashes: [], createdAt: at }, ...found }) },
    recovery: {
      keep: async () => undefined,
      begin: ({ recovery }: Account) => ({ ...pending, replaces: recovery?.salt }),
    },
    proceed: async (_step: Step, { change: made }: { readonly change: AttemptChange }) => {
      change = made;
      return moved;
    },
    now: () => at,
  } as unknown as Parameters<typeof recovering>[0]);
  await saveCodes({ attempt, account: ada } as unknown as Step, { saved: 'yes' });
  return change;
}

test('a set that another press kept goes on under the version that its keeping raised, and under no other', async () => {
  assert.equal((await secondPress({ sessionVersion: 5 })).sessionVersion, 5);
  assert.equal((await secondPress({ sessionVersion: 4 }, false)).sessionVersion, 4);
  assert.equal('sessionVersion' in (await secondPress({ sessionVersion: 6 })), false, 'all was signed out since');
  assert.equal('sessionVersion' in (await secondPress({ sessionVersion: 5, active: false })), false);
});

test('a set that was replaced since is none', async () => {
  const recovery = { salt: 'another', hashes: [], createdAt: at };
  assert.equal('sessionVersion' in (await secondPress({ sessionVersion: 5, recovery })), false);
});

test('codes of a set that lost to another window’s are shown no more: a new set takes the place of both, unless all was signed out', async () => {
  const recovery = { salt: 'another', hashes: [], createdAt: at };
  const lost = await secondPress({ sessionVersion: 4, recovery }, false);
  assert.deepEqual(lost, { recovery: { ...pending, replaces: 'another', instead: true } });
  for (const change of [{ sessionVersion: 5 }, { sessionVersion: 4, active: false }])
    assert.deepEqual(await secondPress({ ...change, recovery }, false), { recovery: undefined });
});

test('a press that finds its set kept goes straight on: it costs no ten hashes and holds no other press up', async () => {
  const told: string[] = [];
  const tell = (what: string) => async () => void told.push(what);
  const { replaces: _old, ...first } = pending;
  const { saveCodes } = recovering({
    attempts: { advance: tell('claimed') },
    recovery: { keep: tell('hashed') },
    proceed: async (_step: Step, { change }: { readonly change: AttemptChange }) => {
      told.push(`went on with ${JSON.stringify(change)}`);
      return moved;
    },
    now: () => at,
  } as unknown as Parameters<typeof recovering>[0]);
  const account = { ...ada, recovery: { salt: 'new', hashes: [], createdAt: at } };
  await saveCodes({ attempt: { id: 'a', recovery: first }, account } as unknown as Step, { saved: 'yes' });
  assert.deepEqual(told, ['went on with {}']);
});
