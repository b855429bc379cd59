import assert from 'node:assert/strict';
import { accountRow, eventsOf } from './attack.ts';
import type { Accepted } from './steadfast.ts';
import { claimsOf, redeemRaw } from './token-endpoint.ts';
import type { World } from './world.ts';

/** What an accepted sign-in left behind: its session, its event, and every code it used spent. */
export async function assertKept(world: World, accepted: Accepted): Promise<void> {
  const { who, browser, answer, typed, codes, outages } = accepted;
  const { sub, acr } = claimsOf(answer.body.id_token);
  const account = await accountRow(world, String(sub));
  assert.deepEqual([account.email, acr], [who.email, 'urn:twofold:2fa']);
  const told = outages.every((retryLater) => retryLater);
  assert.ok(told, 'every 503 says when to try again');
  const events = await eventsOf(world, { kind: 'sign_in', result: 'success', accountId: account._id });
  assert.ok(events.length > 0, 'its event is there');

  const same = await browser.tab().authorize({ prompt: 'none' });
  assert.ok(same.code, `its session is there: ${same.url.search}`);

  assert.equal(account.factors.length, 1);
  const other = await world.browser().authorize();
  await other.submit({ identifier: who.email, password: who.password });
  await other.submit({ code: typed.at(-1) ?? '' });
  assert.deepEqual([other.status, other.code], [422, undefined], 'a code is accepted once');

  for (const form of codes) {
    const again = await redeemRaw(browser, form);
    assert.equal(again.body.error, 'invalid_grant', 'an authorization code is redeemed once');
  }
}
