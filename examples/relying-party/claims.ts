const meanings: Readonly<Record<string, string>> = {
  iss: 'Who says so: the provider',
  sub: 'Who you are: never changes, never given to another account',
  aud: 'For whom it is said: this app, and no other may believe it',
  iat: 'When it was said',
  exp: 'Until when it may be believed',
  auth_time: 'When you last signed in',
  nonce: 'Ties it to the sign-in that this browser began',
  acr: 'How much you proved',
  amr: 'What you proved it with',
  sid: 'Your session at the provider',
  at_hash: 'Ties it to the access token',
  remembered_since: 'When this device last proved the second step',
};

const levels: Readonly<Record<string, string>> = {
  'urn:twofold:1fa': 'a password alone',
  'urn:twofold:recovery': 'a password and a rescue by mail',
  'urn:twofold:2fa-email': 'a password and a code by mail',
  'urn:twofold:2fa-sms': 'a password and a code by SMS',
  'urn:twofold:2fa': 'a password and a second factor',
  phr: 'a passkey, safe from phishing',
};

const times: ReadonlySet<string> = new Set(['iat', 'exp', 'auth_time', 'remembered_since']);

/** A claim as people read it. Whatever its type is, the result is text. */
export function explain(name: string, value: unknown): { readonly shown: string; readonly meaning: string } {
  const meaning = meanings[name] ?? '';
  const level = name === 'acr' && typeof value === 'string' ? levels[value] : undefined;
  return { shown: shown(name, value), meaning: level === undefined ? meaning : `${meaning}: ${level}` };
}

function shown(name: string, value: unknown): string {
  if (times.has(name) && typeof value === 'number') return `${value} (${utc(value)})`;
  if (Array.isArray(value)) return value.join(' ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** JWT times are seconds (RFC 7519 section 2, NumericDate). */
function utc(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
