import type { Account, EnrolledFactor } from '../../accounts/account.ts';
import { foldedRecipient } from '../../accounts/identifier.ts';
import type { MailboxUse } from '../../accounts/mailbox-uses.ts';
import type { Destination } from '../../delivery/code.ts';
import { deliveredData } from '../../factors/delivered-data.ts';
import type { Proof } from '../../factors/factor.ts';
import { declaredKinds } from '../../factors/kinds.ts';

// Channel independence: one mailbox or phone never serves as two proofs in one sign-in, nor as reset and rescue within a
// day of each other. Whoever reads a mailbox alone would else forget its owner's password and lose its owner's phone.
// Pure: whoever asks brings what was used, and the time.

/** 'confirmation': the account's own address answers before a first way is set up. 'factor': a way is proved or set up. */
export type ChannelUse = 'confirmation' | 'factor' | 'reset' | 'rescue';

/** What was proved over a mailbox or a phone. */
export interface UsedChannel extends Destination {
  readonly as: ChannelUse;
  readonly at: Date;
}

/** 'beside': counts in the same sign-in, too. 'apart': in another one. 'a-day-apart': in another one, a day later. */
type Distance = 'beside' | 'apart' | 'a-day-apart';

/** What was used first, and then what comes over the same channel. */
export const distances: Readonly<Record<ChannelUse, Readonly<Record<ChannelUse, Distance>>>> = {
  // Amounts to nothing by itself: the way that is set up in that mailbox is the one proof.
  confirmation: { confirmation: 'apart', factor: 'beside', reset: 'apart', rescue: 'apart' },
  factor: { confirmation: 'apart', factor: 'apart', reset: 'apart', rescue: 'apart' },
  // A reset has asked for a way elsewhere: in a later sign-in the mailbox is a way as before.
  reset: { confirmation: 'apart', factor: 'apart', reset: 'apart', rescue: 'a-day-apart' }, // guard: rescue-a-day-after-reset
  rescue: { confirmation: 'apart', factor: 'apart', reset: 'a-day-apart', rescue: 'apart' }, // guard: reset-a-day-after-rescue
};

const day = 24 * 60 * 60_000; // guard: reset-and-rescue-a-day-apart

/** What the account's mailboxes did in other sign-ins. */
export function usedBefore({ mailboxUses = {} }: Pick<Account, 'mailboxUses'>): readonly UsedChannel[] {
  const { reset, rescue } = mailboxUses;
  const used = (as: ChannelUse, use: MailboxUse | undefined): readonly UsedChannel[] =>
    use ? [{ courier: 'mail', destination: use.address, as, at: use.at }] : [];
  return [...used('reset', reset), ...used('rescue', rescue)];
}

/** What was proved over the account's own address in this very sign-in. */
export function usedHere({ email }: Pick<Account, 'email'>, proofs: readonly Proof[]): readonly UsedChannel[] {
  const uses: Readonly<Record<string, ChannelUse>> = { mailbox: 'confirmation', rescue: 'rescue' };
  return proofs.flatMap(({ kind, at }) => {
    const as = uses[kind];
    return as ? [{ courier: 'mail', destination: email, as, at }] : [];
  });
}

/** Where the codes of a way go; undefined: nowhere. */
export function channelOf(factor: EnrolledFactor): Destination | undefined {
  const courier = declaredKinds.find(({ kind }) => kind === factor.kind)?.courier;
  return courier && { courier, ...deliveredData(factor) };
}

/** Every address at which its owner proved to read mail. */
export function mailboxesOf(account: Account | undefined): readonly string[] {
  const channels = (account?.factors ?? []).flatMap((factor) => channelOf(factor) ?? []);
  const own = channels.filter(({ courier }) => courier === 'mail').map(({ destination }) => destination);
  return account ? [account.email, ...own] : [];
}

/** Where one was used before: in this very sign-in, or in any other. */
export interface UsedChannels {
  readonly here?: readonly UsedChannel[];
  readonly elsewhere?: readonly UsedChannel[];
}

/** `from`: when it counts again, to be told; absent where it does in any other sign-in. */
export type Independence = { readonly counts: true } | { readonly counts: false; readonly from?: Date };

/** Whether this channel, used so, proves something that it did not prove already. */
export function independence(
  proof: Destination & { readonly as: ChannelUse },
  { here = [], elsewhere = [] }: UsedChannels,
  now: Date,
): Independence {
  const distance = (used: UsedChannel) => distances[used.as][proof.as];
  const before = (used: UsedChannel) => isSame(used, proof);
  const close = here.some((used) => before(used) && distance(used) !== 'beside'); // guard: channel-one-proof-per-sign-in
  const untils = [...here, ...elsewhere]
    .filter((used) => before(used) && distance(used) === 'a-day-apart')
    .map(({ at }) => at.getTime() + day)
    .filter((until) => until > now.getTime());
  if (untils.length > 0) return { counts: false, from: new Date(Math.max(...untils)) };
  return { counts: !close };
}

/** A mailbox in all its spellings is one. */
export function isSame(one: Destination, other: Destination): boolean {
  return one.courier === other.courier && mailboxOf(one) === mailboxOf(other);
}

function mailboxOf({ courier, destination }: Destination): string {
  return courier === 'mail' ? foldedRecipient(destination) : destination; // guard: channel-in-all-spellings
}
