import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterPassword, uidOf } from '../support/attack.ts';
import { dump } from '../support/stages.ts';
import { basicAuthorization } from '../support/token-endpoint.ts';
import { startWorld } from '../support/world.ts';

const limits = {
  ...{ failureSeconds: 600, wrongPasswords: 100, wrongCodes: 100 },
  ...{ wrongClientSecrets: 3, registrationsPerHour: 100, takenUsernamesPerHour: 100, authorizationsPerMinute: 1_000 },
};

test('client secrets are guessed at no other spelling of the token address [check 68] [check 106]', async (t) => {
  const world = await startWorld(t, { settings: { addressLimits: limits } });
  const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'x' }).toString();
  const ask = (target: string, secret: string) => {
    const authorization = basicAuthorization('app', secret);
    const headers = { 'content-type': 'application/x-www-form-urlencoded', authorization };
    return world.ask({ target, method: 'POST', headers, body });
  };
  for (const target of ['/token/', '/TOKEN', '/Token/', '/t%6fken', '//token', '/token//', '/./token', '/token/.'])
    assert.equal((await ask(target, 'x'.repeat(24))).status, 404, target);
  const seen: number[] = [];
  for (let n = 0; n < 4; n++) seen.push((await ask('/token?x=/', `a guess of 22 characters ${n}`)).status);
  assert.deepEqual(seen, [401, 401, 401, 429]);
});

test('what is served has one address: a slash more, or capitals, and it does not exist', async (t) => {
  const world = await startWorld(t);
  const browser = await world.browser().signIn(await world.person());
  for (const path of [
    ...['/.well-known/openid-configuration/', '/.Well-Known/openid-configuration', '/JWKS', '/jwks/', '/AUTH', '/me/'],
    ...['/health/', '/session/end/', '/Session/end', '/account/', '/Account', '/account/ways/new/email/'],
    ...['/account/Ways/new/email', '/account/ways/New/email', '/account/ways/new/Email', '/assets/style.css/'],
  ]) {
    await browser.visit(path);
    assert.deepEqual([browser.status, browser.page.facts.code], [404, 'not_found'], path);
  }
});

test('a sign-in is reached, ended and logged under no other spelling of its addresses [check 80] [check 113]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await afterPassword(world, ada);
  const uid = uidOf(browser);
  const cookie = (await browser.jar.getCookies(world.issuer, { allPaths: true })).map(
    ({ key, value }) => `${key}=${value}`,
  );
  const coded = `%${uid.charCodeAt(0).toString(16)}${uid.slice(1)}`;
  const before = await dump(world);
  for (const target of [
    ...[`/Interaction/${uid}`, `/interaction/${uid}/`, `//interaction/${uid}`, `/interaction//${uid}`],
    ...[`/interaction/${coded}`, `/%69nteraction/${uid}`, `/INTERACTION/${uid}/factor`, `/x/../interaction/${uid}`],
    ...[`/AUTH/${uid}`, `/auth/${uid}/`, `//Auth/${uid}`, `/auth/${coded}`, `/auth/./${uid}`, `/aut%48/${uid}`],
  ])
    assert.equal((await world.ask({ target, headers: { cookie: cookie.join('; ') } })).status, 404, target);
  assert.ok((await dump(world)) === before, 'the database changed');
  const log = world.logged.join('');
  assert.ok(!log.includes(uid) && !log.includes(uid.slice(1)), 'a uid in the log');
  await browser.submit({ code: ada.codeNow() });
  assert.ok(browser.code);
});
