import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsOf, load } from '../support/config-folder.ts';

const development = { NODE_ENV: 'development' };
const withLogo = (light: string, dark?: string) => ({
  'local.yaml': JSON.stringify({ theme: { logo: { light, ...(dark === undefined ? {} : { dark }) } } }),
});

test('a logo is a picture that is there; every side that is none is told at start, with what to do', (t) => {
  const { theme } = load(t, development, withLogo('/assets/favicon.svg', '/assets/favicon.svg'));
  assert.deepEqual(theme.logo, { light: '/assets/favicon.svg', dark: '/assets/favicon.svg' });
  const missing = faultsOf(t, development, withLogo('/assets/none.svg', '/assets/none-dark.png'));
  assert.deepEqual(missing, [
    'theme.logo.light: names none.svg, which is not in views/public/; put it there',
    'theme.logo.dark: names none-dark.png, which is not in views/public/; put it there',
  ]);
});

test('a logo from anywhere else, or inside the setting itself, is told at start', (t) => {
  for (const logo of [
    'data:image/svg+xml,<svg/>',
    'data:image/png;base64,AAAA',
    'https://cdn.example.com/logo.svg',
    '//cdn.example.com/logo.svg',
    '/logo.svg',
    '/assets/',
    '/assets/../../package.json',
    '/assets/..%2flogo.svg',
    '/assets/style.css',
    '/assets/.svg',
    'logo.svg',
    '',
  ]) {
    const [fault, ...others] = faultsOf(t, development, withLogo(logo));
    assert.match(fault ?? '', /^theme\.logo\.light: must be \/assets\/<name> of a picture in views\/public\//, logo);
    assert.deepEqual(others, []);
  }
});
