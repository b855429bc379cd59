import type { IncomingHttpHeaders } from 'node:http';
import type { Origin } from '../platform/origin.ts';
import { clientAddress } from './client-address.ts';

interface Incoming {
  readonly ip: string;
  readonly req: {
    readonly headers: IncomingHttpHeaders;
    readonly socket: { readonly remoteAddress?: string | undefined };
  };
  readonly state: { readonly requestId?: string };
}

const longest = 200;

/** What events and mails tell of a request: where it came from, never what it carried. */
export function originOf(ctx: Incoming): Origin {
  const browser = ctx.req.headers['user-agent']?.slice(0, longest);
  const { requestId } = ctx.state;
  return {
    address: clientAddress(ctx as Parameters<typeof clientAddress>[0]),
    ...(browser ? { browser } : {}),
    ...(requestId ? { requestId } : {}),
  };
}
