import { readAddress } from '../protection/network.ts';

export interface Addressed {
  /** Koa's choice: the entry of X-Forwarded-For that the outermost trusted proxy wrote, else the socket's. */
  readonly ip: string;
  readonly req: { readonly socket: { readonly remoteAddress?: string | undefined } };
}

/** What a proxy tells that will not say who its client is (RFC 7239 sections 6.2 and 6.3): all of them are one client. */
const hidden = 'unknown';

/** The client's address in one spelling. What is no address at all is not believed: the socket's counts, never nothing. */
export function clientAddress(ctx: Addressed): string {
  const { remoteAddress = '' } = ctx.req.socket;
  return addressIn(ctx.ip) ?? readAddress(remoteAddress)?.toString() ?? remoteAddress; // guard: no-address-not-believed
}

const port = '(?::(?:\\d{1,5}|_[\\w.-]+))?';
const nodes = [`\\[([^\\]]+)\\]${port}`, `([\\d.]+)${port}`].map((node) => new RegExp(`^${node}$`));
const obfuscated = new RegExp(`^(?:unknown|_[\\w.-]+)${port}$`, 'i');

/** One entry as proxies write it: an address, one with its port, or a node of RFC 7239 (`for="[2001:db8::1]:443"`). */
function addressIn(entry: string): string | undefined {
  const pair = /(?:^|;)\s*for=("[^"]*"|[^";\s]*)/i.exec(entry.trim());
  const node = (pair?.[1] ?? entry.trim()).replace(/^"(.*)"$/, '$1');
  if (obfuscated.test(node)) return hidden; // guard: hidden-client-not-proxy
  const inside = nodes.map((form) => form.exec(node)?.[1]).find((address) => address !== undefined);
  return readAddress(inside ?? node)?.toString(); // guard: client-ports-one-client
}
