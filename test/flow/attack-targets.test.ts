import assert from 'node:assert/strict';
import { test } from 'node:test';
import { captured, nothing, spoils, uidOf } from '../support/attack.ts';
import { startWorld } from '../support/world.ts';

test('no spelling of any address resumes what was planted with its signatures, and none is burnt by trying', async (t) => {
  const world = await startWorld(t, { settings: { issuer: 'https://login.example.test' } });
  const eve = await world.person();
  const began = await world.browser().authorize();
  await began.submit({ identifier: eve.email, password: eve.password });
  const uid = uidOf(began);
  await began.fetch(captured(began, `/interaction/${uid}/factor`, { code: eve.codeNow() }));
  const jar = await began.jar.getCookies(began.issuer, { allPaths: true });
  const planted = jar.filter(({ key }) => !key.startsWith('__Host-')).map(({ key, value }) => `${key}=${value}`);
  const mark = jar.find(({ key }) => key.startsWith('__Host-twofold_mark_'));
  assert.ok(mark);
  const pair = `${mark.key}=${mark.value}`;
  const targets = [
    '/auth',
    '/auth/',
    '//auth/',
    '///auth/',
    '/./auth/',
    '/x/../auth/',
    '/auth//',
    '/auth/./',
    '/auth/x/../',
    '/AUTH/',
    '/Auth/',
    '/%61uth/',
    '/auth%2f',
    '/auth%2F',
    '/auth;/',
    '/auth/%',
    '/auth\\',
    '/auth/%00',
    '/auth/\u00e9',
  ].flatMap((prefix) => [
    prefix,
    `${prefix}${uid}`,
    `${prefix}${uid}/`,
    `${prefix}${uid}?x=1`,
    `${prefix}${uid}%20`,
    `${prefix}${uid};x`,
    `${prefix}${uid}.html`,
    `${prefix}${uid.toUpperCase()}`,
  ]);
  const whole = [
    'http://login.example.test',
    'https://login.example.test',
    'https://evil.example',
    'http:',
    'x:',
  ].flatMap((origin) => [`${origin}/auth/${uid}`, `${origin}//auth/${uid}`]);
  // What stands in the place of a mark: other names, other values, marks in the wrong dress.
  const dresses = [
    '',
    `${pair}x`,
    pair.replace('__Host-', ''),
    pair.replace('__Host-', '__host-'),
    pair.replace('__Host-', '__Secure-'),
    pair.replace('=', ' ='),
    pair.replace('=', '= '),
    pair.replace('=', '="').concat('"'),
    `\u00a0${pair}`,
    `\u0085${pair}`,
    `x=1,${pair}`,
    `x="; ${pair.slice(0, -1)}"`,
    `=${pair}`,
    `a\t${pair}`,
    `${pair},x`,
    `${pair.toLowerCase()}`,
  ];
  const ask = async (method: string, target: string, cookie: string) => {
    try {
      const answer = await world.ask({
        method,
        target,
        headers: { host: 'login.example.test', cookie, accept: 'text/html' },
      });
      const to = String(answer.headers.location ?? '');
      assert.ok(
        !/code=|localhost:4999/.test(to),
        `${method} ${target} ${JSON.stringify(cookie.slice(0, 60))} -> ${to}`,
      );
      assert.ok(answer.status < 500, `${method} ${target} ${answer.status}`);
    } catch (error) {
      if (
        (error as { code?: string }).code !== 'ERR_UNESCAPED_CHARACTERS' &&
        (error as { code?: string }).code !== 'ERR_INVALID_CHAR'
      )
        throw error;
    }
  };
  for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS']) {
    for (const target of [...targets, ...whole]) await ask(method, target, planted.join('; '));
  }
  for (const dress of dresses) {
    for (const target of [`/auth/${uid}`, `/interaction/${uid}`]) {
      for (const cookie of [[...planted, dress].join('; '), [dress, ...planted].join('; ')])
        await ask('GET', target, cookie);
    }
  }
  assert.deepEqual(await spoils(world), nothing);
  await began.visit(`/auth/${uid}`);
  assert.ok(began.code, 'it goes on where it began');
});
