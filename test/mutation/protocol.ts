import { guarded } from './mutation.ts';

const discovery = 'test/flow/discovery.test.ts';
const refresh = 'test/flow/refresh.test.ts';
const clientAuth = 'test/flow/client-auth.test.ts';
const consent = 'test/flow/consent.test.ts';
const cookies = 'test/flow/cookies.test.ts';
const code = 'test/flow/code.test.ts';
const events = 'test/flow/events.test.ts';
const redirectUri = 'test/flow/redirect-uri.test.ts';
const newcomer = 'test/flow/newcomer.test.ts';
const hosts = 'test/flow/hosts.test.ts';
const headers = 'test/flow/headers.test.ts';

export const protocol = [
  ...guarded(
    [discovery, refresh, clientAuth, consent],
    [
      {
        guard: 'client-registered-scopes',
        replace: ["client.scopes.join(' ')", "'openid profile email offline_access'"],
      },
      {
        guard: 'client-secret-needed',
        replace: ["tokenEndpointAuthMethod ?? (secret === undefined ? 'none' : 'client_secret_basic')", "'none'"],
      },
    ],
  ),
  ...guarded(
    [cookies],
    [
      { guard: 'session-cookie-http-only', replace: ['true,', 'false,'] },
      { guard: 'session-cookie-same-site', replace: ['lax', 'none'] },
      { guard: 'session-cookie-secure', replace: ['secure', 'secure: false'] },
      { guard: 'session-cookie-host', replace: ['__Host-', ''] },
      { guard: 'cookies-signed', replace: ['true ', 'false '] },
    ],
  ),
  ...guarded(
    [discovery],
    [
      { guard: 'code-flow-alone', replace: ["'],", "', 'id_token'],"] },
      { guard: 'pkce-every-client', replace: ['?.pkceRequired !== false', ' === undefined'], tests: [code] },
      { guard: 'refresh-token-rotates', replace: ['true', 'false'], tests: [refresh] },
      { guard: 'reused-code-owner-first', tests: [events] },
      { guard: 'redirect-uri-always-named', replace: ['false', 'true'], tests: [redirectUri] },
      { guard: 'no-token-in-query', replace: ['false', 'true'], tests: [clientAuth] },
      { guard: 'library-interactions-off', replace: ['false', 'true'], tests: [newcomer] },
      { guard: 'pushed-requests-off', replace: ['false', 'true'] },
      { guard: 'userinfo-cors-own-client', replace: ['URL.parse(uri)?.origin =', 'uri !'], tests: [clientAuth] },
      { guard: 'proxy-count-believed', tests: [hosts] },
    ],
  ),
  ...guarded(
    [headers, redirectUri],
    [
      {
        guard: 'refusal-standard-code',
        replace: ['out.error', 'String((error as Error).message) + JSON.stringify(out)'],
      },
    ],
  ),
];
