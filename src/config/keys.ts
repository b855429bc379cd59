import { createPrivateKey, type JsonWebKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { CipherKey } from '../platform/cipher.ts';
import type { Settings } from './schema.ts';
import { withoutMark } from './yaml-file.ts';

export interface PrivateJwks {
  readonly keys: readonly JsonWebKey[];
}

export interface Keys {
  /** The first signs, all are accepted. */
  readonly cookies: readonly string[];
  /** The first writes, all read. */
  readonly cipher: readonly CipherKey[];
  readonly jwks: PrivateJwks;
}

type ReportFault = (path: string, sentence: string) => void;

/** The configured keys in the form their users take; what is not configured is absent. Faults never quote a key. */
export function settleKeys(settings: Partial<Settings['keys']>, report: ReportFault): Partial<Keys> {
  const jwks = settings.jwks ?? (settings.jwksFile === undefined ? undefined : readJwks(settings.jwksFile, report));
  const { cookies, cipher } = settings;
  if (cipher) checkCipher(cipher, report);
  if (jwks !== undefined) checkJwks(jwks, (sentence) => report('keys.jwks', sentence));
  return {
    ...(cookies ? { cookies } : {}),
    ...(cipher ? { cipher: cipher.map(readCipherKey) } : {}),
    ...(jwks === undefined ? {} : { jwks: jwks as PrivateJwks }),
  };
}

export function readCipherKey(text: string): CipherKey {
  const [id = '', key = ''] = text.split(':');
  return { id: Number(id), key: Buffer.from(key, 'base64') };
}

function checkCipher(cipher: readonly string[], report: ReportFault): void {
  const numbers = cipher.map((text) => readCipherKey(text).id);
  if (new Set(numbers).size < numbers.length)
    // guard: cipher-key-numbers-unique
    report('keys.cipher', 'has two keys of one number; number each key anew, for ever');
}

function readJwks(file: string, report: ReportFault): unknown {
  try {
    return JSON.parse(withoutMark(readFileSync(file, 'utf8')));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'is not valid JSON' : 'cannot be read';
    report('keys.jwksFile', `${file} ${why}; name a file that holds a JSON Web Key Set`);
    return undefined;
  }
}

/** ES256 for everybody, RS256 for clients that know nothing newer (OpenID Connect Core 1.0, section 15.1). */
export function checkJwks(jwks: unknown, report: (sentence: string) => void): void {
  const keys: unknown = (jwks as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(keys)) {
    report('must be a JSON Web Key Set: an object with "keys"');
    return;
  }
  const kids = keys.map((key) => (key as { kid?: unknown } | null)?.kid);
  if (!kids.every((kid) => typeof kid === 'string' && kid !== ''))
    report('has a key without a kid; give each one its own');
  if (new Set(kids).size < kids.length) report('has two keys of one kid; give each one its own');
  const kinds = keys.map(signingAlgorithm);
  keys.forEach((_, index) => {
    if (!kinds[index])
      report(
        `has a key (number ${index + 1}) that is no private P-256 key nor RSA key of 2048 bits or more for signing; replace it`,
      );
  });
  for (const algorithm of ['ES256', 'RS256']) {
    // guard: both-algorithms-have-key
    if (!kinds.includes(algorithm)) report(`has no key for ${algorithm}; add one`);
  }
}

function signingAlgorithm(jwk: unknown): string | undefined {
  const { alg, use } = (jwk ?? {}) as { alg?: unknown; use?: unknown };
  const kind = keyKind(jwk as JsonWebKey);
  return (alg === undefined || alg === kind) && (use === undefined || use === 'sig') ? kind : undefined; // guard: foreign-key-no-signing
}

function keyKind(jwk: JsonWebKey): 'ES256' | 'RS256' | undefined {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey({ key: jwk, format: 'jwk' });
    if (asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1') return 'ES256';
    if (asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048) return 'RS256'; // guard: rsa-2048-bits
  } catch {
    // Not a key at all; the caller tells which one.
  }
  return undefined;
}
