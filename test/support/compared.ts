export interface Comparable {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: string;
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
