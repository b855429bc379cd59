import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { type Agreed, grantLoader } from '../../src/oidc/grants.ts';

class FakeGrant {
  static readonly stored = new Map<string, FakeGrant>();
  static find = async (id: string) => FakeGrant.stored.get(id);
  readonly scopes: string[] = [];
  readonly accountId: string;
  readonly clientId: string;
  constructor({ accountId, clientId }: { readonly accountId: string; readonly clientId: string }) {
    this.accountId = accountId;
    this.clientId = clientId;
  }
  addOIDCScope(scopes: string) {
    this.scopes.push(scopes);
  }
  async save() {
    FakeGrant.stored.set(`${this.accountId}:${this.clientId}`, this);
  }
}

const clients = new Map();
const consents = { find: async () => [], allow: async () => {} };
const validSession = async () => undefined;
const load = grantLoader({ clients, consents, validSession, shield: (work) => work(), now: () => new Date(0) });

/** The resumed request of ada at the shop, with what its interaction told; `held`: in a session that goes on with this grant. */
function resumed(agreed: Agreed | undefined, held?: string): KoaContextWithOIDC {
  FakeGrant.stored.clear();
  const login = held === undefined ? { login: { accountId: 'ada' } } : {};
  const result = { ...login, ...(agreed ? { consent: agreed } : {}) };
  const session = { grantIdFor: () => held };
  const known = {
    client: { clientId: 'shop' },
    account: { accountId: 'ada', stored: {} },
    provider: { Grant: FakeGrant },
  };
  return { oidc: { ...known, session, result, params: {} } } as unknown as KoaContextWithOIDC;
}

test('what was agreed is granted where the request is resumed, once for an account and a client', async () => {
  const agreed = { accountId: 'ada', scopes: ['openid', 'email'], claims: [] };
  const grant = await load(resumed(agreed));
  assert.deepEqual([...FakeGrant.stored.values()], [grant]);
  assert.deepEqual((grant as unknown as FakeGrant).scopes, ['openid email']);
});

test('what another person agreed to in an earlier round of the same request is not granted to this one', async () => {
  const others = { accountId: 'eve', scopes: ['openid', 'email'], claims: [] };
  assert.equal(await load(resumed(others)), undefined);
  assert.equal(FakeGrant.stored.size, 0);
});

test("a grant of another account or client under this session's id is left alone", async () => {
  const agreed = { accountId: 'ada', scopes: ['openid'], claims: [] };
  for (const foreign of [
    { accountId: 'eve', clientId: 'shop' },
    { accountId: 'ada', clientId: 'bank' },
  ]) {
    const ctx = resumed(agreed, 'held');
    const held = new FakeGrant(foreign);
    FakeGrant.stored.set('held', held);
    assert.notEqual(await load(ctx), held);
    assert.deepEqual(held.scopes, []);
  }
});

test('what is agreed to in a session that goes on is added to its grant', async () => {
  const ctx = resumed({ accountId: 'ada', scopes: ['email'], claims: [] }, 'held');
  const held = new FakeGrant({ accountId: 'ada', clientId: 'shop' });
  FakeGrant.stored.set('held', held);
  assert.equal(await load(ctx), held);
  assert.deepEqual(held.scopes, ['email']);
});
