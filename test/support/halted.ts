import assert from 'node:assert/strict';
import { afterPassword, captured, uidOf } from './attack.ts';
import type { Browser, Shown } from './browser.ts';
import { codeOf, type Person } from './person.ts';
import { mailsTo, register } from './registration.ts';
import type { Tokens } from './relying-party.ts';
import { redeemRaw } from './token-endpoint.ts';
import type { World } from './world.ts';

/** A sign-in that stands still somewhere on its way. */
export interface Halted {
  /** What its browser, or its relying party, asks just then; each is a request that could let somebody in. */
  asks(): readonly Promise<Response>[];
  /** Goes on from there and comes to its tokens, having looked that what was spent stayed spent. */
  goOn(): Promise<Tokens>;
}

/** By the last thing that was done. */
export const halts: Readonly<Record<string, (world: World) => Promise<Halted>>> = {
  async 'asked for a sign-in'(world) {
    const ada = await world.person();
    const browser = await world.browser().authorize();
    const answer = { identifier: ada.email, password: ada.password };
    return {
      asks: () => [get(browser), post(browser, 'sign-in', answer), get(browser, browser.journey?.url)],
      async goOn() {
        await browser.submit(answer);
        await browser.submit({ code: ada.codeNow() });
        return browser.redeem();
      },
    };
  },

  async 'gave the password'(world) {
    const ada = await world.person();
    const browser = await afterPassword(world, ada);
    return {
      asks: () => [get(browser), post(browser, 'factor', { code: ada.codeNow() })],
      async goOn() {
        await browser.submit({ code: ada.codeNow() });
        return browser.redeem();
      },
    };
  },

  async 'gave three wrong codes'(world) {
    const ada = await world.person();
    const browser = await afterPassword(world, ada);
    for (let n = 0; n < 3; n += 1) await browser.submit({ code: ada.wrongCode() });
    return {
      asks: () => [post(browser, 'factor', { code: ada.wrongCode() })],
      async goOn() {
        await browser.visit(`/interaction/${uidOf(browser)}`);
        assert.equal(browser.page.facts.triesLeft, 2, 'an outage gives no guess back, and takes none');
        await browser.submit({ code: ada.codeNow() });
        return browser.redeem();
      },
    };
  },

  async 'was mailed a code'(world) {
    const email = 'mailed@example.com';
    const browser = await register(world.browser(), { email });
    const code = world.codeMailedTo(email);
    return {
      asks: () => [get(browser), post(browser, 'confirm-mail', { code })],
      async goOn() {
        await browser.reload();
        await browser.submit({ code });
        assert.equal(mailsTo(world, email), 1);
        return enrol(browser);
      },
    };
  },

  async 'gave the mailed code'(world) {
    const email = 'confirmed@example.com';
    const browser = await register(world.browser(), { email });
    const code = world.codeMailedTo(email);
    const replay = captured(browser, `${browser.url.pathname}/confirm-mail`, { code });
    await browser.submit({ code });
    const { secret } = browser.page.facts;
    assert.equal(browser.stage, 'enrol-totp', browser.text.slice(0, 300));
    return {
      asks: () => [get(browser), post(browser, 'enrol', { code: codeOf(String(secret)) })],
      async goOn() {
        await browser.send(replay);
        assert.equal(browser.stage, 'enrol-totp', 'a mailed code spent is not asked for, nor judged, again');
        assert.equal(browser.page.facts.secret, secret);
        return enrol(browser);
      },
    };
  },

  async 'stands before consent'(world) {
    const ada = await world.person();
    const browser = world.browser();
    browser.party = world.party('third');
    await browser.signIn(ada);
    assert.equal(browser.stage, 'consent');
    return {
      asks: () => [get(browser), post(browser, 'consent', { decision: 'allow' })],
      async goOn() {
        await browser.reload();
        await browser.submit({ decision: 'allow' });
        return browser.redeem();
      },
    };
  },

  async 'finished, and did not resume'(world) {
    const ada = await world.person();
    const browser = await afterPassword(world, ada);
    const code = ada.codeNow();
    await post(browser, 'factor', { code });
    const { actions } = (await (await get(browser)).json()) as Shown;
    const resume = new URL(actions[0]?.href ?? '', world.issuer);
    return {
      asks: () => [get(browser, resume), get(browser)],
      async goOn() {
        await browser.visit(resume);
        await refuseTwice(world, ada, code);
        return browser.redeem();
      },
    };
  },

  async 'resumed, and redeemed nothing'(world) {
    const ada = await world.person();
    const browser = await afterPassword(world, ada);
    const code = ada.codeNow();
    await browser.submit({ code });
    return {
      asks: () => [redeem(browser)],
      async goOn() {
        await refuseTwice(world, ada, code);
        return browser.redeem();
      },
    };
  },

  async 'redeemed the code'(world) {
    const ada = await world.person();
    const browser = await world.browser().signIn(ada);
    const tokens = await browser.redeem();
    const first = browser.tab();
    [first.url, first.journey] = [browser.url, browser.journey];
    const again = await browser.party.begin({ prompt: 'none' });
    const bearer = { authorization: `Bearer ${tokens.access_token}` };
    return {
      asks: () => [get(browser, again.url), get(browser, new URL('/me', world.issuer), bearer), redeem(first)],
      async goOn() {
        assert.equal((await world.client.userinfo(tokens)).sub, ada.id);
        await browser.authorize({ prompt: 'none' });
        const fresh = await browser.redeem();
        assert.equal((await redeemRaw(first)).body.error, 'invalid_grant');
        return fresh;
      },
    };
  },
};

async function enrol(browser: Browser): Promise<Tokens> {
  await browser.submit({ code: codeOf(String(browser.page.facts.secret)), name: 'Phone' });
  return browser.redeem();
}

async function refuseTwice(world: World, person: Person, code: string): Promise<void> {
  const other = await afterPassword(world, person);
  await other.submit({ code });
  assert.deepEqual([other.status, other.errors], [422, ['code_rejected']], 'a code is spent once');
}

function get(browser: Browser, url = browser.url, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return browser.fetch({ method: 'GET', url, headers });
}

function post(browser: Browser, form: string, fields: Readonly<Record<string, string>>): Promise<Response> {
  return browser.fetch(captured(browser, `/interaction/${uidOf(browser)}/${form}`, fields));
}

async function redeem(browser: Browser): Promise<Response> {
  const { status, headers, body } = await redeemRaw(browser);
  return new Response(JSON.stringify(body), { status, headers });
}
