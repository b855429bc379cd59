import { isIPv6 } from 'node:net';

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

/** Its eight groups; URL writes every spelling of an IPv6 address in one (WHATWG URL, host serializing). */
function groupsOf(address: string): readonly number[] {
  const [before = '', after] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const numbers = (text: string) =>
    text.split(':').flatMap((group) => (group === '' ? [] : [Number.parseInt(group, 16)]));
  const [left, right] = [numbers(before), numbers(after ?? '')];
  return [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
}
