import { isIP } from 'node:net';

export interface Addressed {
  /** Koa's choice: the entry of X-Forwarded-For that the outermost trusted proxy wrote, else the socket's. */
  readonly ip: string;
  readonly req: { readonly socket: { readonly remoteAddress?: string | undefined } };
}

/** The client's address in one spelling. What is no address at all is not believed: the socket's counts, never nothing. */
export function clientAddress(ctx: Addressed): string {
  const claimed = plain(ctx.ip);
  return isIP(claimed) ? claimed : plain(ctx.req.socket.remoteAddress ?? '');
}

/** A dual-stack socket tells 127.0.0.1 as ::ffff:127.0.0.1; one client must not be counted as two. */
function plain(address: string): string {
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address.trim());
  return mapped?.[1] ?? address.trim().toLowerCase();
}
