import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { z } from 'zod';
import { catalogue } from '../../src/http/render.ts';
import { namesOf, restoredOf } from '../../src/platform/fields.ts';
import { areaPages, forms, linkPages, resettingPages, screens, signInPages } from '../support/listed-pages.ts';

const sources = globSync('src/routes/**/*.ts').map((file) => [file, readFileSync(file, 'utf8')] as const);
const views = globSync('views/**/*.ejs').map((file) => file.replace(/^views\/|\.ejs$/g, ''));
const templates = globSync('views/**/*.ejs').map((file) => readFileSync(file, 'utf8'));

test('every screen has its template, but for what a program alone is told', () => {
  const without = screens.filter(({ view }) => !existsSync(`views/${view}.ejs`)).map(({ stage }) => stage);
  assert.deepEqual(without, ['finish']);
});

test('every screen has the title that its page begins with', () => {
  const shown = screens.filter(({ view, stage }) => view !== '' && stage !== 'problem');
  assert.deepEqual(
    shown.filter(({ stage }) => !catalogue.has(`${stage}.title`)).map(({ stage }) => stage),
    [],
  );
});

test('every template is a screen of the list or part of another template', () => {
  const listed = new Set(screens.map(({ view }) => view));
  const own = views.filter((view) => !/^(layout$|mail\/|partials\/)/.test(view));
  const included = (view: string) => {
    const [, name = view] = /([^/]+)$/.exec(view) ?? [];
    return templates.some((text) => new RegExp(`include\\(\\s*[\`'"][^)]*${name}\\b`).test(text));
  };
  assert.deepEqual(
    own.filter((view) => !listed.has(view) && !included(view)),
    [],
  );
});

test('every template that routes name is of a screen in the list', () => {
  const named = sources.flatMap(([, text]) => [...text.matchAll(/view: '([^']+)'/g)].map(([, view]) => String(view)));
  const listed = new Set(screens.map(({ view }) => view));
  assert.ok(named.length > 15);
  assert.deepEqual(
    named.filter((view) => !listed.has(view)),
    [],
  );
});

test('nothing is drawn but by the one function that takes a screen', () => {
  const drawing = sources.filter(([, text]) => /\brenderer\.page\(/.test(text)).map(([file]) => file);
  assert.deepEqual(drawing, ['src/routes/forms/draw.ts']);
});

test('what pages say and what forms take is JSON Schema', () => {
  for (const { facts, stage } of screens) assert.equal(z.toJSONSchema(facts).type, 'object', stage);
  for (const { inputs, path } of forms)
    for (const input of inputs) assert.equal(z.toJSONSchema(input, { io: 'input' }).type, 'object', path);
});

test('the schema of a form holds nothing but what is sent', () => {
  const [register] = signInPages.filter(({ path }) => path === 'register').flatMap((page) => page.forms);
  const [input] = register?.inputs ?? [];
  assert.ok(input);
  assert.deepEqual(z.toJSONSchema(input, { io: 'input' }), {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: { email: { type: 'string' }, username: { type: 'string' }, password: { type: 'string' } },
  });
});

test('every form has an address of its own in its realm, and a guard', () => {
  for (const pages of [signInPages, areaPages, ...linkPages.map((page) => [page]), resettingPages]) {
    const paths = pages.flatMap((page) => page.forms.map(({ path }) => path));
    assert.deepEqual(
      paths.filter((path, index) => paths.indexOf(path) !== index),
      [],
    );
  }
  const guards = new Set(forms.map(({ guard }) => guard.who));
  assert.deepEqual([...guards].sort(), ['by-link', 'fresh', 'in-sign-in', 'signed-in']);
});

test('whatever changes an account asks for a fresh proof, but for going on with what was begun and leaving it', () => {
  const open = areaPages.flatMap((page) => page.forms).filter(({ guard }) => guard.who !== 'fresh');
  assert.deepEqual([...new Set(open.map(({ name }) => name))].sort(), ['cancel', 'confirm', 'renew']);
});

test('no password and no code stays in a form', () => {
  const restored = new Set(forms.flatMap(({ inputs }) => inputs.flatMap(restoredOf)));
  assert.deepEqual([...restored].sort(), ['email', 'identifier', 'name', 'phone', 'remember', 'stay', 'username']);
  const taken = new Set(forms.flatMap(({ inputs }) => inputs.flatMap(namesOf)));
  assert.deepEqual([...taken].filter((name) => !restored.has(name)).sort(), [
    'code',
    'current',
    'decision',
    'kind',
    'password',
    'saved',
    'set',
    'way',
  ]);
});
