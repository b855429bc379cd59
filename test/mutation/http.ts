import { guarded } from './mutation.ts';

const ownHost = 'test/unit/own-host.test.ts';
const issuerHost = 'test/unit/issuer-host.test.ts';
const server = 'test/unit/server.test.ts';
const forgery = 'test/unit/forgery.test.ts';
const browserMark = 'test/unit/browser-mark.test.ts';
const ownCookie = 'test/unit/own-cookie.test.ts';
const cookies = 'test/flow/cookies.test.ts';
const plantedCookies = 'test/flow/planted-cookies.test.ts';
const knownBrowser = 'test/flow/known-browser.test.ts';
const securityHeaders = 'test/unit/security-headers.test.ts';
const errorBoundary = 'test/unit/error-boundary.test.ts';
const requestLog = 'test/unit/request-log.test.ts';

export const http = [
  ...guarded(
    [ownHost],
    [
      { guard: 'host-makes-no-address' },
      { guard: 'forwarded-makes-no-address' },
      { guard: 'forwarded-for-needs-proxy', replace: [' && trustedProxies > 0', ''] },
      { guard: 'protocol-of-issuer' },
      { guard: 'absolute-target-makes-no-address', replace: [".startsWith('/')", ''] },
    ],
  ),
  ...guarded(
    [issuerHost],
    [
      {
        guard: 'issuer-redirect-no-loop',
        replace: ['new URLSearchParams(ctx.querystring).has(mark)', 'ctx.querystring === mark'],
      },
      { guard: 'issuer-redirect-own-name', replace: ['${origin', 'https://${ctx.state.originalHost'] },
    ],
  ),
  ...guarded(
    [server],
    [
      { guard: 'slow-requests-end', replace: ['limits', '{}'] },
      { guard: 'half-answer-untouched', replace: [' || halfOut', ''] },
      { guard: 'malformed-bytes-not-logged', replace: ['reason', 'err: error, reason'] },
    ],
  ),
  ...guarded(
    [ownHost],
    [
      { guard: 'no-address-not-believed', replace: ['addressIn(ctx.ip)', 'ctx.ip'] },
      { guard: 'client-ports-one-client', replace: [');', ') ?? node;'] },
      { guard: 'hidden-client-not-proxy' },
    ],
  ),
  ...guarded(
    [forgery],
    [
      { guard: 'forgery-token-own-interaction', replace: ['known || !', ''] },
      { guard: 'form-from-own-page', replace: [' || !isSameOrigin(ctx, own)', ''] },
      { guard: 'null-origin-not-ours', replace: ["['', 'same-origin'].includes(site)", 'true'] },
      { guard: 'cross-site-form-refused', replace: [" && ['', 'same-origin', 'none'].includes(site)", ''] },
    ],
  ),
  ...guarded(
    [plantedCookies],
    [
      { guard: 'mark-own-browser', replace: ['marksOf(ctx).some((mark) => same(hashId(mark), hash))', 'true'] },
      { guard: 'no-mark-nobody', replace: ['!== undefined &&', '=== undefined ||'], tests: [browserMark] },
      { guard: 'mark-compared-constant-time', replace: [' && timingSafeEqual(left, right)', ''] },
      { guard: 'mark-kept-for-attempts', replace: ['!== undefined', '=== ""'], tests: [browserMark, plantedCookies] },
      { guard: 'mark-cookie-flags', replace: ['flags', '{ signed: false }'], tests: [cookies] },
      { guard: 'mark-random', replace: ['randomId(32', '"m".repeat(43'], tests: [browserMark, plantedCookies] },
    ],
  ),
  ...guarded(
    [ownCookie, cookies],
    [
      { guard: 'own-cookie-host-prefix', replace: ['__Host', '__Secure'] },
      { guard: 'own-cookie-https', replace: ['secure', 'secure: false'] },
      { guard: 'own-cookie-http-only', replace: ['true', 'false'] },
      { guard: 'own-cookie-same-site', replace: ['lax', 'none'] },
      {
        guard: 'own-cookie-sealed',
        replace: ['(cipher', "(sealed.startsWith('ey') ? Buffer.from(sealed, 'base64url').toString() : cipher"],
        tests: [knownBrowser],
      },
    ],
  ),
  ...guarded(
    [securityHeaders],
    [
      { guard: 'no-framing' },
      { guard: 'own-scripts-alone', replace: ['"]', '", "\'unsafe-inline\'"]'] },
      { guard: 'own-resources-alone', replace: ['"\'none\'"', "'*'"] },
      { guard: 'no-base-element' },
      { guard: 'no-referrer', replace: ['same-origin', 'unsafe-url'] },
      { guard: 'hsts', replace: ['secure', 'false'] },
      { guard: 'opener-isolated', replace: ['!road.test(ctx.path)', "ctx.path === '/'"] },
      { guard: 'answers-not-stored' },
    ],
  ),
  ...guarded(
    [errorBoundary],
    [
      { guard: 'unmeant-error-tells-nothing', replace: [' || expose !== true', ''] },
      { guard: 'outage-503-retry' },
      { guard: 'half-answer-cleared', replace: ['remove', 'get'] },
    ],
  ),
  ...guarded(
    [requestLog],
    [
      { guard: 'uid-not-logged', replace: [".replace(/(\\/(?:interaction|auth)[/.]+)[^/]+/gi, '$1:uid')", ''] },
      { guard: 'uid-not-logged-any-case', replace: ['[/.]+)[^/]+/gi', '\\/)[^/]+/g'] },
      { guard: 'uid-not-logged-encoded', replace: [".replace(/%.*/s, '…')", ''] },
      { guard: 'query-not-logged', replace: ['path', 'originalUrl: path'] },
      { guard: 'request-id-ours', replace: ['randomId', "ctx.get('X-Request-Id') || randomId"] },
    ],
  ),
];
