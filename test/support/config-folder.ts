import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Config, ConfigError, loadConfig } from '../../src/config/config.ts';
import { keys } from './keys.ts';

export type Env = Record<string, string>;

export const goodJwks = keys.jwks;
/** What production asks for. */
export const sound: Env = {
  NODE_ENV: 'production',
  TWOFOLD_ISSUER: 'https://login.example.com',
  TWOFOLD_TRUSTED_PROXIES: '1',
  MONGODB_URI: 'mongodb://db.example.com/',
  TWOFOLD_MAIL_FROM: 'no-reply@example.com',
  TWOFOLD_COOKIE_KEYS: randomBytes(32).toString('hex'),
  TWOFOLD_CIPHER_KEYS: `2:${randomBytes(32).toString('base64')},1:${randomBytes(32).toString('base64')}`,
  TWOFOLD_JWKS: JSON.stringify(goodJwks),
};

export function configFolder(t: TestContext, files: Record<string, string> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'twofold-config-'));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(new URL('../../config', import.meta.url), folder, { recursive: true });
  rmSync(join(folder, 'local.yaml'), { force: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

export function load(t: TestContext, env: Env, files: Record<string, string> = {}): Config {
  return loadConfig({ env, folder: configFolder(t, files) });
}

export function faultsOf(t: TestContext, env: Env, files: Record<string, string> = {}): readonly string[] {
  try {
    load(t, env, files);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.faults;
  }
  return [];
}
