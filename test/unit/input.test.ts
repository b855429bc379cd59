import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { errorBoundary } from '../../src/http/error-boundary.ts';
import { readInput } from '../../src/http/input.ts';
import { choice, password, typed, typedOnce } from '../../src/platform/fields.ts';
import { createLog } from '../../src/platform/log.ts';
import { type RawRequest, serveApp } from '../support/served-app.ts';

const urlencoded = 'application/x-www-form-urlencoded';
const json = 'application/json';
const form = z.object({ username: typed(), password: password(), code: typedOnce(), way: choice() });

async function post(t: Parameters<typeof serveApp>[0], asked: RawRequest) {
  const boundary = errorBoundary({
    renderProblem: async (ctx, { code, field }) => {
      ctx.body = { code, field };
    },
    isOutage: () => false,
    log: createLog({ level: 'silent' }),
  });
  const app = await serveApp(t, [
    boundary,
    async (ctx) => {
      ctx.body = await readInput(ctx, form);
    },
  ]);
  const { status, text } = await app.ask({ method: 'POST', ...asked });
  return { status, told: JSON.parse(text) };
}

const send = (type: string, body: string | Buffer) => ({ headers: { 'content-type': type }, body });

const good: Record<string, [RawRequest, object]> = {
  'a form': [send(urlencoded, 'username=ada&password=a+b%26c'), { username: 'ada', password: 'a b&c' }],
  'a form with its charset': [send(`${urlencoded}; charset=UTF-8`, 'username=%C3%A4'), { username: 'ä' }],
  'unescaped UTF-8 in a form': [send(urlencoded, 'username=ä'), { username: 'ä' }],
  'a value with equals signs': [send(urlencoded, 'code=a=b=='), { code: 'a=b==' }],
  'an empty field': [send(urlencoded, 'username=&code='), { username: '', code: '' }],
  JSON: [send(json, '{"username":"ada","code":"{\\"a\\":\\"b\\"}"}'), { username: 'ada', code: '{"a":"b"}' }],
  'JSON with its charset': [send(`${json}; charset=utf-8`, '{ "username" : "🦉" }'), { username: '🦉' }],
  'an empty object': [send(json, '{}'), {}],
  'an empty form': [send(urlencoded, ''), {}],
  'no body at all': [{}, {}],
  'the text null, which is a text': [send(urlencoded, 'username=null'), { username: 'null' }],
  'a NUL inside a password': [send(urlencoded, 'password=a%00b'), { password: 'a\0b' }],
  'a NUL inside a password as JSON': [send(json, '{"password":"a\\u0000b"}'), { password: 'a\0b' }],
  'a password of more bytes than it may have': [
    send(urlencoded, `password=${'a'.repeat(2048)}`),
    { password: 'a'.repeat(2048) },
  ],
  'a choice of 1024 bytes': [send(urlencoded, `way=${'a'.repeat(1024)}`), { way: 'a'.repeat(1024) }],
};
for (const [what, [asked, expected]] of Object.entries(good)) {
  test(`${what} is read as it was typed`, async (t) => {
    assert.deepEqual(await post(t, asked), { status: 200, told: expected });
  });
}

/** Each is refused with 400 and names the field as typed. */
const attacks: [check: number, RawRequest, field?: string][] = [
  [14, send(urlencoded, 'username[$ne]=x'), 'username[$ne]'],
  [14, send(urlencoded, 'username%5B%24ne%5D=x'), 'username[$ne]'],
  [14, send(urlencoded, 'code[$gt]='), 'code[$gt]'],
  [14, send(urlencoded, 'token[$regex]=^a'), 'token[$regex]'],
  [14, send(urlencoded, '$where=sleep(1000)'), '$where'],
  [14, send(urlencoded, '__proto__=x'), '__proto__'],
  [14, send(urlencoded, '__proto__[admin]=1'), '__proto__[admin]'],
  [14, send(urlencoded, 'constructor=x'), 'constructor'],
  [14, send(urlencoded, 'username.x=1'), 'username.x'],
  [14, send(json, '{"username":{"$ne":null}}'), 'username'],
  [14, send(json, '{"username":["ada"]}'), 'username'],
  [14, send(json, '{"username":null}'), 'username'],
  [14, send(json, '{"code":123456}'), 'code'],
  [14, send(json, '{"code":true}'), 'code'],
  [14, send(json, '{"$where":"1"}'), '$where'],
  [14, send(json, '{"__proto__":"x"}'), '__proto__'],
  [14, send(json, '{"__proto__":{"username":"x"}}'), '__proto__'],
  [14, send(json, '{"toString":"x"}'), 'toString'],
  [14, send(json, '[{"username":"ada"}]')],
  [14, send(json, '"ada"')],
  [14, send(json, 'null')],
  [14, send(json, '{"username":"ada"')],
  [16, send(urlencoded, 'username=a&username=b'), 'username'],
  [16, send(urlencoded, 'username=a&code=1&usernam%65=b'), 'username'],
  [16, send(urlencoded, 'username[]=a'), 'username[]'],
  [16, send(json, '{"username":"a","username":"b"}'), 'username'],
  [16, send(json, '{"username":"a","user\\u006eame":"b"}'), 'username'],
  [16, send(json, '{"username":{"$ne":1},"username":"b"}'), 'username'],
  [16, send(json, '{"username":1,"username":"username"}'), 'username'],
  [16, { ...send(urlencoded, 'code=1'), target: '/?code=2' }, 'code'],
  [16, { ...send(urlencoded, 'code=1'), target: '/?password[$ne]=2' }, 'password[$ne]'],
  [16, { ...send(json, '{"code":"1"}'), target: '/?x' }, 'x'],
  [16, { target: '/?username=a' }, 'username'],
  [15, send(urlencoded, 'username=a%00b'), 'username'],
  [15, send(json, '{"code":"1\\u0000"}'), 'code'],
  [3, send(json, '{"password":"\\ud800"}'), 'password'],
  [3, send(urlencoded, 'password=%ED%A0%80'), 'password'],
  [3, send(urlencoded, 'password=%ff'), 'password'],
  [3, send(urlencoded, 'password=%C0%AF'), 'password'],
  [3, send(urlencoded, 'password=100%'), 'password'],
  [3, send(urlencoded, Buffer.from([...Buffer.from('password='), 0xff]))],
  [3, send(json, Buffer.from([...Buffer.from('{"password":"'), 0xff, ...Buffer.from('"}')]))],
  [2, send(urlencoded, `way=${'a'.repeat(1025)}`), 'way'],
  [2, send(urlencoded, `way=${encodeURIComponent('ä'.repeat(513))}`), 'way'],
  [2, send(urlencoded, `${'n'.repeat(5000)}=1`), 'n'.repeat(64)],
];
for (const [check, asked, field] of attacks) {
  const shown = `${asked.target ?? ''} ${String(asked.body ?? '').slice(0, 60)}`.trim();
  test(`[check ${check}] ${JSON.stringify(shown)} is refused with 400${field ? ' and the name of its field' : ''}`, async (t) => {
    const { status, told } = await post(t, asked);
    assert.deepEqual(
      { status, told },
      { status: 400, told: field === undefined ? { code: 'bad_request' } : { code: 'bad_request', field } },
    );
  });
}

/** 5,000 names that no form has, and one of them twice: what has to be looked at ends at the first. */
const manyNames = Array.from({ length: 5_000 }, (_, n) => `"n${n}":"x"`).join(',');
const foreign: readonly (readonly [what: string, body: string, field: string])[] = [
  ['the first of thousands of unknown names', `{${manyNames},"n4999":"y"}`, 'n0'],
  ['an unknown name, before a value that is no text', '{"code":1,"other":"x"}', 'other'],
  ['an unknown name, before a repeated one', '{"code":"1","code":"2","other":"x"}', 'other'],
  [
    'a repeated name, and never a repeated value',
    '{"username":"s3cret","password":"s3cret","username":"b"}',
    'username',
  ],
  ['a repeated name, whatever blanks stand before its colon', '{"code" \n:"1","password":"code","code"\t:"2"}', 'code'],
  ['a repeated name, where a value looks like a name', '{"password":"\\"code\\":","code":"1","code":"2"}', 'code'],
  ['a repeated name whose first value is thousands of names', `{"code":{${manyNames}},"code":"1"}`, 'code'],
];
for (const [what, body, field] of foreign) {
  test(`JSON is refused by ${what}`, async (t) => {
    assert.deepEqual(await post(t, send(json, body)), { status: 400, told: { code: 'bad_request', field } });
  });
}

test('a value that looks like a name, and a name for its value, are read as they stand', async (t) => {
  const body = '{"username":"username","password":"\\"password\\":","code":":"}';
  const told = { username: 'username', password: '"password":', code: ':' };
  assert.deepEqual(await post(t, send(json, body)), { status: 200, told });
});

for (const type of [
  'text/plain',
  'multipart/form-data; boundary=x',
  'application/xml',
  `${urlencoded}; charset=utf-7`,
  `${json}; charset=utf-16`,
]) {
  test(`a body of type ${type} is refused with 415`, async (t) => {
    assert.equal((await post(t, send(type, 'username=ada'))).status, 415);
  });
}

test('a compressed body is refused with 415: it could unfold to any size', async (t) => {
  const headers = { 'content-type': urlencoded, 'content-encoding': 'gzip' };
  assert.equal((await post(t, { headers, body: 'username=ada' })).status, 415);
});

test('a body without a type is refused with 415', async (t) => {
  assert.equal((await post(t, { body: 'username=ada' })).status, 415);
});

test('[check 2] a body of 1 MB is refused at once, by its announced length', { timeout: 60_000 }, async (t) => {
  // Announced and never sent: whoever waits for it waits for ever.
  const headers = { 'content-type': urlencoded, 'content-length': String(1024 * 1024) };
  const { status, told } = await post(t, { headers, unsent: true });
  assert.deepEqual([status, told.code], [413, 'too_large']);
});

test('[check 2] a body of 1 MB that does not announce its length is cut at 64 KiB', async (t) => {
  const headers = { 'content-type': urlencoded, 'transfer-encoding': 'chunked' };
  const { status } = await post(t, { headers, body: `password=${'a'.repeat(1024 * 1024)}` });
  assert.equal(status, 413);
});
