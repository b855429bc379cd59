import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Browser, Sent } from '../support/browser.ts';
import { withoutLots } from '../support/compared.ts';
import { atStage, dump, stages } from '../support/stages.ts';
import { startWorld } from '../support/world.ts';

const form = 'application/x-www-form-urlencoded';
const json = 'application/json';

interface Attack {
  readonly type: string;
  readonly body: string | Uint8Array;
  /** The name that the answer tells. */
  readonly field: string;
}

/** What may arrive in place of one field's value; everything else about the request is right. */
/** Too long is a fault of their own (too-long.test.ts). */
const typed: readonly string[] = ['identifier', 'email', 'username', 'password', 'code', 'phone', 'name'];

function attacksOn(field: string, forgery: string): readonly Attack[] {
  const others = field === 'forgery' ? '' : `forgery=${forgery}&`;
  const own = field === 'forgery' ? {} : { forgery };
  const pair = (text: string, named = field) => ({ type: form, body: others + text, field: named });
  const value = (given: unknown) => ({ type: json, body: JSON.stringify({ ...own, [field]: given }), field });
  const operators = ['$ne', '$gt', '$regex', '$where', '$in', '', '0', '__proto__'].map((key) => `${field}[${key}]`);
  return [
    ...operators.map((name) => pair(`${name}=x`, name)),
    ...operators.map((name) => pair(`${encodeURIComponent(name)}=x`, name)),
    ...['$where', '__proto__', 'constructor', 'accountId', 'skip'].map((name) => pair(`${field}=x&${name}=x`, name)),
    pair(`${field}=a&${field}=b`),
    pair(`${field}=a&%${field.charCodeAt(0).toString(16)}${field.slice(1)}=b`),
    pair(`${field}.x=1`, `${field}.x`),
    pair(`${field}=%FF%FE`),
    pair(`${field}=%ED%A0%80`),
    pair(`${field}=%C0%AF`),
    pair(`${field}=%`),
    ...(typed.includes(field) ? [] : [pair(`${field}=${'a'.repeat(1025)}`)]),
    ...(field === 'password' ? [] : [pair(`${field}=a%00b`)]),
    ...[
      { $ne: null },
      { $gt: '' },
      { $where: 'sleep(1000)' },
      ['a'],
      [],
      {},
      null,
      5,
      1e300,
      true,
      false,
      '\ud800',
      'a\udc00',
    ].map(value),
    { ...value('x'), body: JSON.stringify({ ...own, [field]: 'x' }).replace(/}$/, `,"${field}":"y"}`) },
    { ...value('x'), body: `{"${field}":"x","__proto__":{"admin":true}}`, field: '__proto__' },
  ];
}

function sendRaw(browser: Browser, href: string, { type, body }: Pick<Attack, 'type' | 'body'>): Promise<Response> {
  const sent: Sent = {
    method: 'POST',
    url: new URL(href, browser.issuer),
    body: body as string,
    headers: { 'content-type': type, origin: browser.issuer, 'sec-fetch-site': 'same-origin' },
  };
  return browser.fetch(sent);
}

const leaks = /mongo|bson|stack|node_modules|\.ts\b|\bat [A-Za-z]+\.|Error:|SyntaxError|TypeError/;

for (const stage of Object.keys(stages)) {
  test(`${stage}: operators, arrays, nulls, repetitions and foreign bytes in any field of any form are a 400 that names it, and change nothing [check 14] [check 15] [check 16]`, async (t) => {
    const world = await startWorld(t);
    const browser = await atStage(world, stage);
    const { actions, forgery = '' } = browser.page;
    const before = await dump(world);
    for (const { href, fields } of actions.filter(({ method }) => method === 'POST')) {
      for (const attack of ['forgery', ...fields].flatMap((field) => attacksOn(field, forgery))) {
        const response = await sendRaw(browser, href, attack);
        const text = await response.text();
        const told = JSON.parse(text);
        const what = `${href} ${attack.type} ${String(attack.body).slice(0, 120)}: ${text}`;
        assert.equal(response.status, 400, what);
        assert.deepEqual([told.code, told.facts?.field], ['bad_request', attack.field], what);
        assert.doesNotMatch(withoutLots(text, response.headers.get('x-request-id')), leaks, what);
      }
    }
    assert.ok((await dump(world)) === before, 'the database changed');
    assert.equal((await browser.reload()).stage, stage);
  });
}
