import type { ClientSettings } from '../../src/config/config.ts';
import type { Browser } from './browser.ts';

export interface TokenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Asked {
  readonly origin: string;
  /** Null: no authentication at all. */
  readonly client: Pick<ClientSettings, 'clientId' | 'secret'> | null;
  readonly form: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The token endpoint without a library's good manners. A public client names itself in the form. */
export async function askToken({ origin, client, form, headers = {} }: Asked): Promise<TokenAnswer> {
  const named = client && client.secret === undefined ? { client_id: client.clientId } : {};
  const authorization =
    client?.secret === undefined ? {} : { authorization: basicAuthorization(client.clientId, client.secret) };
  const response = await fetch(new URL('/token', origin), {
    method: 'POST',
    headers: { ...authorization, ...headers },
    body: new URLSearchParams({ ...named, ...form }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as TokenAnswer['body'] };
}

/** RFC 6749 section 2.3.1. */
export function basicAuthorization(clientId: string, secret: string): string {
  const pair = `${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

/** What redeems the code that came back in this browser. */
export function codeForm(browser: Browser): Readonly<Record<string, string>> {
  return {
    grant_type: 'authorization_code',
    code: browser.code ?? 'no code',
    redirect_uri: browser.party.settings.redirectUris[0] ?? '',
    code_verifier: browser.journey?.verifier ?? '',
  };
}

export function redeemRaw(browser: Browser, form: Readonly<Record<string, string>> = {}): Promise<TokenAnswer> {
  const client = browser.party.settings;
  return askToken({ origin: browser.origin, client, form: { ...codeForm(browser), ...form } });
}

export function refreshRaw(browser: Browser, refreshToken: unknown): Promise<TokenAnswer> {
  const form = { grant_type: 'refresh_token', refresh_token: String(refreshToken) };
  return askToken({ origin: browser.origin, client: browser.party.settings, form });
}

/** What userinfo answers to a token. */
export async function userinfoStatus(origin: string, token: unknown): Promise<number> {
  const response = await fetch(new URL('/me', origin), { headers: { authorization: `Bearer ${String(token)}` } });
  await response.text();
  return response.status;
}

/** What a token says, unverified. */
export function claimsOf(token: unknown): Readonly<Record<string, unknown>> {
  return JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString());
}
