export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host === '::1' || /^127(\.[0-9]{1,3}){3}$/.test(host);
}

/** https, or http to this very machine (RFC 8252 section 7.3): anything else can be read and changed on its way. */
export function isSafeUrl(text: string): boolean {
  const url = URL.parse(text);
  if (!url || url.username || url.password) return false; // guard: config-address-no-password
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname)); // guard: http-loopback-only
}
