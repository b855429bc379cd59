import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import type { RememberedDevices } from '../../src/sign-in/device/remembered-devices.ts';
import { mongoRememberedDevices } from '../../src/storage/remembered-devices.ts';
import { openDatabase } from '../support/database.ts';
import { memoryDevices } from '../support/fakes/devices.ts';

const start = new Date('2030-01-01T00:00:00Z');
const after = (seconds: number) => new Date(start.getTime() + seconds * 1000);
const end = after(1000);

const stores: readonly (readonly [string, (t: TestContext) => Promise<RememberedDevices>])[] = [
  ['in memory', async () => memoryDevices()],
  ['in MongoDB', async (t) => mongoRememberedDevices(await openDatabase(t))],
];

const kept = { id: 'device', accountId: 'ada', securityVersion: 3, since: start, lastUsedAt: start, expiresAt: end };
const use = {
  ...{ id: 'device', accountId: 'ada', securityVersion: 3, hash: 'one', nextHash: 'two' },
  ...{ previousUntil: after(40), sinceAfter: after(-1), now: after(10) },
};

for (const [name, open] of stores) {
  suite(`${name} remembered devices`, () => {
    const begun = async (t: TestContext) => {
      const devices = await open(t);
      await devices.keep({ ...kept, hash: 'one', browser: 'Firefox', address: '192.0.2.7' });
      return devices;
    };

    test('of 20 uses of one secret at once exactly one puts the next in its place [check 47]', async (t) => {
      const devices = await begun(t);
      const uses = Array.from({ length: 20 }, (_, n) => devices.rotate({ ...use, nextHash: `next ${n}` }));
      const used = (await Promise.all(uses)).filter((device) => device !== undefined);
      assert.deepEqual(used, [{ ...kept, lastUsedAt: after(10), browser: 'Firefox', address: '192.0.2.7' }]);
      const stored = await devices.find({ id: 'device', accountId: 'ada' });
      assert.match(stored?.hash ?? '', /^next \d+$/);
      assert.deepEqual([stored?.previousHash, stored?.previousUntil], ['one', after(40)]);
      assert.equal(await devices.rotate(use), undefined, 'it counted for the last time');
    });

    test('a use notes where it came from, and moves no end', async (t) => {
      const devices = await begun(t);
      const used = await devices.rotate({ ...use, browser: 'Chrome', address: '198.51.100.7' });
      assert.deepEqual([used?.browser, used?.address, used?.lastUsedAt], ['Chrome', '198.51.100.7', after(10)]);
      assert.deepEqual([used?.since, used?.expiresAt], [start, end]);
    });

    test('only this very account uses it, at the version that it was kept with [check 49]', async (t) => {
      const devices = await begun(t);
      const none = [{ accountId: 'eve' }, { securityVersion: 4 }, { hash: 'another' }, { id: 'another' }];
      for (const other of none)
        assert.equal(await devices.rotate({ ...use, ...other }), undefined, String(Object.keys(other)));
      assert.ok(await devices.rotate(use));
    });

    test('after its end it is used and listed no more, nor where its factor was proved too long ago [check 50]', async (t) => {
      const devices = await begun(t);
      assert.equal(await devices.rotate({ ...use, now: end }), undefined);
      assert.equal(await devices.rotate({ ...use, sinceAfter: start }), undefined);
      const ada = { id: 'ada', securityVersion: 3 };
      assert.deepEqual(await devices.list(ada, end), []);
      assert.equal((await devices.list(ada, after(999))).length, 1);
      assert.ok(await devices.rotate({ ...use, now: after(999) }));
    });

    test('it lists those of one account at its version, the last used first, and no hash with them', async (t) => {
      const devices = await begun(t);
      await devices.keep({ ...kept, id: 'later', hash: 'three', lastUsedAt: after(5) });
      await devices.keep({ ...kept, id: 'older', securityVersion: 2, hash: 'four' });
      await devices.keep({ ...kept, id: 'other', accountId: 'eve', hash: 'five' });
      const listed = await devices.list({ id: 'ada', securityVersion: 3 }, after(10));
      assert.deepEqual(listed, [
        { ...kept, id: 'later', lastUsedAt: after(5) },
        { ...kept, browser: 'Firefox', address: '192.0.2.7' },
      ]);
    });

    test('of 20 endings at once exactly one ends it, and nobody ends another’s', async (t) => {
      const devices = await begun(t);
      assert.equal(await devices.end({ id: 'device', accountId: 'eve' }), false);
      const ended = await Promise.all(
        Array.from({ length: 20 }, () => devices.end({ id: 'device', accountId: 'ada' })),
      );
      assert.equal(ended.filter(Boolean).length, 1);
      assert.equal(await devices.find({ id: 'device', accountId: 'ada' }), undefined);
    });

    test('all of one account end together', async (t) => {
      const devices = await begun(t);
      await devices.keep({ ...kept, id: 'second', hash: 'six' });
      await devices.keep({ ...kept, id: 'other', accountId: 'eve', hash: 'seven' });
      assert.equal(await devices.endAll('ada'), 2);
      assert.equal(await devices.endAll('ada'), 0);
      assert.ok(await devices.find({ id: 'other', accountId: 'eve' }));
    });
  });
}
