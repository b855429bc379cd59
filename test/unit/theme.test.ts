import assert from 'node:assert/strict';
import { test } from 'node:test';
import { favicon } from '../../src/http/favicon.ts';
import { contrast, createTheme, defaultAccent, schemes, type ThemeSettings } from '../../src/http/theme.ts';

const settings = (accent: string, more: Partial<ThemeSettings> = {}): ThemeSettings => ({
  productName: 'Twofold',
  accent,
  links: {},
  ...more,
});

const accents = [
  ...['#ffff00', '#ffffff', '#000000', '#ff0000', '#00ff00', '#0000ff', '#e91e63', '#ff9800', '#009688'],
  ...['#795548', '#607d8b', '#1db954', '#0a66c2', '#7f7f7f', '#fdd835', defaultAccent],
];

function colours(styleSheet: string, scheme: 'light' | 'dark'): Readonly<Record<string, string>> {
  const part = styleSheet.split('@media')[scheme === 'light' ? 0 : 1] ?? '';
  return Object.fromEntries([...part.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]));
}

/** Degrees around the colour wheel, roughly: enough to see that red stayed red. */
function hue(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16)) as [
    number,
    number,
    number,
  ];
  return (Math.atan2(Math.sqrt(3) * (green - blue), 2 * red - green - blue) * 180) / Math.PI;
}

test('whatever the accent, it can be read on page and surface, and text can be read on it', () => {
  for (const accent of accents) {
    const { styleSheet } = createTheme(settings(accent));
    for (const scheme of ['light', 'dark'] as const) {
      const sheet = colours(styleSheet, scheme);
      const { page, surface } = schemes[scheme];
      for (const name of ['accent', 'link']) {
        const lowest = Math.min(contrast(sheet[name] ?? '', page), contrast(sheet[name] ?? '', surface));
        assert.ok(lowest >= 4.5, `${accent} ${scheme} ${name} ${sheet[name]}: ${lowest}`);
      }
      for (const name of ['accent', 'accent-hover']) {
        const ratio = contrast(sheet[name] ?? '', sheet['accent-text'] ?? '');
        assert.ok(ratio >= 4.5, `${accent} ${scheme} text on ${name} ${sheet[name]}: ${ratio}`);
      }
    }
  }
});

test('an accent that can be read stays as it is; a moved one keeps its hue and is told', () => {
  const blue = createTheme(settings('#0A66C2'));
  assert.equal(colours(blue.styleSheet, 'light').accent, '#0a66c2');
  assert.equal(blue.movedAccent?.light, undefined);

  const yellow = createTheme(settings('#fdd835'));
  assert.equal(colours(yellow.styleSheet, 'dark').accent, '#fdd835');
  assert.equal(yellow.movedAccent?.light, colours(yellow.styleSheet, 'light').accent);
  assert.ok(Math.abs(hue(yellow.movedAccent?.light ?? '') - hue('#fdd835')) < 15);
});

test('colours of organisations stay what they were made when they were first moved', () => {
  const made = (accent: string) => {
    const { styleSheet } = createTheme(settings(accent));
    return (['light', 'dark'] as const).flatMap((scheme) => {
      const sheet = colours(styleSheet, scheme);
      return [sheet.accent, sheet['accent-hover']];
    });
  };
  assert.deepEqual(made('#fdd835'), ['#826d03', '#6e5c01', '#fdd835', '#ffeeae']);
  assert.deepEqual(made('#e91e63'), ['#d90258', '#bb024b', '#f8336f', '#ff6286']);
  assert.deepEqual(made('#1db954'), ['#007e34', '#026a2b', '#1db954', '#3dcd67']);
  assert.deepEqual(made('#0a66c2'), ['#0a66c2', '#0055a7', '#3485e4', '#4898f8']);
  assert.deepEqual(made('#7f7f7f'), ['#707070', '#5f5f5f', '#858585', '#979797']);
  assert.deepEqual(made('#ffffff'), ['#6f6f6f', '#5d5d5d', '#ffffff', '#ffffff']);
  assert.deepEqual(made('#000000'), ['#000000', '#000000', '#838383', '#959595']);
});

test('the house accent has the colours that were chosen for it', () => {
  const theme = createTheme(settings(defaultAccent));
  assert.equal(theme.movedAccent, undefined);
  assert.deepEqual(colours(theme.styleSheet, 'dark'), {
    accent: '#a5a8ff',
    'accent-hover': '#c3c5ff',
    'accent-text': '#12142b',
    link: '#b0b3ff',
  });
});

test('contrast is the ratio that WCAG defines', () => {
  assert.equal(contrast('#000000', '#ffffff'), 21);
  assert.equal(contrast('#ffffff', '#ffffff'), 1);
  assert.equal(contrast('#767676', '#ffffff').toFixed(2), '4.54');
});

test('a setting that could load or run something from elsewhere is refused', () => {
  const bad: readonly ThemeSettings[] = [
    settings('red'),
    settings('#fff;} body{background:url(//evil)}'),
    settings(defaultAccent, { logo: { light: 'https://evil.example/logo.svg' } }),
    settings(defaultAccent, { logo: { light: '/assets/logo.svg', dark: '//evil.example/logo.svg' } }),
    settings(defaultAccent, { logo: { light: '/\\evil.example/logo.svg' } }),
    settings(defaultAccent, { links: { help: 'javascript:alert(1)' } }),
    settings(defaultAccent, { links: { terms: '//evil.example' } }),
  ];
  for (const each of bad) assert.throws(() => createTheme(each), /^Error: theme\./);
});

test('the favicon has the accent of each scheme as the pages have it, and the product’s name as text', () => {
  const drawn = (accent: string, productName = 'Twofold') => favicon(createTheme({ ...settings(accent), productName }));
  const blue = drawn('#0a66c2');
  assert.match(blue, /^<svg [^>]*fill="#0a66c2">/);
  assert.doesNotMatch(blue, /#3538cd|#a5a8ff|script/);
  const yellow = createTheme(settings('#fdd835'));
  const { light, dark } = yellow.accents;
  assert.notEqual(light, '#fdd835');
  assert.equal(dark, '#fdd835');
  assert.match(favicon(yellow), new RegExp(`fill="${light}".*dark\\)\\{svg\\{fill:${dark}\\}`));
  assert.match(drawn(defaultAccent), /fill="#3538cd".*svg\{fill:#a5a8ff\}/);
  assert.match(drawn(defaultAccent, '<script>$& & Co'), /<title>&lt;script&gt;\$&amp; &amp; Co<\/title>/);
});
