import { isSafeUrl } from './safe-url.ts';

interface Redirects {
  readonly uris: readonly string[];
  readonly field: string;
  /** An app on somebody's own device, or a page: it has no secret. */
  readonly isPublic: boolean;
}

/** What is compared character by character has to be written as it will come. */
export function reportRedirects(
  { uris, field, isPublic }: Redirects,
  report: (path: string, sentence: string) => void,
): void {
  for (const [index, uri] of uris.entries()) {
    const fault = faultOf(uri, isPublic);
    if (fault) report(`${field}.${index}`, fault);
  }
}

/** A scheme of the app's own, which is a domain name of its maker from the end, so that no two apps hear the same (RFC 8252 section 7.1). */
export function isAppScheme(uri: string): boolean {
  return /^[a-z][a-z0-9+-]*(?:\.[a-z0-9+-]+)+:\/\S*$/.test(uri) && URL.canParse(uri); // guard: dotless-scheme-refused
}

function faultOf(uri: string, isPublic: boolean): string | undefined {
  // A browser's parser takes blanks out; nobody would ever come back to what was written.
  if (/[^\x21-\x7e]/.test(uri)) return 'must hold no blanks and only ASCII characters';
  if (uri.includes('*')) return 'must be written out: no wildcard matches anything here (RFC 9700 section 2.1)';
  if (uri.includes('#')) return 'must not have a fragment (RFC 6749 section 3.1.2)'; // guard: redirect-no-fragment
  if (isSafeUrl(uri) || (isPublic && isAppScheme(uri))) return undefined; // guard: own-scheme-public-client
  return isPublic
    ? "must be a URL that begins with https:// (http:// on loopback only), or with the app's own scheme with a dot, as com.example.app:/callback (RFC 8252 section 7.1)"
    : 'must be a URL that begins with https:// (http:// on loopback only)';
}
