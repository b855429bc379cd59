import ipaddr, { type IPv4, type IPv6 } from 'ipaddr.js';
import type { Cipher } from '../platform/cipher.ts';

/**
 * An IP address in any spelling; an IPv4 one that a dual-stack socket tells as ::ffff:127.0.0.1 is the IPv4 one, so that one client is
 * not counted as two. Undefined: it is none, and neither is what only old programs take for one (0x7f.1, 127.1).
 */
export function readAddress(text: string): IPv4 | IPv6 | undefined {
  const known = ipaddr.IPv6.isValid(text) || ipaddr.IPv4.isValidFourPartDecimal(text);
  return known ? ipaddr.process(text) : undefined; // guard: ipv4-one-spelling
}

/**
 * What one client can call its own, in one spelling: an IPv4 address, or the /64 that an IPv6 client is given and picks its
 * addresses from (RFC 6177). Whoever has no readable address shares one budget with all others that have none.
 */
export function networkOf(address: string | undefined): string {
  const plain = address?.trim() ?? '';
  const read = readAddress(plain);
  if (!read) return plain.toLowerCase() || 'unknown';
  return isIPv6(read) ? `${groupsOf(read, 4)}::/64` : read.toString(); // guard: ipv6-client-64
}

/** 72 bits: nobody tries for two networks of one key without the cipher's own. */
const keyLength = 12;

/** What an account keeps of a client's network: the same for the same network, and no address to whoever reads the database. */
export function networkKeys({ mac }: Pick<Cipher, 'mac'>): (address: string | undefined) => string {
  return (address) => {
    const [, hash = ''] = mac(networkOf(address), 'password-network').split('.'); // guard: network-key-no-address, tries-by-network
    return hash.slice(0, keyLength);
  };
}

/**
 * Enough for people to know their own network by, and no more: 192.0.2.x, or the first 48 bits of an IPv6 address, which a
 * site is given (RFC 6177). Undefined where it is no address.
 */
export function shortenedAddress(address: string | undefined): string | undefined {
  const read = readAddress(address?.trim() ?? '');
  if (!read) return undefined;
  return isIPv6(read) ? `${groupsOf(read, 3)}:x` : `${read.octets.slice(0, 3).join('.')}.x`; // guard: mail-ipv4-shortened, mail-ipv6-shortened
}

function isIPv6(address: IPv4 | IPv6): address is IPv6 {
  return address.kind() === 'ipv6';
}

/** The first of its eight groups. */
function groupsOf({ parts }: IPv6, count: number): string {
  return parts
    .slice(0, count)
    .map((group) => group.toString(16))
    .join(':');
}

/** What an account keeps of where it was signed in from: the same for the same rough place and browser's name, and neither to whoever reads the database. */
export function placeKeys({ mac }: Pick<Cipher, 'mac'>) {
  return (address: string | undefined, browser: string): string => {
    const [, hash = ''] = mac(JSON.stringify([shortenedAddress(address) ?? '', browser]), 'seen-place').split('.'); // guard: place-key-no-address
    return hash.slice(0, keyLength);
  };
}
