import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inAccount, noticeOf, ownFactors } from '../support/account-area.ts';
import { accountRow, afterPassword } from '../support/attack.ts';
import { chooseWay } from '../support/mail-ways.ts';
import { startWorld } from '../support/world.ts';

test('recovery codes from before levels were kept are worth no more once the weakest way is taken away [check 33]', async (t) => {
  const world = await startWorld(t);
  world.travel(0);
  const ada = await world.person({ ways: ['totp', 'email'], recovery: 2, codesLevel: 'unmarked' });
  const acrOf = async (code: string) => {
    const browser = await afterPassword(world, ada);
    await chooseWay(browser, 'recovery');
    await browser.submit({ code });
    if (browser.stage === 'recovery-used') await browser.press('go-on');
    return (await browser.redeem()).claims()?.acr;
  };
  assert.equal(await acrOf(ada.recoveryCodes[0] ?? ''), 'urn:twofold:2fa-email');
  world.travel(60);
  const owner = await inAccount(world, ada);
  const mailbox = ownFactors(owner).find(({ kind }) => kind === 'email');
  await owner.press(`remove ${mailbox?.id}`);
  await owner.press('remove');
  assert.equal(noticeOf(owner), 'way_removed');
  assert.equal((await accountRow(world, ada.id)).factors.length, 1);
  assert.equal(await acrOf(ada.recoveryCodes[1] ?? ''), 'urn:twofold:2fa-email');
});
