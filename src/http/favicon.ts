import { readFileSync } from 'node:fs';
import { houseAccents, type Theme } from './theme.ts';

const file = new URL('../../views/public/favicon.svg', import.meta.url);
const markup: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** The mark in the accent's colours. The light one is an attribute, because a page's policy may switch off the style in which the dark one stands. */
export function favicon({ productName, accents: { light, dark } }: Theme): string {
  const title = productName.replace(/[&<>]/g, (character) => markup[character] ?? '');
  return readFileSync(file, 'utf8')
    .replaceAll(houseAccents.light.accent, light)
    .replaceAll(houseAccents.dark.accent, dark)
    .replace('<title>Twofold</title>', () => `<title>${title}</title>`);
}
