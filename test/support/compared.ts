export interface Comparable {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: string;
}

/** A text without what is drawn by lot in it: sooner or later a lot spells any short word that is searched for. */
export function withoutLots(text: string, reference: string | null | undefined): string {
  return text
    .replaceAll(reference || '{reference}', '{reference}')
    .replace(/\/(interaction|auth)\/[\w-]{20,}/g, '/$1/{uid}')
    .replace(/("(?:forgery|xsrf)":"|name="(?:forgery|xsrf)" value=")[^"]+/g, '$1{lot}');
}

/** All of an answer but what is another one each time: forgery token, uid, request id, date, and the name that was typed. */
export function comparable(
  response: Response | undefined,
  text: string,
  { uid, typed }: { readonly uid: string; readonly typed: string },
): Comparable {
  const body = text
    .replaceAll(typed, '{typed}')
    .replaceAll(uid, '{uid}')
    .replace(/("forgery":"|name="forgery" value=")[^"]+/g, '$1{forgery}');
  const headers = Object.fromEntries(response?.headers ?? []);
  for (const name of ['date', 'x-request-id']) delete headers[name];
  return { status: response?.status ?? 0, headers, cookies: response?.headers.getSetCookie() ?? [], body };
}
