// The floors that Twofold is measured against: oidc-provider as a newcomer would put it together in an hour, with the same
// password hash, the same signing algorithm and a code as second step. No views, no budgets, no events, nothing kept but
// what the library needs. Floor one keeps that in memory, floor two in the plainest MongoDB adapter.
import { createServer } from 'node:http';
import Router from '@koa/router';
import argon2 from 'argon2';
import type { Context } from 'koa';
import Provider, { type Configuration } from 'oidc-provider';
import { verifySync } from 'otplib';
import rawBody from 'raw-body';
import { plainMongoAdapter } from './floor-adapter.ts';
import { benchClient, person, secretOf } from './people.ts';

const port = Number(process.env.BENCH_PORT);
const mongo = process.env.BENCH_MONGODB_URI;
const jwks = JSON.parse(process.env.TWOFOLD_JWKS ?? '{}') as Configuration['jwks'];
const issuer = `http://localhost:${port}`;
const passwordHash = await argon2.hash(person.password, {
  type: argon2.argon2id,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
});
const claimsDay = 86_400;

const provider = new Provider(issuer, {
  ...(mongo ? { adapter: await plainMongoAdapter(mongo) } : {}),
  clients: [benchClient],
  clientDefaults: { id_token_signed_response_alg: 'ES256' },
  cookies: { keys: ['a bench needs no secret, only the cost of signing'] },
  ...(jwks ? { jwks } : {}),
  claims: { openid: ['sub', 'acr', 'amr', 'auth_time'] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
  pkce: { required: () => true },
  ttl: {
    Session: claimsDay,
    Grant: claimsDay,
    Interaction: 3600,
    AccessToken: 3600,
    IdToken: 3600,
    AuthorizationCode: 60,
  },
  findAccount: (_ctx, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
});

/** Who proved the password, by interaction. */
const passed = new Map<string, string>();
const router = new Router();

router.get('/health', (ctx) => {
  ctx.body = 'ok';
});
router.get('/interaction/:uid', async (ctx) => {
  await provider.interactionDetails(ctx.req, ctx.res);
  ctx.body = '<form method=post></form>';
});
router.post('/interaction/:uid/sign-in', async (ctx) => {
  const { identifier = '', password = '' } = await form(ctx);
  if (!(await argon2.verify(passwordHash, password))) ctx.throw(422);
  passed.set(uidOf(ctx), identifier);
  ctx.status = 303;
  ctx.redirect(`/interaction/${uidOf(ctx)}`);
});
router.post('/interaction/:uid/factor', async (ctx) => {
  const accountId = passed.get(uidOf(ctx));
  const { code = '' } = await form(ctx);
  if (!accountId || !verifySync({ secret: secretOf(accountId), token: code, epochTolerance: 30 }).valid)
    return ctx.throw(422);
  passed.delete(uidOf(ctx));
  const details = await provider.interactionDetails(ctx.req, ctx.res);
  const grant = new provider.Grant({ accountId, clientId: String(details.params.client_id) });
  grant.addOIDCScope('openid');
  const login = { accountId, acr: 'two', amr: ['pwd', 'otp'], ts: Math.floor(Date.now() / 1000) };
  await provider.interactionFinished(ctx.req, ctx.res, { login, consent: { grantId: await grant.save() } });
  ctx.respond = false;
});
provider.use(router.routes());

async function form(ctx: Context): Promise<Record<string, string>> {
  return Object.fromEntries(new URLSearchParams(await rawBody(ctx.req, { encoding: 'utf8' })));
}

function uidOf(ctx: Context): string {
  return String(ctx.params.uid);
}

createServer(provider.callback()).listen(port, '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));
