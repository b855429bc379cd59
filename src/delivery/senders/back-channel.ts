import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { request as plainRequest, type RequestOptions } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { reachOf } from '../../protection/reach.ts';
import type { LogoutAnswer, SendLogout } from '../logouts.ts';

export interface BackChannelSettings {
  /** Hosts that may lie in a private network or on this machine. */
  readonly allowedPrivateHosts: readonly string[];
  readonly timeoutMilliseconds: number;
  /** Instead of the system's. */
  readonly lookup?: LookupFunction;
}

class ForbiddenAddress extends Error {}

/**
 * Brings a logout token to a client (OpenID Connect Back-Channel Logout 1.0 section 2.5): one POST in a connection of its own.
 * No redirect is followed, and of the answer nothing is read but its status.
 */
export function backChannel(settings: BackChannelSettings): SendLogout {
  const { timeoutMilliseconds } = settings;
  return async (address, token) => {
    // From the look-up of the name to the status: whichever of them stalls.
    const signal = AbortSignal.timeout(timeoutMilliseconds); // guard: logout-timeout
    try {
      return answerOf(await post(new URL(address), token, { signal, ...addressesOf(settings, new URL(address)) }));
    } catch (error) {
      return faultOf(error as NodeJS.ErrnoException);
    }
  };
}

function post(url: URL, token: string, options: Pick<RequestOptions, 'signal' | 'lookup'>): Promise<number> {
  const body = new URLSearchParams({ logout_token: token }).toString();
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': Buffer.byteLength(body),
  };
  const request = url.protocol === 'https:' ? tlsRequest : plainRequest;
  return new Promise((resolve, reject) => {
    // A kept connection would be one to an address that was judged for another host, or long ago.
    const asking = request(url, { ...options, method: 'POST', headers, agent: false }, (answer) => {
      resolve(answer.statusCode ?? 0);
      answer.destroy();
    });
    asking.on('error', reject);
    asking.end(body);
  });
}

/**
 * The addresses that the connection is made to are the ones that were judged: a name that answers otherwise a moment later leads
 * nowhere else. An address in the place of a name is never looked up, and is judged here.
 */
function addressesOf({ allowedPrivateHosts, lookup = systemLookup }: BackChannelSettings, { hostname }: URL) {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const privately = allowedPrivateHosts.includes(host);
  const judge = (addresses: readonly LookupAddress[]) => {
    for (const { address } of addresses) {
      const reach = reachOf(address);
      if (reach !== 'public' && !(reach === 'private' && privately)) throw new ForbiddenAddress(); // guard: logout-address-judged
    }
    return addresses;
  };
  if (isIP(host)) judge([{ address: host, family: isIP(host) }]); // guard: logout-literal-judged
  const judged: LookupFunction = (name, options, callback) => {
    lookup(name, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, []);
      try {
        // Every one of them: which is taken is the socket's choice.
        const all = judge(found as LookupAddress[]);
        const [first] = all;
        if (options.all || !first) callback(null, [...all]);
        else callback(null, first.address, first.family);
      } catch (forbidden) {
        callback(forbidden as Error, []);
      }
    });
  };
  return { lookup: judged };
}

/** Section 2.8: 200, or 204 as some frameworks have it, is done; 400 says that the token is not taken, and never will be. */
function answerOf(status: number): LogoutAnswer {
  if (status === 200 || status === 204) return 'done';
  if (status === 400) return 'refused';
  return status >= 300 && status < 400 ? 'redirect' : 'status';
}

function faultOf(error: NodeJS.ErrnoException): LogoutAnswer {
  if (error instanceof ForbiddenAddress) return 'address';
  return error.name === 'AbortError' ? 'timeout' : 'connection';
}
