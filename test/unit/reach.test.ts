import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reachOf } from '../../src/protection/reach.ts';

const addresses = {
  public: ['1.1.1.1', '93.184.216.34', '172.15.255.255', '172.32.0.1', '2606:4700:4700::1111', '2a01:4f8::1'],
  private: [
    ...['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '127.0.0.1', '127.9.9.9', '100.64.0.1'],
    ...['::1', 'fd00::1', 'fd00:ec2::254', '::ffff:10.0.0.1', '::ffff:127.0.0.1', '::ffff:7f00:1'],
  ],
  never: [
    ...['169.254.169.254', '169.254.170.2', '168.63.129.16', '192.0.0.192', '0.0.0.0', '255.255.255.255'],
    ...['224.0.0.1', '240.0.0.1', '198.18.0.1', '192.0.2.1', '203.0.113.1', '::ffff:169.254.169.254'],
    ...['::', 'fe80::1', 'fec0::1', 'ff02::1', '64:ff9b::7f00:1', '64:ff9b::a9fe:a9fe', '2002:7f00:1::', '2001::1'],
    ...['2001:db8::1', '100::1', 'localhost', '', '0x7f.1', '2130706433', '127.1', '0177.0.0.1'],
  ],
};

for (const [reach, members] of Object.entries(addresses)) {
  test(`where an address leads is told by its range: ${reach} [check 75]`, () => {
    for (const address of members) assert.equal(reachOf(address), reach, address);
  });
}
