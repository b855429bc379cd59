// Prints the README's table of settings from the schema: node scripts/settings.js
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

if (!process.features.typescript) {
  // This Node is too old to read the schema; the one that npm brought is not.
  const supported = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));
  process.exit(spawnSync(supported, process.argv.slice(1), { stdio: 'inherit' }).status ?? 1);
}

const { listSettings } = await import('../src/config/listing.ts');

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
console.log('| Setting | Default | Environment variable | Meaning |\n|---|---|---|---|');
for (const { path, preset, variable, meaning } of listSettings()) {
  const shown = preset === undefined ? '' : `\`${JSON.stringify(preset)}\``;
  console.log(`| \`${path}\` | ${shown} | ${variable ? `\`${variable}\`` : ''} | ${cell(meaning)} |`);
}
