import { isIPv4, isIPv6 } from 'node:net';
import type { Cipher } from '../platform/cipher.ts';

/**
 * What one client can call its own, in one spelling: an IPv4 address, or the /64 that an IPv6 client is given and picks its
 * addresses from (RFC 6177). Whoever has no readable address shares one budget with all others that have none.
 */
export function networkOf(address: string | undefined): string {
  const plain = address?.trim().replace(/%.*$/, '') ?? '';
  if (plain === '') return 'unknown';
  if (!isIPv6(plain)) return plain.toLowerCase();
  const groups = groupsOf(plain);
  const [seventh = 0, eighth = 0] = groups.slice(6);
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (mapped) return [seventh >> 8, seventh & 0xff, eighth >> 8, eighth & 0xff].join('.');
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

/** 72 bits: nobody tries for two networks of one key without the cipher's own. */
const keyLength = 12;

/** What an account keeps of a client's network: the same for the same network, and no address to whoever reads the database. */
export function networkKeys({ mac }: Pick<Cipher, 'mac'>): (address: string | undefined) => string {
  return (address) => {
    const [, hash = ''] = mac(networkOf(address), 'password-network').split('.');
    return hash.slice(0, keyLength);
  };
}

/**
 * Enough for people to know their own network by, and no more: 192.0.2.x, or the first 48 bits of an IPv6 address, which a
 * site is given (RFC 6177). Undefined where it is no address.
 */
export function shortenedAddress(address: string | undefined): string | undefined {
  const network = networkOf(address);
  if (isIPv4(network)) return `${network.slice(0, network.lastIndexOf('.'))}.x`;
  const lead = network.endsWith('::/64') ? network.slice(0, -'/64'.length) : '';
  return isIPv6(lead) ? `${lead.split(':').slice(0, 3).join(':')}:x` : undefined;
}

/** Its eight groups; URL writes every spelling of an IPv6 address in one (WHATWG URL, host serializing). */
function groupsOf(address: string): readonly number[] {
  const [before = '', after] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const numbers = (text: string) =>
    text.split(':').flatMap((group) => (group === '' ? [] : [Number.parseInt(group, 16)]));
  const [left, right] = [numbers(before), numbers(after ?? '')];
  return [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
}
