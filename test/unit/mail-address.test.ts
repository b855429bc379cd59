import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMailAddress } from '../../src/delivery/senders/mail-address.ts';

test('plain addresses are recipients', () => {
  const good = [
    ...[
      'ada@example.com',
      'ada.lovelace+sign-in@mail.example.co.uk',
      "o'hara@example.com",
      'a@localhost',
      '_@x--y.example',
    ],
    ...['ada@xn--bcher-kva.example', `${'a'.repeat(64)}@example.com`],
  ];
  for (const address of good) assert.ok(isMailAddress(address), address);
});

test('[check 91] what could be read as another address, or as two, is no recipient', () => {
  const bad = [
    ...[
      '',
      'ada',
      '@example.com',
      'ada@',
      'ada@@example.com',
      'ada@example.com@evil.example',
      'ada@example..com',
      '.ada@example.com',
    ],
    ...['ada@example.com,eve@evil.example', 'ada@example.com;eve@evil.example', 'ada@example.com eve@evil.example'],
    ...[
      '"eve@evil.example"@example.com',
      '"eve@evil.example x"@example.com',
      'Ada <ada@example.com>',
      '<ada@example.com>',
    ],
    ...[
      'ada@example.com\r\nBcc: eve@evil.example',
      'ada@example.com\n',
      '\tada@example.com',
      'ada@example.com\0',
      'ada(x)@example.com',
    ],
    ...[
      'ada＠example.com',
      'ada@bücher.example',
      'ädä@example.com',
      'ada@[127.0.0.1]',
      'ada@-example.com',
      'ada@example.com.',
    ],
    ...[
      'group: ada@example.com;',
      '=?utf-8?q?ada=40evil.example?=@example.com',
      'ada@exa_mple.com',
      'ada\\@example.com',
    ],
    ...[`${'a'.repeat(65)}@example.com`, `ada@${'a'.repeat(64)}.com`, `ada@${'a.'.repeat(125)}com`],
  ];
  const wellFormed = new Set(['=?utf-8?q?ada=40evil.example?=@example.com']);
  for (const address of bad) assert.equal(isMailAddress(address), wellFormed.has(address), JSON.stringify(address));
});
