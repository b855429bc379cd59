import { linesOf } from './mutation.ts';

export const protocol = [
  ...linesOf(
    'src/oidc/clients.ts',
    [
      'test/flow/discovery.test.ts',
      'test/flow/refresh.test.ts',
      'test/flow/client-auth.test.ts',
      'test/flow/consent.test.ts',
    ],
    [
      {
        why: 'A client gets no scope that it is not registered for.',
        find: "scope: client.scopes.join(' '),",
        replace: "scope: 'openid profile email offline_access',",
      },
      {
        why: 'A client with a secret needs it.',
        find: "tokenEndpointAuthMethod ?? (secret === undefined ? 'none' : 'client_secret_basic')",
        replace: "'none'",
      },
    ],
  ),
  ...linesOf(
    'src/oidc/cookies.ts',
    ['test/flow/cookies.test.ts'],
    [
      {
        why: 'No script reads a session.',
        find: 'httpOnly: true, sameSite',
        replace: 'httpOnly: false, sameSite',
      },
      {
        why: 'Another site’s request does not bring a session.',
        find: "sameSite: 'lax', secure",
        replace: "sameSite: 'none', secure",
      },
      {
        why: 'A session goes over https alone.',
        find: "sameSite: 'lax', secure, signed",
        replace: "sameSite: 'lax', secure: false, signed",
      },
      {
        why: 'A browser holds the session’s cookie to its host.',
        find: "name('__Host-', 'twofold_session')",
        replace: "name('', 'twofold_session')",
      },
      {
        why: 'Cookies are signed.',
        find: 'secure, signed: true }',
        replace: 'secure, signed: false }',
      },
    ],
  ),
  ...linesOf(
    'src/oidc/provider.ts',
    ['test/flow/discovery.test.ts'],
    [
      {
        why: 'Only the code flow answers.',
        find: "responseTypes: ['code', 'none'],",
        replace: "responseTypes: ['code', 'none', 'id_token'],",
      },
      {
        why: 'Every client proves that it asked for its code.',
        find: 'clients.get(client.clientId)?.pkceRequired !== false',
        replace: 'clients.get(client.clientId) === undefined',
        tests: ['test/flow/code.test.ts'],
      },
      {
        why: 'Every refresh token is used once.',
        find: '    rotateRefreshToken: true,\n',
        replace: '    rotateRefreshToken: false,\n',
        tests: ['test/flow/refresh.test.ts'],
      },
      {
        why: 'Whose code was used again is asked before its grant is revoked.',
        find: '    revokeGrantPolicy: noteHolder,\n',
        replace: '',
        tests: ['test/flow/events.test.ts'],
      },
      {
        why: 'A request names its redirect_uri even where there is only one.',
        find: '    allowOmittingSingleRegisteredRedirectUri: false,\n',
        replace: '    allowOmittingSingleRegisteredRedirectUri: true,\n',
        tests: ['test/flow/redirect-uri.test.ts'],
      },
      {
        why: 'No access token stands in an address.',
        find: '    acceptQueryParamAccessTokens: false,\n',
        replace: '    acceptQueryParamAccessTokens: true,\n',
        tests: ['test/flow/client-auth.test.ts'],
      },
      {
        why: 'The library’s own pages, which let anybody in, are off.',
        find: 'devInteractions: { enabled: false },',
        replace: 'devInteractions: { enabled: true },',
        tests: ['test/flow/newcomer.test.ts'],
      },
      {
        why: 'Pushed requests are off until something needs them.',
        find: 'pushedAuthorizationRequests: { enabled: false },',
        replace: 'pushedAuthorizationRequests: { enabled: true },',
      },
      {
        why: 'Userinfo opens to the origin of the client whose token it is.',
        find: '(client.redirectUris ?? []).some((uri) => URL.parse(uri)?.origin === origin)',
        replace: '(client.redirectUris ?? []).some((uri) => uri !== origin)',
        tests: ['test/flow/client-auth.test.ts'],
      },
      {
        why: 'As many forwarded addresses are believed as there are proxies.',
        find: '  provider.maxIpsCount = deps.config.trustedProxies;\n',
        replace: '',
        tests: ['test/flow/hosts.test.ts'],
      },
    ],
  ),
  ...linesOf(
    'src/oidc/pages.ts',
    ['test/flow/headers.test.ts', 'test/flow/redirect-uri.test.ts'],
    [
      {
        why: 'A refusal shows the standard’s code, never a sentence of the client’s or the library’s.',
        find: "return { code: 'request_refused', status, reason: out.error };",
        replace:
          "return { code: 'request_refused', status, reason: String((error as Error).message) + JSON.stringify(out) };",
      },
    ],
  ),
];
