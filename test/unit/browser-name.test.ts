import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserName } from '../../src/http/browser-name.ts';

const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';

test('browsers and systems go by the names that people know', () => {
  const cases: Readonly<Record<string, readonly [string?, string?]>> = {
    'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0': ['Firefox', 'Linux'],
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/140.0.0.0 Safari/537.36`]: ['Chrome', 'Windows'],
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/140.0 Safari/537.36 Edg/140.0`]: ['Edge', 'Windows'],
    [`Mozilla/5.0 (Linux; Android 15) ${webkit} SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36`]: [
      'Samsung Internet',
      'Android',
    ],
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15': [
      'Safari',
      'macOS',
    ],
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 CriOS/140.0 Mobile Safari/604.1': [
      'Chrome',
      'iPhone',
    ],
    'curl/8.5.0': [],
    '': [],
    '<script>alert(1)</script>': [],
  };
  for (const [userAgent, [browser, system]] of Object.entries(cases)) {
    const expected = { ...(browser ? { browser } : {}), ...(system ? { system } : {}) };
    assert.deepEqual(browserName(userAgent), expected, userAgent);
  }
  assert.deepEqual(browserName(), {});
});
