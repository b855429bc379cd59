import { linesOf } from './mutation.ts';

export const http = [
  ...linesOf(
    'src/http/own-host.ts',
    ['test/unit/own-host.test.ts'],
    [
      {
        why: 'The Host of a request makes no address.',
        find: '    req.headers.host = host;\n',
        replace: '',
      },
      {
        why: 'Forwarded headers make no address and no protocol.',
        find: '    dropClaims(req.headers, trustedProxies);\n',
        replace: '',
      },
      {
        why: 'Without a trusted proxy nobody’s X-Forwarded-For is believed.',
        find: "!(name === 'x-forwarded-for' && trustedProxies > 0)",
        replace: "!(name === 'x-forwarded-for')",
      },
      {
        why: 'The protocol is the issuer’s.',
        find: "    req.headers['x-forwarded-proto'] = protocol.slice(0, -1);\n",
        replace: '',
      },
      {
        why: 'An absolute request target makes no address.',
        find: "  if (target.startsWith('/')) return target;\n",
        replace: '  if (target) return target;\n',
      },
    ],
  ),
  ...linesOf(
    'src/http/issuer-host.ts',
    ['test/unit/issuer-host.test.ts'],
    [
      {
        why: 'Nobody is led to the issuer’s name in circles.',
        find: 'if (new URLSearchParams(ctx.querystring).has(mark)) {',
        replace: 'if (ctx.querystring === mark) {',
      },
      {
        why: 'Nobody is led anywhere but to the issuer.',
        find: 'ctx.redirect(`${origin}${ctx.path}',
        replace: 'ctx.redirect(`https://${ctx.state.originalHost}${ctx.path}',
      },
    ],
  ),
  ...linesOf(
    'src/http/server.ts',
    ['test/unit/server.test.ts'],
    [
      {
        why: 'Slow requests end.',
        find: 'createServer(limits, ',
        replace: 'createServer({}, ',
      },
      {
        why: 'Nothing is written into half an answer.',
        find: ' || halfOut) return void',
        replace: ') return void',
      },
      {
        why: 'The log holds no bytes of a malformed request.',
        find: 'log.info({ reason: code, status,',
        replace: 'log.info({ err: error, reason: code, status,',
      },
    ],
  ),
  ...linesOf(
    'src/http/client-address.ts',
    ['test/unit/own-host.test.ts'],
    [
      {
        why: 'What is no address is not believed.',
        find: 'return told(ctx.ip) ??',
        replace: 'return ctx.ip ??',
      },
      {
        why: 'One client is not counted by each of its ports.',
        find: 'readAddress(inside ?? node)?.toString()',
        replace: 'readAddress(inside ?? node)?.toString() ?? node',
      },
      {
        why: 'Whom a proxy hides is not the proxy.',
        find: '  if (obfuscated.test(node)) return hidden;\n',
        replace: '',
      },
    ],
  ),
  ...linesOf(
    'src/http/forgery.ts',
    ['test/unit/forgery.test.ts'],
    [
      {
        why: 'A form needs the token of its own interaction.',
        find: 'if (!known || !isSameOrigin(ctx, own))',
        replace: 'if (!isSameOrigin(ctx, own))',
      },
      {
        why: 'A form comes from a page of ours.',
        find: 'if (!known || !isSameOrigin(ctx, own))',
        replace: 'if (!known)',
      },
      {
        why: 'An origin of null is not ours where the browser says so.',
        find: "if (origin === 'null') return ['', 'same-origin'].includes(site);",
        replace: "if (origin === 'null') return true;",
      },
      {
        why: 'A request that another site makes is refused.',
        find: " && ['', 'same-origin', 'none'].includes(site)",
        replace: '',
      },
    ],
  ),
  ...linesOf(
    'src/http/browser-mark.ts',
    ['test/flow/planted-cookies.test.ts'],
    [
      {
        why: 'A sign-in goes on in the browser that began it alone.',
        find: 'marksOf(ctx).some((mark) => same(hashId(mark), hash))',
        replace: 'true',
      },
      {
        why: 'An attempt without a mark is nobody’s.',
        find: 'hash !== undefined && ',
        replace: 'hash === undefined || ',
        tests: ['test/unit/browser-mark.test.ts'],
      },
      {
        why: 'Marks are compared, and in the same time.',
        find: 'return left.length === right.length && timingSafeEqual(left, right);',
        replace: 'return left.length === right.length;',
      },
      {
        why: 'No sibling host can plant a mark.',
        find: "secure ? '__Host-' : ''",
        replace: "secure ? '__Secure-' : ''",
        tests: ['test/unit/browser-mark.test.ts', 'test/flow/cookies.test.ts'],
      },
      {
        why: 'A mark is kept under attempts that run.',
        find: '      if (oldest !== undefined) return hashId(oldest);\n',
        replace: '      if (oldest === "") return hashId(oldest);\n',
        tests: ['test/unit/browser-mark.test.ts', 'test/flow/planted-cookies.test.ts'],
      },
      {
        why: 'No script reads a mark, and it goes by https alone.',
        find: "signed: false, secure, httpOnly: true, sameSite: 'lax',",
        replace: "signed: false, secure, httpOnly: false, sameSite: 'lax',",
        tests: ['test/flow/cookies.test.ts'],
      },
      {
        why: 'A mark cannot be guessed.',
        find: 'const made = randomId(32);',
        replace: 'const made = "m".repeat(43);',
        tests: ['test/unit/browser-mark.test.ts', 'test/flow/planted-cookies.test.ts'],
      },
    ],
  ),
  ...linesOf(
    'src/http/known-browser.ts',
    ['test/flow/known-browser.test.ts'],
    [
      {
        why: 'A browser is known only by what we sealed.',
        find: 'JSON.parse(cipher.open(sealed, context))',
        replace:
          "JSON.parse(sealed.startsWith('ey') ? Buffer.from(sealed, 'base64url').toString() : cipher.open(sealed, context))",
      },
      {
        why: 'No script reads what a browser is known by.',
        find: 'httpOnly: true,',
        replace: 'httpOnly: false,',
        tests: ['test/flow/cookies.test.ts'],
      },
      {
        why: 'What a browser is known by goes over https alone.',
        find: '      secure,\n',
        replace: '      secure: false,\n',
        tests: ['test/flow/cookies.test.ts'],
      },
      {
        why: 'Another site’s request does not bring what a browser is known by.',
        find: "sameSite: 'lax',",
        replace: "sameSite: 'none',",
        tests: ['test/flow/cookies.test.ts'],
      },
    ],
  ),
  ...linesOf(
    'src/http/security-headers.ts',
    ['test/unit/security-headers.test.ts'],
    [
      {
        why: 'No page of ours is framed.',
        find: "    'frame-ancestors': [\"'none'\"],\n",
        replace: '',
      },
      {
        why: 'No script runs that is not ours.',
        find: "    'script-src': [\"'self'\"],\n",
        replace: "    'script-src': [\"'self'\", \"'unsafe-inline'\"],\n",
      },
      {
        why: 'Nothing is loaded from elsewhere.',
        find: "'default-src': [\"'none'\"],",
        replace: "'default-src': ['*'],",
      },
      {
        why: 'No page changes what its links are relative to.',
        find: "    'base-uri': [\"'none'\"],\n",
        replace: '',
      },
      {
        why: 'No address of ours is told to another site.',
        find: "referrerPolicy: { policy: 'same-origin' },",
        replace: "referrerPolicy: { policy: 'unsafe-url' },",
      },
      {
        why: 'Under https a browser never comes by http again.',
        find: 'strictTransportSecurity: secure && {',
        replace: 'strictTransportSecurity: false && {',
      },
      {
        why: 'No page elsewhere holds on to a window of the account area.',
        find: "if (!road.test(ctx.path)) ctx.set('Cross-Origin-Opener-Policy', 'same-origin');",
        replace: "if (ctx.path === '/') ctx.set('Cross-Origin-Opener-Policy', 'same-origin');",
      },
      {
        why: 'No answer is kept by a browser or a proxy.',
        find: "      if (!ctx.path.startsWith('/assets/')) ctx.set('Cache-Control', 'no-store');\n",
        replace: '',
      },
    ],
  ),
  ...linesOf(
    'src/http/error-boundary.ts',
    ['test/unit/error-boundary.test.ts'],
    [
      {
        why: 'An error that nobody meant for people tells nothing.',
        find: "typeof status !== 'number' || expose !== true",
        replace: "typeof status !== 'number'",
      },
      {
        why: 'An outage is a 503 that asks to come back.',
        find: '  if (isOutage(error)) return outage;\n',
        replace: '',
      },
      {
        why: 'A half-made answer leaves nothing in the problem.',
        find: '      ctx.remove(name);\n',
        replace: '      ctx.get(name);\n',
      },
    ],
  ),
  ...linesOf(
    'src/http/request-log.ts',
    ['test/unit/request-log.test.ts'],
    [
      {
        why: 'A uid is not logged.',
        find: ".replace(/(\\/(?:interaction|auth)[/.]+)[^/]+/gi, '$1:uid')",
        replace: '',
      },
      {
        why: 'A uid is not logged in capitals or behind more slashes either.',
        find: '[/.]+)[^/]+/gi,',
        replace: '\\/)[^/]+/g,',
      },
      {
        why: 'A uid is not logged behind encoded letters.',
        find: "path.replace(/%.*/s, '…')",
        replace: 'path',
      },
      {
        why: 'A query is not logged.',
        find: 'const { method, path } = ctx;',
        replace: 'const { method, originalUrl: path } = ctx;',
      },
      {
        why: 'A request does not choose its id.',
        find: 'const requestId = randomId(9);',
        replace: "const requestId = ctx.get('X-Request-Id') || randomId(9);",
      },
    ],
  ),
];
