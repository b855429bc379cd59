import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { createCipher } from '../../src/platform/cipher.ts';
import { rowsOf } from '../support/database.ts';
import { keys } from '../support/keys.ts';
import type { Person } from '../support/person.ts';
import { browserWith, deviceCookiesOf, deviceRows, later, remembered, withPassword } from '../support/remembered.ts';
import { startWorld, type World } from '../support/world.ts';

const thefts = async (world: World) =>
  (await rowsOf(world.database, 'events')).filter(({ kind }) => kind === 'device_theft').length;
const mailsOf = (world: World, { email }: Person) => world.outbox.mails.filter(({ to }) => to === email);

async function rememberedAda(world: World) {
  const ada = await world.person();
  const browser = await remembered(world.browser(), ada);
  return { ada, browser, cookies: await deviceCookiesOf(browser) };
}

/** From a network each: of one network a few passwords are judged at once. */
async function twentyBegun(worlds: readonly World[], cookies: readonly string[]) {
  return Promise.all(
    Array.from({ length: 20 }, async (_, n) => {
      const browser = await browserWith(worlds[n % worlds.length] ?? assert.fail(), cookies);
      browser.headers['x-forwarded-for'] = `198.51.${n}.7`;
      return browser.authorize();
    }),
  );
}

/** The secret that a cookie carries, as the server alone can read it. */
function secretIn(cookie: string, { id }: Person): string {
  const [, sealed = ''] = cookie.split('=');
  return JSON.parse(createCipher(keys.cipher).open(sealed, `remembered-device:${id}`)).secret;
}

test('the secret has 256 random bits, only its SHA-256 is stored, and every use changes it [check 47]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const { ada, browser, cookies } = await rememberedAda(world);
  const secrets = [secretIn(cookies[0] ?? '', ada)];
  let last = browser;
  for (let use = 0; use < 3; use += 1) {
    last = await withPassword(await later(world, last), ada);
    assert.ok(last.code);
    const [cookie = ''] = await deviceCookiesOf(last);
    secrets.push(secretIn(cookie, ada));
    const [row] = await deviceRows(world).find({}).toArray();
    const hashOf = (secret = '') => createHash('sha256').update(secret).digest('base64url');
    assert.equal(row?.hash, hashOf(secrets.at(-1)));
    assert.equal(row?.previousHash, hashOf(secrets.at(-2)));
    assert.ok(!JSON.stringify(row).includes(secrets.at(-1) ?? ''), 'the secret itself is not stored');
  }
  assert.equal(new Set(secrets).size, 4);
  for (const secret of secrets) assert.ok(secret.length >= 43, 'as many characters as 256 bits have in base64url');
  assert.equal((await rowsOf(world.database, 'remembered_devices')).length, 1);
});

test('the secret before counts for some seconds: two tabs, or an answer that was lost, do not lose the device', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const { ada, cookies } = await rememberedAda(world);
  const lost = await withPassword(await browserWith(world, cookies), ada);
  assert.ok(lost.code);
  world.travel(29);
  const again = await withPassword(await browserWith(world, cookies), ada);
  assert.ok(again.code, 'it is asked for no code');
  const secrets = [await deviceCookiesOf(lost), await deviceCookiesOf(again)].map(([cookie = '']) =>
    secretIn(cookie, ada),
  );
  assert.equal(secrets[0], secrets[1], 'and is handed what the first answer carried');
  world.travel(3600);
  assert.ok((await withPassword(await later(world, again), ada)).code);
  assert.equal(await thefts(world), 0);
});

test('a secret older than that is a theft: the device ends, once, with an event and a mail, and whoever came is asked for the factor', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const { ada, cookies } = await rememberedAda(world);
  const thief = await withPassword(await browserWith(world, cookies), ada);
  assert.ok(thief.code);
  world.travel(31);
  const before = mailsOf(world, ada).length;
  const owner = await withPassword(await browserWith(world, cookies), ada);
  assert.equal(owner.stage, 'totp');
  assert.deepEqual(await deviceCookiesOf(owner), [], 'the cookie is let go');
  assert.equal((await rowsOf(world.database, 'remembered_devices')).length, 0);
  assert.equal(await thefts(world), 1);
  const told = mailsOf(world, ada).slice(before);
  assert.equal(told.length, 1);
  assert.match(told[0]?.subject ?? '', /was copied, perhaps/);
  for (const cookie of [...cookies, ...(await deviceCookiesOf(thief))]) {
    const tried = await withPassword(await browserWith(world, [cookie]), ada);
    assert.equal(tried.stage, 'totp', 'neither goes on');
  }
  assert.equal(await thefts(world), 1);
  await owner.submit({ code: ada.codeNow(1) });
  assert.ok(owner.code, 'its owner signs in with the factor');
});

test('20 uses of one secret at the same moment, over two processes: all are the owner, one rotates, and the browser goes on with what it holds', async (t) => {
  const world = await startWorld(t, { settings: { trustedProxies: 1 } });
  const other = await startWorld(t, {
    database: world.database,
    settings: { issuer: world.issuer, trustedProxies: 1 },
  });
  world.travel(0);
  const { ada, cookies } = await rememberedAda(world);
  const browsers = await twentyBegun([world, other], cookies);
  await Promise.all(browsers.map((browser) => browser.submit({ identifier: ada.email, password: ada.password })));
  assert.deepEqual(
    browsers.map((browser) => browser.code !== undefined),
    Array(20).fill(true),
  );
  const held = new Set<string>();
  for (const browser of browsers) held.add(secretIn((await deviceCookiesOf(browser))[0] ?? '', ada));
  assert.equal(held.size, 1, 'whichever answer comes last, it carries the one that counts');
  world.travel(3600);
  const last = await withPassword(await later(world, browsers[7] ?? assert.fail()), ada);
  assert.ok(last.code);
  assert.equal(await thefts(world), 0);
});

test('20 uses of a stolen secret at the same moment: one theft is told', async (t) => {
  const world = await startWorld(t, { settings: { trustedProxies: 1 } });
  world.travel(0);
  const { ada, cookies } = await rememberedAda(world);
  assert.ok((await withPassword(await browserWith(world, cookies), ada)).code);
  world.travel(31);
  const browsers = await twentyBegun([world], cookies);
  const before = mailsOf(world, ada).length;
  await Promise.all(browsers.map((browser) => browser.submit({ identifier: ada.email, password: ada.password })));
  assert.ok(browsers.every(({ stage }) => stage === 'totp'));
  assert.equal(await thefts(world), 1);
  assert.equal(mailsOf(world, ada).length - before, 1);
});

test('an altered byte makes it no cookie of ours: it is ignored, and is nobody’s theft [check 47]', async (t) => {
  const world = await startWorld(t);
  const { ada, cookies } = await rememberedAda(world);
  const [cookie = ''] = cookies;
  const value = cookie.indexOf('=') + 1;
  for (const place of [value, value + 10, Math.floor((value + cookie.length) / 2), cookie.length - 2]) {
    const altered = `${cookie.slice(0, place)}${cookie[place] === 'A' ? 'B' : 'A'}${cookie.slice(place + 1)}`;
    const browser = await withPassword(await browserWith(world, [altered]), ada);
    assert.equal(browser.stage, 'totp', `${place}`);
    await browser.submit({ code: ada.codeNow(1) }).catch(() => {});
    world.travel(31);
  }
  assert.equal(await thefts(world), 0);
  const good = await withPassword(await browserWith(world, cookies), ada);
  assert.ok(good.code);
});
