import { linesOf } from './mutation.ts';

const cipher = 'test/unit/cipher.test.ts';
const log = 'test/unit/log.test.ts';

export const platform = [
  ...linesOf(
    'src/platform/cipher.ts',
    [cipher],
    [
      {
        why: 'What is sealed is bound to its row: opened anywhere else it is foreign.',
        find: '  cipher.setAAD(Buffer.from(context));\n',
        replace: '',
        also: { find: '  decipher.setAAD(Buffer.from(context));\n', replace: '' },
      },
      {
        why: 'Each sealing has its own random initialisation vector.',
        find: 'const iv = randomBytes(ivBytes);',
        replace: 'const iv = Buffer.alloc(ivBytes);',
      },
      {
        why: 'A tag that was cut short is no tag.',
        find: "  if (bytes.length < ivBytes + tagBytes) throw new Error('Not a sealed value');\n",
        replace: '',
        secondGuardOf: 'A tag has all of its 16 bytes.',
      },
      {
        why: 'A tag has all of its 16 bytes.',
        find: 'bytes.subarray(0, ivBytes), { authTagLength: tagBytes });',
        replace: 'bytes.subarray(0, ivBytes));',
        secondGuardOf: 'A tag that was cut short is no tag.',
      },
      {
        why: 'A keyed hash fits one context only.',
        find: '    .update(`',
        replace: '    .update(value || `',
      },
      {
        why: 'No two pairs of context and value are hashed alike.',
        find: '{Buffer.byteLength(context)}:',
        replace: "{''}",
      },
      {
        why: 'A short keyed hash cannot be made without the key.',
        find: "createHmac('sha256', key.mac)",
        replace: "createHmac('sha256', '')",
      },
      {
        why: 'A keyed hash is compared with the one that it should be.',
        find: 'given.length === expected.length && timingSafeEqual(given, expected)',
        replace: 'given.length === expected.length',
      },
      {
        why: 'Sealing and hashing each have a key of their own.',
        find: "mac: derive('mac')",
        replace: "mac: derive('seal')",
      },
      {
        why: 'A cipher key has 256 bits.',
        find: 'if (key.length !== 32) throw',
        replace: 'if (key.length < 16) throw',
      },
      {
        why: 'Two cipher keys of one number are refused.',
        find: "  if (subkeys.size !== keys.length) throw new Error('Two cipher keys have the same number');\n",
        replace: '',
      },
    ],
  ),
  ...linesOf(
    'src/platform/hash.ts',
    ['test/unit/hash.test.ts'],
    [
      {
        why: 'A missing id never becomes a key that matches.',
        find: "typeof value !== 'string' || value === ''",
        replace: "typeof value !== 'string'",
      },
      {
        why: 'Ids that are proofs themselves are stored as hashes.',
        find: "createHash('sha256').update(value).digest('base64url')",
        replace: 'value',
      },
    ],
  ),
  ...linesOf(
    'src/platform/random.ts',
    ['test/unit/random.test.ts'],
    [
      {
        why: 'An id has 128 random bits.',
        find: 'randomId(bytes = 16)',
        replace: 'randomId(bytes = 8)',
      },
      {
        why: 'A code is random.',
        find: 'randomInt(10)',
        replace: '0 * randomInt(10)',
      },
    ],
  ),
  ...linesOf(
    'src/platform/log.ts',
    [log],
    [
      {
        why: 'Secrets are not logged, at any depth.',
        find: 'folded.has(fold(name)) ? redacted : redact(value, depth + 1)',
        replace: 'redact(value, depth + 1)',
      },
      {
        why: 'A secret is known by its name in every spelling.',
        find: "return name.toLowerCase().replaceAll(/[-_]/g, '');",
        replace: 'return name;',
      },
      {
        why: 'Of an error only its named members are logged.',
        find: '  if (value instanceof Error) return describeError(value, depth);\n',
        replace: '',
      },
      {
        why: 'A secret bound to a child logger is not logged.',
        find: 'redact: { paths: secretNames.map(',
        replace: 'redact: { paths: secretNames.slice(0, 0).map(',
      },
    ],
  ),
];
