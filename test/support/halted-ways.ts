import assert from 'node:assert/strict';
import { atAdding, newSecret } from './adding.ts';
import { accountRow, captured, uidOf } from './attack.ts';
import type { Browser } from './browser.ts';
import type { Halted } from './halted.ts';
import { atWay, chooseWay } from './mail-ways.ts';
import { codeOf } from './person.ts';
import { mailsTo } from './registration.ts';
import type { World } from './world.ts';

/** Sign-ins that go other ways than an app's, and changes in the account area, by the last thing that was done. */
export const haltedWays: Readonly<Record<string, (world: World) => Promise<Halted>>> = {
  async 'was mailed a code of the second step'(world) {
    const ada = await world.person({ ways: ['email', 'totp'] });
    const browser = await atWay(world, ada);
    const code = world.codeMailedTo(ada.email);
    const again = captured(browser, `${browser.url.pathname}/factor`, { code });
    return {
      asks: () => [get(browser), browser.fetch(again), post(browser, 'factor/send', {})],
      async goOn() {
        await browser.reload();
        assert.equal(mailsTo(world, ada.email), 1, 'an outage sends nothing');
        await browser.submit({ code });
        const tokens = await browser.redeem();
        await browser.send(again);
        assert.equal(browser.code, undefined, 'a mailed code is spent once');
        return tokens;
      },
    };
  },

  async 'asked for a recovery code'(world) {
    const ada = await world.person({ recovery: 4 });
    const browser = await chooseWay(await atWay(world, ada, 'totp'), 'recovery');
    const [code = ''] = ada.recoveryCodes;
    return {
      asks: () => [get(browser), post(browser, 'factor', { code })],
      async goOn() {
        await browser.visit(`/interaction/${uidOf(browser)}`);
        await browser.submit({ code });
        assert.equal(browser.page.facts.left, 3, 'an outage spends no code');
        await browser.press('go-on');
        return browser.redeem();
      },
    };
  },

  async 'used a recovery code'(world) {
    const ada = await world.person({ recovery: 4 });
    const browser = await chooseWay(await atWay(world, ada, 'totp'), 'recovery');
    const [code = ''] = ada.recoveryCodes;
    await browser.submit({ code });
    assert.equal(browser.stage, 'recovery-used');
    return {
      asks: () => [get(browser), post(browser, 'recovery-used', {}), post(browser, 'recovery-used/new', {})],
      async goOn() {
        const other = await chooseWay(await atWay(world, ada, 'totp'), 'recovery');
        await other.submit({ code });
        assert.deepEqual(other.errors, ['recovery_rejected'], 'a recovery code is spent once');
        await browser.reload();
        await browser.press('go-on');
        return browser.redeem();
      },
    };
  },

  async 'was shown recovery codes'(world) {
    const ada = await world.person({ recovery: 2 });
    const browser = await chooseWay(await atWay(world, ada, 'totp'), 'recovery');
    browser.savesCodes = false;
    await browser.submit({ code: ada.recoveryCodes[0] ?? '' });
    await browser.press('make');
    const { codes } = browser.page.facts;
    return {
      asks: () => [get(browser), post(browser, 'recovery-codes', { saved: 'yes' })],
      async goOn() {
        await browser.visit(`/interaction/${uidOf(browser)}`);
        assert.deepEqual(browser.page.facts.codes, codes, 'what was written down is what counts');
        await browser.saveCodes();
        return browser.redeem();
      },
    };
  },

  async 'adds an app in the account area'(world) {
    const ada = await world.person({ ways: ['totp'] });
    const browser = await atAdding(world, ada, 'totp');
    const secret = newSecret(browser);
    // The code of that moment: an outage may last longer than a code is good for.
    const confirm = () => captured(browser, '/account/ways/new/totp/enrol', { code: codeOf(secret) });
    return {
      asks: () => [get(browser), browser.fetch(confirm()), get(browser, new URL('/account', world.issuer))],
      async goOn() {
        await browser.reload();
        assert.equal(newSecret(browser), secret);
        const again = confirm();
        await browser.send(again);
        await browser.send(again);
        assert.equal((await accountRow(world, ada.id)).factors.length, 2, 'added once');
        return (await browser.authorize({ prompt: 'none' })).redeem();
      },
    };
  },
};

function get(browser: Browser, url = browser.url): Promise<Response> {
  return browser.fetch({ method: 'GET', url, headers: {} });
}

function post(browser: Browser, form: string, fields: Readonly<Record<string, string>>): Promise<Response> {
  return browser.fetch(captured(browser, `/interaction/${uidOf(browser)}/${form}`, fields));
}
