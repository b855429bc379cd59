import { generateKeyPairSync, type JsonWebKey, randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkJwks, type Keys, readCipherKey } from '../config/keys.ts';

interface KeptKeys {
  readonly cookies: readonly string[];
  readonly cipher: readonly string[];
  readonly jwks: Keys['jwks'];
}

/** A fresh set: one cookie secret, cipher key 1, and signing keys for ES256 (first: the default) and RS256. */
export function makeKeys(): Keys {
  return read(make());
}

/** Development's keys, made once and kept in `<folder>/keys.json`, readable by its owner alone. Throws when the file is there but unusable: new keys would orphan everything sealed with the old. */
export async function keepKeys(folder: string): Promise<Keys> {
  const file = join(folder, 'keys.json');
  const stored = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (stored !== undefined) return read(parse(stored, file));
  const made = make();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Written aside and renamed, so that a full disk or a crash leaves no half of a file.
  const aside = `${file}.${randomUUID()}`;
  await writeFile(aside, JSON.stringify(made), { mode: 0o600 });
  await rename(aside, file);
  return read(made);
}

/** The configured keys, completed by kept ones where some are missing; nothing is made when all are there. */
export async function loadKeys(configured: Partial<Keys>, folder: string): Promise<Keys> {
  const { cookies, cipher, jwks } = configured;
  if (cookies && cipher && jwks) return { cookies, cipher, jwks };
  return { ...(await keepKeys(folder)), ...configured };
}

function make(): KeptKeys {
  const ecdsa = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  const rsa = generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey.export({ format: 'jwk' });
  return {
    cookies: [randomBytes(32).toString('base64url')],
    cipher: [`1:${randomBytes(32).toString('base64')}`],
    jwks: { keys: [signing(ecdsa, 'ES256'), signing(rsa, 'RS256')] },
  };
}

function signing(jwk: JsonWebKey, alg: string): JsonWebKey {
  return { kid: randomBytes(8).toString('base64url'), use: 'sig', alg, ...jwk };
}

function parse(text: string, file: string): KeptKeys {
  const faults: string[] = [];
  const stored = parseJson(text) as KeptKeys | undefined;
  if (!stored || !Array.isArray(stored.cookies) || !Array.isArray(stored.cipher)) faults.push('is not a file of keys');
  else checkJwks(stored.jwks, (sentence) => faults.push(sentence));
  if (!stored || faults.length > 0)
    throw new Error(`${file} ${faults.join('; ')}. Restore it, or remove the folder and lose what is stored`);
  return stored;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function read({ cookies, cipher, jwks }: KeptKeys): Keys {
  return { cookies, cipher: cipher.map(readCipherKey), jwks };
}
