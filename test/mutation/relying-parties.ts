import { guarded } from './mutation.ts';

const assurance = 'test/flow/assurance.test.ts';
const claimsByScope = 'test/flow/claims-by-scope.test.ts';
const clientMethods = 'test/flow/client-methods.test.ts';
const nativeApp = 'test/flow/native-app.test.ts';
const clientSettings = 'test/unit/client-settings.test.ts';

export const relyingParties = [
  ...guarded(
    [claimsByScope],
    [
      { guard: 'claims-parameter-within-scopes', replace: ['.filter(([name]) => allowed.includes(name))', ''] },
      {
        guard: 'empty-claims-member-refused',
        replace: ['isAsked', '(value) => value !== undefined'],
        tests: [assurance],
      },
    ],
  ),
  ...guarded(
    [claimsByScope],
    [{ guard: 'wider-token-narrowed', replace: ['.filter(([name]) => allowed.includes(name))', ''] }],
  ),
  ...guarded(
    [clientMethods],
    [
      { guard: 'client-registered-method', replace: ['methodSent(ctx) === this.clientAuthMethod && ', ''] },
      { guard: 'secret-read-as-is', replace: [' && timingSafeEqual(first, second)', ''] },
      { guard: 'two-secrets-one-guess', replace: ['400', '401'] },
    ],
  ),
  ...guarded(
    [nativeApp],
    [
      {
        guard: 'localhost-port-as-written',
        replace: [' && (isAddress(uri) || (this.redirectUris ?? []).includes(uri))', ''],
      },
      { guard: 'secret-client-fixed-port', replace: ['secret === undefined && ', ''] },
    ],
  ),
  ...guarded([nativeApp], [{ guard: 'sandboxed-page-no-tokens', replace: ["origin !== 'null' && ", ''] }]),
  ...guarded(
    [clientSettings],
    [
      { guard: 'redirect-no-fragment', replace: ['#', '##'] },
      { guard: 'own-scheme-public-client', replace: ['(isPublic && isAppScheme(uri)', 'isAppScheme(uri'] },
      { guard: 'dotless-scheme-refused', replace: [')+', ')*'] },
    ],
  ),
];
