import fc from 'fast-check';
import { accountForms, accountPaths, signInForms, signInPages } from './fuzz-doors.ts';
import { anyText, type Pair, pair, pairsNamed } from './fuzz-values.ts';

export type Body =
  | { readonly kind: 'none' }
  | { readonly kind: 'form'; readonly pairs: readonly Pair[] }
  | { readonly kind: 'json'; readonly pairs: readonly Pair[] }
  | { readonly kind: 'text'; readonly type: string; readonly text: string; readonly times: number };

/** Which cookies go along: the browser's own, nobody's, all of its own whatever their path, its own with one letter changed, a stranger's, noise. */
export type Cookies = 'own' | 'every' | 'none' | 'altered' | 'foreign' | 'noise' | 'swapped';

export interface Shape {
  readonly method: string;
  readonly path: string;
  readonly query: readonly Pair[];
  readonly headers: readonly Pair[];
  readonly cookies: Cookies;
  readonly body: Body;
}

const uid = fc.oneof(
  { weight: 8, arbitrary: fc.constant('{uid}') },
  { weight: 2, arbitrary: fc.constantFrom('{other-uid}', '{finished-uid}', '{id}', '..', '%00', '%', '$ne', ' ') },
);
const steps = [...Object.keys(signInForms), ...signInPages, 'finish', 'toString', 'x'];

const fixed = [
  '/',
  '/health',
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
  '/jwks',
  '/auth',
  '/token',
  '/me',
  '/session/end',
  '/session/end/confirm',
  '/session/end/success',
  '/outbox',
  '/assets/style.css',
  '/assets/theme.css',
  '/assets/..%2f..%2fpackage.json',
  '/assets/',
  '/reg',
  '/token/introspection',
  '/token/revocation',
  '/request',
  '/device',
  '/account',
  '/favicon.ico',
  '//evil.example/',
  '/%2e%2e/config/default.yaml',
  '/interaction',
  '/interaction/',
  '/auth/',
  'http://evil.example/auth',
  '*',
];

const ofInteraction = fc
  .tuple(uid, fc.constantFrom(...steps))
  .map(([id, step]) => `/interaction/${id}${step && '/'}${step}`);

/** One of several things of an account: the own, a stranger's, none. */
const thing = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('{way-1}', '{way-2}', '{session}', '{other-session}') },
  {
    weight: 2,
    arbitrary: fc.constantFrom('{stranger-way}', '{stranger-session}', 'recovery', '..', '%00', '$ne', ' '),
  },
);
const ofAccount = (addresses: readonly string[]) =>
  fc.tuple(fc.constantFrom(...addresses), thing).map(([address, id]) => address.replace(':id', id));
const accountForm = ofAccount(Object.keys(accountForms));
const accountPage = ofAccount(accountPaths);

const anyPath = fc.oneof(
  { weight: 2, arbitrary: ofInteraction },
  { weight: 1, arbitrary: accountForm },
  { weight: 3, arbitrary: fc.constantFrom(...fixed) },
  { weight: 2, arbitrary: uid.map((id) => `/auth/${id}`) },
  { weight: 1, arbitrary: anyText.map((text) => `/${text}`) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...fixed), fc.constantFrom('/', '//', ';x', '%20', '.json', '/..'))
      .map((parts) => parts.join('')),
  },
);

const anyMethod = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom('GET', 'POST') },
  { weight: 1, arbitrary: fc.constantFrom('HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND', 'QUERY') },
);

/** Which doors are tried most. */
export type Focus = 'sign-in' | 'account';

/** Doors that are there, each with its own method, and anything anywhere. */
const target = (focus: Focus): fc.Arbitrary<Pair> =>
  fc.oneof(
    { weight: focus === 'sign-in' ? 10 : 3, arbitrary: ofInteraction.map((path): Pair => ['POST', path]) },
    { weight: 3, arbitrary: ofInteraction.map((path): Pair => ['GET', path]) },
    { weight: focus === 'account' ? 20 : 3, arbitrary: accountForm.map((path): Pair => ['POST', path]) },
    { weight: focus === 'account' ? 6 : 1, arbitrary: accountPage.map((path): Pair => ['GET', path]) },
    { weight: 5, arbitrary: fc.constantFrom('GET', 'GET', 'POST').map((method): Pair => [method, '/auth']) },
    { weight: 2, arbitrary: uid.map((id): Pair => ['GET', `/auth/${id}`]) },
    { weight: 2, arbitrary: fc.constant<Pair>(['POST', '/token']) },
    { weight: 1, arbitrary: fc.constantFrom('GET', 'POST').map((method): Pair => [method, '/me']) },
    { weight: 2, arbitrary: fc.constantFrom('GET', 'POST').map((method): Pair => [method, '/session/end']) },
    { weight: 1, arbitrary: fc.constant<Pair>(['POST', '/session/end/confirm']) },
    { weight: 4, arbitrary: fc.tuple(anyMethod, anyPath) },
  );

const header: fc.Arbitrary<Pair> = fc.oneof(
  ...Object.entries({
    accept: [
      'application/json',
      'text/html',
      '*/*',
      'application/problem+json',
      'image/png',
      ';q=x',
      ',,',
      'text/html;q=0',
    ],
    origin: ['{issuer}', 'null', 'http://evil.example', 'http://localhost:4999', ''],
    'sec-fetch-site': ['same-origin', 'cross-site', 'none', 'x'],
    host: ['evil.example', 'localhost', '', 'a:b:c', '[::1]'],
    'x-forwarded-for': ['1.2.3.4', 'x', '1.2.3.4, 5.6.7.8'],
    'x-forwarded-host': ['evil.example'],
    'x-forwarded-proto': ['https', 'x, y'],
    forwarded: ['for=1.2.3.4;host=evil.example'],
    'content-encoding': ['gzip', 'identity', 'br'],
    'if-none-match': ['*', '"x"'],
    'if-modified-since': ['x'],
    range: ['bytes=0-1'],
    'accept-language': ['de', '*', ';;'],
    'access-control-request-method': ['POST'],
    'user-agent': ['', 'x'.repeat(4000), 'ü{"$ne":1}'],
    authorization: [
      'Basic {basic}',
      'Basic eDp5',
      'Basic %',
      'Bearer {access-token}',
      'Bearer x',
      'Bearer',
      'DPoP x',
      'x',
    ],
    'x-request-id': ['x\u00ff'],
    'content-type': [
      'application/json',
      'text/plain',
      'multipart/form-data; boundary=x',
      ';',
      'application/x-www-form-urlencoded; charset=utf-16',
    ],
  }).map(([name, values]) => fc.constantFrom(...values).map((value): Pair => [name, value])),
);

const authorization: readonly Pair[] = [
  ['client_id', 'app'],
  ['redirect_uri', 'http://localhost:4999/callback'],
  ['response_type', 'code'],
  ['scope', 'openid email'],
  ['code_challenge', '{challenge}'],
  ['code_challenge_method', 'S256'],
];
const ofThird: readonly Pair[] = [
  ['client_id', 'third'],
  ['redirect_uri', 'http://localhost:4998/callback'],
  ...authorization.slice(2),
];
const tokenFields = ['grant_type', 'code', 'redirect_uri', 'code_verifier', 'refresh_token'];

/** What the path is there for, with a chance of being right. */
function usualOf(path: string): fc.Arbitrary<readonly Pair[]> {
  const step = path.split('/').slice(3).join('/');
  const fields = path.startsWith('/interaction/') && Object.hasOwn(signInForms, step) ? signInForms[step] : undefined;
  if (fields) return pairsNamed('forgery', ...fields);
  if (path.startsWith('/account')) return usualOfAccount(path);
  if (path === '/auth') return fc.constantFrom(authorization, ofThird);
  if (path.startsWith('/session')) return pairsNamed('id_token_hint', 'post_logout_redirect_uri', 'xsrf', 'logout');
  return path === '/token' ? pairsNamed(...tokenFields) : pairsNamed('forgery');
}

const accountFields = Object.entries(accountForms).map(
  ([address, fields]) => [new RegExp(`^${address.replace(':id', '.+')}$`), fields] as const,
);

/** Its forms are bound to the session, and not to an interaction. */
function usualOfAccount(path: string): fc.Arbitrary<readonly Pair[]> {
  const fields = accountFields.find(([address]) => address.test(path))?.[1] ?? [];
  const forgery = fc.constantFrom('{account-forgery}', '{account-forgery}', '{account-forgery}', '{forgery}', 'x');
  return fc.tuple(forgery, pairsNamed(...fields)).map(([token, pairs]) => [['forgery', token], ...pairs]);
}

/** As it should be, with others in some places, with more beside it, or twice. */
function fieldsOf(path: string): fc.Arbitrary<readonly Pair[]> {
  const usual = usualOf(path);
  const more = fc.array(pair, { minLength: 1, maxLength: 3 });
  return fc.oneof(
    { weight: 4, arbitrary: usual },
    { weight: 4, arbitrary: fc.tuple(usual, more).map(([one, two]) => [...without(one, two), ...two]) },
    { weight: 2, arbitrary: fc.tuple(usual, more).map(([one, two]) => [...one, ...two]) },
    { weight: 1, arbitrary: fc.tuple(usual, usual).map(([one, two]) => [...one, ...two]) },
  );
}

function without(one: readonly Pair[], two: readonly Pair[]): readonly Pair[] {
  return one.filter(([name]) => !two.some(([other]) => other === name));
}

function bodyOf(pairs: readonly Pair[]): fc.Arbitrary<Body> {
  const types = ['application/json', 'application/x-www-form-urlencoded', 'text/plain', 'application/octet-stream', ''];
  const texts = fc.oneof(
    anyText,
    fc.constantFrom('{', '{"a":', '[1]', '"x"', '{"code":{"$ne":1}}', '{"code":"1","code":"2"}', '=&=&', '&&&'),
  );
  const text = fc.record({
    kind: fc.constant('text' as const),
    type: fc.constantFrom(...types),
    text: texts,
    times: fc.constantFrom(1, 1, 1, 50, 20_000),
  });
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant<Body>({ kind: 'form', pairs }) },
    { weight: 3, arbitrary: fc.constant<Body>({ kind: 'json', pairs }) },
    { weight: 1, arbitrary: fc.constant<Body>({ kind: 'none' }) },
    { weight: 2, arbitrary: text },
  );
}

/** One request, anywhere, of any shape. */
export const shapeOf = (focus: Focus): fc.Arbitrary<Shape> =>
  target(focus).chain(([method, path]) =>
    fieldsOf(path).chain((fields) => {
      const inQuery = method === 'GET' || method === 'HEAD';
      return fc.record({
        method: fc.constant(method),
        path: fc.constant(path),
        query: inQuery
          ? fc.constant(fields)
          : fc.oneof(
              { weight: 6, arbitrary: fc.constant([]) },
              { weight: 1, arbitrary: fc.array(pair, { maxLength: 2 }) },
            ),
        headers: fc.oneof(
          { weight: 2, arbitrary: fc.constant([]) },
          { weight: 3, arbitrary: fc.array(header, { maxLength: 4 }) },
        ),
        cookies: fc.oneof(
          { weight: 8, arbitrary: fc.constant<Cookies>('own') },
          { weight: 4, arbitrary: fc.constantFrom<Cookies>('every', 'none', 'altered', 'foreign', 'noise', 'swapped') },
        ),
        body: inQuery ? fc.constant<Body>({ kind: 'none' }) : bodyOf(fields),
      });
    }),
  );
