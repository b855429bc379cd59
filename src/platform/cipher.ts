import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

export interface Cipher {
  /** Encrypts and binds to `context`: opened under any other context it is foreign. The same text sealed twice differs. */
  seal(plain: string, context: string): string;
  /** Throws on anything that was not sealed by one of our keys for exactly this context. */
  open(sealed: string, context: string): string;
  /** A keyed hash for values too short for a plain one (six digits are found by trying a million). */
  mac(value: string, context: string): string;
  /** Constant-time; also true for a mac made with an older key. */
  matchesMac(mac: string, value: string, context: string): boolean;
}

export interface CipherKey {
  /** Stands in front of every sealed value, so that keys can be rotated: never give one number to two keys. */
  readonly id: number;
  /** 32 bytes. */
  readonly key: Buffer;
}

interface Subkeys {
  readonly id: number;
  readonly seal: KeyObject;
  readonly mac: KeyObject;
}

const ivBytes = 12;
const tagBytes = 16;

/** AES-256-GCM and HMAC-SHA-256 under numbered keys: the first key writes, all read. */
export function createCipher(keys: readonly CipherKey[]): Cipher {
  const subkeys = new Map(keys.map((key) => [key.id, deriveSubkeys(key)]));
  const [first] = keys;
  const writing = first && subkeys.get(first.id);
  if (!writing) throw new Error('A cipher needs at least one key');
  if (subkeys.size !== keys.length) throw new Error('Two cipher keys have the same number'); // guard: cipher-key-number-once

  return {
    seal: (plain, context) => `${writing.id}.${encrypt(writing, plain, context).toString('base64url')}`,
    open(sealed, context) {
      const { id, bytes } = readNumbered(sealed);
      const key = subkeys.get(id);
      if (!key) throw new Error(`Sealed by cipher key ${id}, which is not configured`);
      return decrypt(key, bytes, context);
    },
    mac: (value, context) => `${writing.id}.${keyedHash(writing, value, context).toString('base64url')}`,
    matchesMac(mac, value, context) {
      const claimed = mac.split('.', 1)[0];
      const key = [...subkeys.values()].find(({ id }) => String(id) === claimed);
      if (!key) return false;
      const given = Buffer.from(mac);
      const expected = Buffer.from(`${key.id}.${keyedHash(key, value, context).toString('base64url')}`);
      return given.length === expected.length && timingSafeEqual(given, expected); // guard: mac-compared
    },
  };
}

/**
 * One key, one purpose (NIST SP 800-57 part 1, section 5.2): sealing and hashing each get their own by HKDF (RFC 5869). As key
 * objects: Node prepares plain bytes anew for every use, which costs four times the encryption itself.
 */
function deriveSubkeys({ id, key }: CipherKey): Subkeys {
  if (key.length !== 32) throw new Error(`Cipher key ${id} must have 32 bytes`); // guard: cipher-key-256-bits
  const derive = (purpose: string) =>
    createSecretKey(Buffer.from(hkdfSync('sha256', key, '', `twofold ${purpose}`, 32)));
  return { id, seal: derive('seal'), mac: derive('mac') }; // guard: seal-and-mac-own-keys
}

function readNumbered(sealed: string): { id: number; bytes: Buffer } {
  const parts = /^(\d{1,9})\.([A-Za-z0-9_-]+)$/.exec(sealed);
  if (!parts?.[1] || !parts[2]) throw new Error('Not a sealed value');
  return { id: Number(parts[1]), bytes: Buffer.from(parts[2], 'base64url') };
}

function encrypt(key: Subkeys, plain: string, context: string): Buffer {
  const iv = randomBytes(ivBytes); // guard: seal-random-iv
  const cipher = createCipheriv('aes-256-gcm', key.seal, iv, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(context)); // guard: seal-bound-to-context
  const ciphertext = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), ciphertext]);
}

function decrypt(key: Subkeys, bytes: Buffer, context: string): string {
  if (bytes.length < ivBytes + tagBytes) throw new Error('Not a sealed value'); // guard: seal-tag-length-checked
  // The length is named: without it Node takes a tag cut to four bytes, which can be guessed.
  const decipher = createDecipheriv('aes-256-gcm', key.seal, bytes.subarray(0, ivBytes), { authTagLength: tagBytes }); // guard: seal-tag-16-bytes
  decipher.setAAD(Buffer.from(context)); // guard: seal-bound-to-context-too
  decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new Error('A sealed value does not belong here or was altered', { cause });
  }
}

/** The context's length goes first, so that no two pairs of context and value are hashed alike. */
function keyedHash(key: Subkeys, value: string, context: string): Buffer {
  return createHmac('sha256', key.mac) // guard: short-mac-keyed
    .update(`${Buffer.byteLength(context)}:${context}${value}`) // guard: mac-bound-to-context, mac-context-unambiguous
    .digest();
}
