import assert from 'node:assert/strict';
import { accountRow, eventsOf } from './attack.ts';
import type { Accepted } from './steadfast.ts';
import { claimsOf, redeemRaw } from './token-endpoint.ts';
import type { World } from './world.ts';

/** What an accepted sign-in left behind: its session, its event, and every code it used spent. */
export async function assertKept(world: World, accepted: Accepted): Promise<void> {
  const { person, browser, answer, typed, codes, outages } = accepted;
  assert.equal(claimsOf(answer.body.id_token).sub, person.id);
  assert.ok(
    outages.every((told) => told),
    'every 503 says when to try again',
  );
  assert.ok((await eventsOf(world, { kind: 'sign_in', result: 'success', accountId: person.id })).length > 0, 'event');

  const same = await browser.tab().authorize({ prompt: 'none' });
  assert.ok(same.code, `the session is there: ${same.url.search}`);

  const { factors } = await accountRow(world, person.id);
  assert.ok((factors[0]?.lastStep ?? 0) > 0);
  const other = await world.browser().authorize();
  await other.submit({ identifier: person.email, password: person.password });
  await other.submit({ code: typed.at(-1) ?? '' });
  assert.deepEqual([other.status, other.code], [422, undefined], 'a code is accepted once');

  for (const form of codes) {
    const again = await redeemRaw(browser, form);
    assert.equal(again.body.error, 'invalid_grant', 'an authorization code is redeemed once');
  }
}
