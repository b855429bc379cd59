import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { triedHere } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { type Comparable, comparable } from '../support/compared.ts';
import { goodPassword, register } from '../support/registration.ts';
import { startWorld, type World } from '../support/world.ts';

const wrong = 'an albatross in the cellar';

/** Names of equal length, so that a body's length says nothing but what its text says. */
async function people(t: TestContext) {
  const world = await startWorld(t);
  const named = async (name: string, change: object = {}) => {
    const email = `${name}@example.com`;
    const person = await world.person({ email });
    const rows = world.database.connection.collection<{ _id: string }>('accounts');
    if (Object.keys(change).length > 0) await rows.updateOne({ _id: person.id }, { $set: change });
    return email;
  };
  const hourAhead = new Date(Date.now() + 3_600_000);
  const cases = {
    wrong: await named('person-1'),
    waiting: await named('person-2', { 'guesses.password': triedHere(world, { failures: 5, lockedUntil: hourAhead }) }),
    closed: await named('person-3', { 'guesses.password': triedHere(world, { failures: 100 }) }),
    'day full': await named('person-7', { 'guesses.password': { failures: 300, endsAt: hourAhead, networks: [] } }),
    disabled: await named('person-4', { active: false }),
    unknown: 'person-5@example.com',
    malformed: 'person-6@example..om',
  };
  return { world, cases };
}

async function tried(world: World, accept: string, identifier: string, password: string): Promise<Comparable> {
  const browser = await world.browser({ headers: { accept } }).authorize();
  const response = await sendPassword(world, browser, { identifier, password });
  return comparable(response, await response.text(), { uid: uidOf(browser), typed: identifier });
}

function sendPassword(world: World, browser: Browser, form: Record<string, string>): Promise<Response> {
  const forgery = browser.page.forgery ?? /name="forgery" value="([^"]+)"/.exec(browser.text)?.[1] ?? '';
  const url = new URL(`/interaction/${uidOf(browser)}/sign-in`, world.issuer);
  const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: world.issuer };
  return browser.fetch({ method: 'POST', url, body: `${new URLSearchParams({ forgery, ...form })}`, headers });
}

function uidOf({ url }: Browser): string {
  return url.pathname.split('/')[2] ?? 'no uid';
}

for (const accept of ['text/html', 'application/json']) {
  test(`unknown, wrong, waiting, closed, day full, disabled and malformed are one answer, byte for byte, as ${accept} [check 9]`, async (t) => {
    const { world, cases } = await people(t);
    const expected = await tried(world, accept, cases.wrong, wrong);
    assert.equal(expected.status, 422);
    for (const [name, identifier] of Object.entries(cases)) {
      assert.deepEqual(await tried(world, accept, identifier, wrong), expected, name);
    }
    // The right password changes nothing where it is not judged.
    for (const identifier of [cases.waiting, cases.closed, cases['day full'], cases.disabled]) {
      assert.deepEqual(await tried(world, accept, identifier, goodPassword), expected, identifier);
    }
  });

  test(`a known and an unknown address get one answer to a registration and to a wrong code, as ${accept} [check 9] [check 10]`, async (t) => {
    const world = await startWorld(t);
    await world.person({ email: 'person-1@example.com' });
    world.travel(1);
    const answers = async (email: string) => {
      const browser = await register(world.browser(), { email });
      const { page } = browser;
      const told = { uid: uidOf(browser), typed: email };
      browser.headers = { accept };
      await browser.reload();
      const shown = comparable(browser.response, browser.text, told);
      browser.page = page;
      await browser.submit({ code: '123456' });
      return [shown, comparable(browser.response, browser.text, told)];
    };
    const known = await answers('person-1@example.com');
    assert.deepEqual(
      known.map(({ status }) => status),
      [200, 422],
    );
    assert.deepEqual(await answers('person-2@example.com'), known);
  });
}

test('the mail tells the owner of a known address, and no code in it or out of it is right [check 9]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await register(world.browser(), { email: ada.email, password: 'a password of a stranger' });
  const mail = world.lastMailTo(ada.email);
  assert.doesNotMatch(mail, /^\s*\d{6}\s*$/m);
  assert.match(mail, /already/);
  for (let n = 0; n < 5; n++) await browser.submit({ code: `${n}`.repeat(6) });
  assert.deepEqual(browser.errors, ['code_spent']);
  const owner = await world.browser().signIn(ada);
  assert.ok(owner.code);
});
