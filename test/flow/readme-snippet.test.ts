import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as oidc from 'openid-client';
import { startWorld } from '../support/world.ts';

type Snippet = (library: typeof oidc, signIn: (url: URL) => Promise<URL>) => Promise<oidc.IDToken>;

/** The README's code as it is printed, but for the issuer, which is on loopback here and without TLS. */
function snippet(issuer: string): Snippet {
  const [, printed = ''] = /```ts\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? [];
  const code = printed
    .replace(/^import .*$/m, '')
    .replace("'https://login.example.com'", JSON.stringify(issuer))
    .replace('undefined, auth)', 'undefined, auth, { execute: [oidc.allowInsecureRequests] })');
  const [before, after] = code.split('// When they are back at the callback:');
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;
  return new AsyncFunction(
    'oidc',
    'signIn',
    `${before}\nconst callbackUrl = await signIn(url);\n${after}\nreturn claims;`,
  );
}

test('the lines that the README gives a relying party sign somebody in', async (t) => {
  const world = await startWorld(t, {
    clients: [{ clientId: 'shop', redirectUris: ['https://shop.example.com/callback'] }],
  });
  process.env.SHOP_CLIENT_SECRET = world.client.settings.secret;
  t.after(() => delete process.env.SHOP_CLIENT_SECRET);
  const ada = await world.person();
  const browser = world.browser();
  const claims = await snippet(world.issuer)(oidc, async (url) => {
    await browser.visit(url);
    await browser.submit({ identifier: ada.email, password: ada.password });
    return (await browser.submit({ code: ada.codeNow() })).url;
  });
  assert.equal(claims.sub, ada.id);
  assert.equal(claims.acr, 'urn:twofold:2fa');
});
