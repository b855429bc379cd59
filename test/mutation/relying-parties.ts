import { linesOf } from './mutation.ts';

/** What a relying party is told, and how it says who it is. */
export const relyingParties = [
  ...linesOf(
    'src/oidc/allowed-claims.ts',
    ['test/flow/claims-by-scope.test.ts'],
    [
      {
        why: 'The claims parameter asks for no more than the client’s scopes hold.',
        find: '.filter(([name]) => allowed.includes(name))',
        replace: '',
      },
      {
        why: 'A member of the claims parameter that says nothing is refused.',
        find: 'if (!members.every(isAsked))',
        replace: 'if (!members.every((value) => value !== undefined))',
        tests: ['test/flow/assurance.test.ts'],
      },
    ],
  ),
  ...linesOf(
    'src/oidc/claims.ts',
    ['test/flow/claims-by-scope.test.ts'],
    [
      {
        why: 'A token of wider times tells no more than one of today.',
        find: '.filter(([name]) => allowed.includes(name))',
        replace: '',
      },
    ],
  ),
  ...linesOf(
    'src/oidc/client-authentication.ts',
    ['test/flow/client-methods.test.ts'],
    [
      {
        why: 'A client is known by the method it is registered with, and by no other.',
        find: 'methodSent(ctx) === this.clientAuthMethod && compare',
        replace: 'compare',
      },
      {
        why: 'Only the secret itself is read as it stands.',
        find: 'return first !== undefined && second !== undefined && timingSafeEqual(first, second);',
        replace: 'return first !== undefined && second !== undefined;',
      },
      {
        why: 'A secret that was shown twice in one request counts as a guess.',
        find: 'return ctx.status === 400 && ',
        replace: 'return ctx.status === 401 && ',
      },
    ],
  ),
  ...linesOf(
    'src/oidc/native-redirects.ts',
    ['test/flow/native-app.test.ts'],
    [
      {
        why: 'The port of localhost is as it is written, for apps too.',
        find: 'redirectUriAllowed.call(this, uri) && (isAddress(uri) || (this.redirectUris ?? []).includes(uri))',
        replace: 'redirectUriAllowed.call(this, uri)',
      },
      {
        why: 'No port is free for a client that has a secret.',
        find: 'secret === undefined && redirectUris',
        replace: 'redirectUris',
      },
    ],
  ),
  ...linesOf(
    'src/oidc/provider.ts',
    ['test/flow/native-app.test.ts'],
    [
      {
        why: 'A sandboxed page reads no tokens by an app’s scheme.',
        find: "origin !== 'null' && ",
        replace: '',
      },
    ],
  ),
  ...linesOf(
    'src/config/redirects.ts',
    ['test/unit/client-settings.test.ts'],
    [
      {
        why: 'A redirect address has no fragment.',
        find: "if (uri.includes('#'))",
        replace: "if (uri.includes('##'))",
      },
      {
        why: 'Only a public client comes back to a scheme of its own.',
        find: '(isPublic && isAppScheme(uri))',
        replace: 'isAppScheme(uri)',
      },
      {
        why: 'A scheme without a dot, which any app may claim, is refused.',
        find: '(?:\\.[a-z0-9+-]+)+:',
        replace: '(?:\\.[a-z0-9+-]+)*:',
      },
    ],
  ),
];
