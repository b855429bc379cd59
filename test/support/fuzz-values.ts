import fc from 'fast-check';

// Words of requests that fuzz tests are made of. `{name}` stands for what only the moment knows (the interaction's uid, the
// form's forgery token, a wrong code); the request is written with them, so that a failure prints readably and shrinks.

export type Pair = readonly [name: string, value: string];

/** Marks that a page must never give back as they came. */
export const markup = '<fuzz a="b">\'&';

const nasty: readonly string[] = [
  '',
  ' ',
  '0',
  '-1',
  '9'.repeat(40),
  '1e999',
  'null',
  'undefined',
  'true',
  '[]',
  '{"$ne":""}',
  '{"$gt":{}}',
  '__proto__',
  'constructor',
  '$where',
  '../../etc/passwd',
  '%00',
  '%',
  '%ff%fe',
  'a\u0000b',
  'a\r\nSet-Cookie: x=1',
  '\ud83d\ude00'.repeat(20),
  'e\u0301',
  '\u202e\u2066',
  '\uff11\uff12\uff13\uff14\uff15\uff16',
  markup,
  'javascript:alert(1)',
  '//evil.example/',
  'https://evil.example/',
  'http://localhost:4999.evil.example/callback',
  '<%= 7 * 7 %>',
  '#{7 * 7}',
  'a'.repeat(1025),
  ' login'.repeat(50),
  '('.repeat(300),
  'ünïcödé@exämple.com',
  'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.',
  'a.b.c',
  '..',
];

const likely: Readonly<Record<string, readonly string[]>> = {
  client_id: ['app', 'third', 'nobody', '{id}'],
  redirect_uri: ['http://localhost:4999/callback', 'http://localhost:4998/callback', 'http://localhost:4999/callback/'],
  response_type: ['code', 'token', 'none', 'id_token', 'code id_token token'],
  response_mode: ['query', 'fragment', 'form_post', 'query.jwt', 'web_message'],
  scope: ['openid', 'openid email', 'openid profile email offline_access', 'email', 'openid openid', 'admin'],
  state: ['state', markup],
  nonce: ['nonce'],
  prompt: [
    'login',
    'none',
    'consent',
    'create',
    'select_account',
    'login consent',
    'none login',
    'select_account create',
  ],
  max_age: ['0', '1', '10000', '-5', '1.5', 'NaN'],
  acr_values: ['urn:twofold:2fa', 'urn:twofold:1fa', 'phr', 'urn:twofold:1fa phr', 'nothing'],
  login_hint: ['{email}', 'nobody@example.com'],
  id_token_hint: ['{id-token}', '{access-token}'],
  code_challenge: ['{challenge}', 'short'],
  code_challenge_method: ['S256', 'plain'],
  ui_locales: ['en', 'de fr', 'x'.repeat(200)],
  display: ['page', 'popup'],
  request: ['{id-token}'],
  request_uri: ['urn:x', 'http://127.0.0.1:1/'],
  resource: ['urn:x', 'https://api.example/'],
  grant_type: ['authorization_code', 'refresh_token', 'password', 'client_credentials', 'implicit'],
  code: ['{wrong-code}', '{spent-code}', '{stranger-recovery}', 'K7M4-9QWT-X2HD-5VNP', '12345', '1234567', 'abcdef'],
  code_verifier: ['v'.repeat(43)],
  refresh_token: ['{access-token}', 'x'.repeat(43)],
  access_token: ['{access-token}'],
  client_secret: ['wrong', 'a-secret-of-at-least-22-characters'],
  token: ['{access-token}'],
  xsrf: ['{xsrf}', 'x'],
  logout: ['yes', ''],
  post_logout_redirect_uri: ['http://localhost:4999/', 'http://evil.example/'],
  forgery: ['{forgery}', '{forgery}', '{forgery}', 'x'],
  identifier: ['{email}', 'nobody@example.com', 'ADA@EXAMPLE.COM'],
  password: ['{password}', 'a wrong one', 'short'],
  stay: ['yes', 'on'],
  remember: ['yes', 'on'],
  email: ['{email}', 'new-{id}@example.com', 'a@b', '"a b"@example.com', 'a@example.com,b@example.com'],
  username: ['ada', 'new-{id}', 'a@b'],
  name: ['Phone', markup],
  decision: ['allow', 'deny', 'maybe'],
  way: ['{way}', '{way-1}', '{way-2}', '{stranger-way}', 'recovery'],
  kind: ['totp', 'email', 'sms', 'recovery', 'passkey'],
  phone: ['{phone}', '+44 7400 {id}', '+49 900 1234567', '07400 123456'],
  saved: ['yes', 'yes', ''],
  set: ['{set}', '{set}', 'x'],
  secret: ['JBSWY3DPEHPK3PXP'],
};

export const words = Object.keys(likely);

const oddNames = [
  '',
  '__proto__',
  'constructor',
  'toString',
  'a[b]',
  'identifier[$ne]',
  'code[]',
  'a.b',
  '$where',
  ' ',
];

export const anyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...nasty) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  { weight: 1, arbitrary: fc.json({ maxDepth: 2 }) },
);

export function valueFor(name: string): fc.Arbitrary<string> {
  const known = Object.hasOwn(likely, name) ? likely[name] : undefined;
  if (name === 'claims') return claims;
  if (!known) return anyText;
  return fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: anyText });
}

/** The claims parameter: its right shape with anything in its places, or anything (OpenID Connect Core 5.5). */
const member = fc.oneof(
  fc.constant(null),
  fc.record(
    {
      essential: fc.constantFrom<unknown>(true, false, 'yes', null, {}),
      value: fc.constantFrom<unknown>('urn:twofold:2fa', 'urn:twofold:1fa', 'x', null, 1, [], {}),
      values: fc.constantFrom<unknown>(['urn:twofold:1fa'], ['phr'], [], [null], [{}], 'x', null, 1),
    },
    { requiredKeys: [] },
  ),
  fc.jsonValue({ maxDepth: 1 }),
);
const part = fc.oneof(
  fc.dictionary(fc.constantFrom('acr', 'sub', 'email', 'auth_time', 'amr', 'sid', '__proto__', 'x'), member, {
    maxKeys: 4,
  }),
  fc.jsonValue({ maxDepth: 1 }),
);
export const claims: fc.Arbitrary<string> = fc.oneof(
  fc.record({ id_token: part, userinfo: part }, { requiredKeys: [] }).map((value) => JSON.stringify(value)),
  anyText,
);

export const pair: fc.Arbitrary<Pair> = fc
  .oneof(
    { weight: 8, arbitrary: fc.constantFrom(...words, 'claims') },
    { weight: 1, arbitrary: fc.constantFrom(...oddNames) },
    { weight: 1, arbitrary: anyText },
  )
  .chain((name) => valueFor(name).map((value): Pair => [name, value]));

export function pairsNamed(...names: readonly string[]): fc.Arbitrary<readonly Pair[]> {
  return fc.tuple(...names.map((name) => valueFor(name).map((value): Pair => [name, value])));
}
