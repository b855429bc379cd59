import type Provider from 'oidc-provider';
import type { ClientSettings } from '../config/config.ts';
import { isAppScheme } from '../config/redirects.ts';

const addresses: readonly string[] = ['127.0.0.1', '[::1]'];

/** An app on somebody's device: it comes back to a scheme of its own, or to whatever port of the device's address was free (RFC 8252 sections 7.1 and 7.3). */
export function isNative({ secret, redirectUris }: Pick<ClientSettings, 'secret' | 'redirectUris'>): boolean {
  return secret === undefined && redirectUris.some((uri) => isAppScheme(uri) || isAddress(uri)); // guard: secret-client-fixed-port
}

/** The library frees the port of `localhost`, too, which others on the device may answer for (RFC 8252 section 8.3): that stays as it is written. */
export function keepLocalhost({ Client }: Provider): void {
  const { redirectUriAllowed, postLogoutRedirectUriAllowed } = Client.prototype;
  Client.prototype.redirectUriAllowed = function registered(uri) {
    return redirectUriAllowed.call(this, uri) && (isAddress(uri) || (this.redirectUris ?? []).includes(uri)); // guard: localhost-port-as-written
  };
  Client.prototype.postLogoutRedirectUriAllowed = function registered(uri) {
    const listed = (this.postLogoutRedirectUris ?? []).includes(uri);
    return postLogoutRedirectUriAllowed.call(this, uri) && (isAddress(uri) || listed);
  };
}

function isAddress(uri: string): boolean {
  const url = URL.parse(uri);
  return url?.protocol === 'http:' && addresses.includes(url.hostname);
}
