import type { CountRule } from './counters.ts';
import { networkOf, shortenedAddress } from './network.ts';

const hour = 60 * 60_000;
const day = 24 * hour;

/** All that one account may set off, to whatever recipients. */
export const accountRule: CountRule = { limit: 20, milliseconds: day };

export interface SendLimits {
  readonly mailsPerDay: number;
  readonly smsPerDay: number;
  readonly smsPerCountryPerDay: number;
  readonly perAddressPerHour: number;
}

/** What a message is charged to. */
export interface Send {
  readonly courier: 'mail' | 'sms';
  /** The folded spelling: every spelling of one mailbox shares one budget. A phone is its E.164 number. */
  readonly recipient: string;
  /** The recipient was proved to be the account's own, and the account's password was given; anything else a stranger can set off. */
  readonly proved?: boolean;
  readonly accountId?: string;
  /** The client address as the trusted proxies tell it. */
  readonly address?: string;
  /** The browser, or else the sign-in, that sets it off. */
  readonly by?: string;
  /** The sign-in that it is sent for, to its owner. */
  readonly signIn?: string;
}

export interface SharedBudget extends CountRule {
  readonly key: string;
  /** That it is used up is told to whoever runs this: nobody's own doing gets there. */
  readonly alarm?: string;
  /** Its end tells whoever asks nothing but what came from their own address. */
  readonly own?: true;
  /** What a sign-in was finished with is given back. */
  readonly unfinished?: true;
}

/** Every budget above the recipient's, from the narrow to the wide. */
export function sharedBudgetsOf(send: Send, limits: SendLimits): readonly SharedBudget[] {
  const { courier, recipient, proved, accountId, address } = send;
  const total = courier === 'sms' ? limits.smsPerDay : limits.mailsPerDay;
  // Strangers who make us send all day must not silence the codes of those who sign in.
  const shared = (limit: number) => ({ limit, ...(proved ? {} : { share: half(limit) }) }); // guard: strangers-half-of-shared
  const inDay = (key: string, limit: number) => ({ key, ...shared(limit), milliseconds: day, alarm: key });
  return [
    ...(accountId === undefined ? [] : [{ key: `account:${accountId}`, ...accountRule, unfinished: true } as const]),
    { key: `address:${networkOf(address)}`, ...shared(limits.perAddressPerHour), milliseconds: hour, own: true },
    ...(proved ? [] : [siteBudget(send, limits)]),
    ...(courier === 'sms' ? [inDay(`sms_country_${callingCode(recipient)}`, limits.smsPerCountryPerDay)] : []),
    inDay(`${courier}_day`, total),
  ];
}

/**
 * What strangers of one site have in a day: a quarter of what all of them have. A site is what one customer is given, a /24 or
 * a /48 (RFC 6177): whoever takes its addresses in turn meets no limit by address, and would use up everybody's share.
 */
function siteBudget(
  { courier, address }: Send,
  { mailsPerDay, smsPerDay, smsPerCountryPerDay }: SendLimits,
): SharedBudget {
  const total = courier === 'sms' ? Math.min(smsPerDay, smsPerCountryPerDay) : mailsPerDay;
  const key = `${courier}_site:${shortenedAddress(address) ?? networkOf(address)}`; // guard: sending-network-not-address
  return { key, limit: Math.ceil(half(total) / 4), milliseconds: day, alarm: `${courier}_day_network` }; // guard: network-quarter-of-strangers
}

function half(limit: number): number {
  return Math.ceil(limit / 2);
}

/** The country calling code of an E.164 number: ITU-T E.164 assigns one, two or three digits, none the beginning of another. */
export function callingCode(number: string): string {
  const code = /^\+(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[2-9][0-9]{2})/.exec(number)?.[1];
  return code ?? 'unknown';
}
