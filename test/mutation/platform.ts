import { guarded } from './mutation.ts';

const cipher = 'test/unit/cipher.test.ts';
const hash = 'test/unit/hash.test.ts';
const random = 'test/unit/random.test.ts';
const log = 'test/unit/log.test.ts';

export const platform = [
  ...guarded(
    [cipher],
    [
      { guard: 'seal-bound-to-context', also: { guard: 'seal-bound-to-context-too' } },
      { guard: 'seal-random-iv', replace: ['randomBytes', 'Buffer.alloc'] },
      { guard: 'seal-tag-length-checked', secondGuardOf: 'seal-tag-16-bytes' },
      {
        guard: 'seal-tag-16-bytes',
        replace: [', { authTagLength: tagBytes }', ''],
        secondGuardOf: 'seal-tag-length-checked',
      },
      {
        guard: 'mac-bound-to-context',
        replace: [
          '(`${Buffer.byteLength(context)}:${context}${value}`',
          '(value || `${Buffer.byteLength(context)}:${context}${value}`',
        ],
      },
      { guard: 'mac-context-unambiguous', replace: ['Buffer.byteLength(context)}:', "''}"] },
      { guard: 'short-mac-keyed', replace: ['key.mac', "''"] },
      { guard: 'mac-compared', replace: [' && timingSafeEqual(given, expected)', ''] },
      { guard: 'seal-and-mac-own-keys', replace: ["'mac'", "'seal'"] },
      { guard: 'cipher-key-256-bits', replace: ['!== 32', '< 16'] },
      { guard: 'cipher-key-number-once' },
    ],
  ),
  ...guarded(
    [hash],
    [
      { guard: 'missing-id-no-key', replace: [" || value === ''", ''] },
      { guard: 'proof-ids-hashed', replace: ["createHash('sha256').update(value).digest('base64url')", 'value'] },
    ],
  ),
  ...guarded(
    [random],
    [
      { guard: 'id-128-bits', replace: ['16', '8'] },
      { guard: 'code-random', replace: ['randomInt', '0 * randomInt'] },
    ],
  ),
  ...guarded(
    [log],
    [
      { guard: 'secrets-not-logged', replace: ['folded.has(fold(name)) ? redacted : ', ''] },
      { guard: 'secret-names-any-spelling', replace: [".toLowerCase().replaceAll(/[-_]/g, '')", ''] },
      { guard: 'error-members-named' },
      { guard: 'child-log-redacted', replace: ['.map', '.slice(0, 0).map'] },
    ],
  ),
];
