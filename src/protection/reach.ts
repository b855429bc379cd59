import { readAddress } from './network.ts';

/** Where an address leads: out into the internet, into a network or machine of our own, or where no client ever is. */
export type Reach = 'public' | 'private' | 'never';

const ownRanges: readonly string[] = ['loopback', 'private', 'uniqueLocal', 'carrierGradeNat'];

/** Looks public, and answers to a machine in Azure with what that machine may do. */
const metadata: readonly string[] = ['168.63.129.16'];

/**
 * By its range alone. Public is what IANA gives out to everybody; what has an IPv4 address within it (NAT64, 6to4, Teredo) is
 * never reached, nor what is link-local, as the addresses are that tell a machine in a cloud its credentials.
 */
export function reachOf(address: string): Reach {
  const read = readAddress(address);
  if (!read || metadata.includes(read.toString())) return 'never'; // guard: logout-no-metadata
  const range: string = read.range();
  if (ownRanges.includes(range)) return 'private'; // guard: logout-private-known
  return range === 'unicast' ? 'public' : 'never'; // guard: logout-public-alone
}
