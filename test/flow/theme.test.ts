import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startWorld } from '../support/world.ts';

test('an accent that had to be moved is a line in the log at start, with what is used; one that stays is none', async (t) => {
  const base = await startWorld(t);
  const themed = (accent: string) => startWorld(t, { settings: { theme: { ...base.config.theme, accent } } });
  const lines = (logged: readonly string[]) => logged.map((line) => JSON.parse(line)).filter(({ accent }) => accent);
  assert.deepEqual(lines(base.logged), []);
  const [line, ...others] = lines((await themed('#fdd835')).logged);
  assert.deepEqual(others, []);
  assert.deepEqual([line.level, line.accent, Object.keys(line.used)], ['warn', '#fdd835', ['light']]);
  assert.match(line.used.light, /^#[0-9a-f]{6}$/);
});

test('the favicon that pages name is served in the accent', async (t) => {
  const base = await startWorld(t);
  const world = await startWorld(t, { settings: { theme: { ...base.config.theme, accent: '#0a66c2' } } });
  const [, named = ''] = /<link rel="icon" href="([^"]+)"/.exec((await world.ask({ target: '/nowhere' })).text) ?? [];
  const { status, headers, text } = await world.ask({ target: named });
  assert.deepEqual([status, headers['content-type']], [200, 'image/svg+xml']);
  assert.match(text, /^<svg [^>]*fill="#0a66c2"/);
});
