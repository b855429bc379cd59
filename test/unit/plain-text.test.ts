import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainName, seenName, withoutUnseen } from '../../src/platform/plain-text.ts';

test('an ordinary name stays as it is, in every script', () => {
  for (const name of [
    'Acme Orders',
    'O’Neil & Sons (Shop #1)',
    "St. Mary's, Room 2.0",
    'Büro-Zürich_3',
    'मोहन',
    'Заказы: новые',
    '注文',
  ])
    assert.equal(plainName(name), name);
});

test('an address that is shortened keeps its shape, and so does a time', () => {
  for (const place of ['192.0.2.x', '2001:db8:1:x', 'fe80:0:0:x', '2001:abcd:0:x', '2026-11-21T22:41:00.000Z'])
    assert.equal(plainName(place), place);
});

test('nothing in a name is left that a mail program makes a link of', () => {
  const plain: Readonly<Record<string, string>> = {
    'http://evil.example/a?b=c#d': 'http: evil example a?b c#d',
    'https:evil': 'https evil',
    'www.evil.example': 'www evil example',
    'www.1and1.de': 'www 1and1 de',
    'evil.com': 'evil com',
    'evil1.com': 'evil1 com',
    'evil.рф and 1.рф': 'evil рф and 1 рф',
    'evil。com evil．com evil․com': 'evil com evil com evil com',
    'eve@evil.example': 'eve evil example',
    'mailto:eve': 'mailto eve',
    'tel:0900': 'tel 0900',
    'evil.\u0301com': 'evil \u0301com',
    'evil\u200b.\u200bcom': 'evil . com',
  };
  for (const [name, expected] of Object.entries(plain)) assert.equal(plainName(name), expected, name);
});

test('neither markup nor a line of its own nor anything unseen is left in a name', () => {
  assert.equal(plainName('<b>&amp;"x"</b> `{y}` [z](w) \\ | = $ ; ~'), 'b &amp x b y z (w)');
  assert.equal(plainName('Acme\r\nBcc: eve\u2028\u2029Your\tcode\u0085is\u00001'), 'Acme Bcc: eve Your code is 1');
  assert.equal(plainName('\u202eemca\u2066\u061c\u200f\ufeff\u{e0041}\u001b[31m'), 'emca 31m');
  assert.equal(plainName(' \u200b\r\n '), '');
});

test('a name has at most 80 characters, none of them cut in half', () => {
  assert.equal(plainName('a'.repeat(80)), 'a'.repeat(80));
  assert.equal(plainName('a'.repeat(81)), `${'a'.repeat(79)}…`);
  assert.equal(plainName('𝒜'.repeat(10_000)), `${'𝒜'.repeat(79)}…`);
});

test('what is not seen is a blank, and the rest stays', () => {
  assert.equal(withoutUnseen('a\u001b]0;b\u0007\u009b31m\u202e<c>://d.example'), 'a ]0;b  31m <c>://d.example');
});

test('a name that somebody chose is what is seen of it: nothing unseen, no tags, no turned direction', () => {
  for (const [chosen, seen] of [
    ['  My\u200b phone\u061c ', 'My phone'],
    ['\u202eenohp yM', 'enohp yM'],
    ['Phone\u{e0041}\u{e007f}', 'Phone'],
    ['a\u00ad\u2060\ufeff\u3164b', 'ab'],
    ['one\r\ntwo\u2028three', 'onetwothree'],
    ['x\u200dy\u200cz', 'x\u200dy\u200cz'],
    ['1\u200d2', '12'],
    ['\u200dab\u200c', 'ab'],
    ['می\u200cخواهم', 'می\u200cخواهم'],
    ['क्\u200dष', 'क्\u200dष'],
    ['👩\u200d💻 laptop ❤\ufe0f', '👩\u200d💻 laptop ❤\ufe0f'],
    ['a\ufe0f', 'a'],
    ['ab\u200d\u200dcd', 'abcd'],
  ] as const)
    assert.equal(seenName(chosen), seen, JSON.stringify(chosen));
});
