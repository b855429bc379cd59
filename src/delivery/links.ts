import type { AccountId } from '../accounts/account.ts';
import { defined } from '../platform/defined.ts';
import { hashId } from '../platform/hash.ts';
import { randomId } from '../platform/random.ts';

const hour = 60 * 60_000;

/** What a mailed link is good for, and for how long. */
export const linkLives = {
  reset: hour, // guard: reset-link-one-hour
  invite: 72 * hour,
  not_me: 7 * 24 * hour,
} as const;

export type LinkPurpose = keyof typeof linkLives;

export const linkPurposes = Object.keys(linkLives) as readonly LinkPurpose[];

export interface Link {
  readonly purpose: LinkPurpose;
  readonly accountId: AccountId;
  /** The address it was mailed to, canonical: whoever has that mailbox has the link. */
  readonly address: string;
  /** The account's sessionVersion as it was then, where what ends sign-ins ends the link too. */
  readonly sessionVersion?: number;
  /** The client whose sign-in it was asked for in: what the last page leads back to. */
  readonly clientId?: string;
  readonly expiresAt: Date;
  /** Its button was pressed in this browser. */
  readonly taken?: boolean;
}

/** A link as a browser that opened it shows it. */
export interface ShownLink {
  readonly purpose: LinkPurpose;
  readonly token: string;
  /** Random, that browser's own: a link that is taken is this browser's from then on. */
  readonly holder: string;
}

/** What is kept of a link: never the token. */
export interface StoredLink extends Omit<Link, 'accountId'> {
  /** Absent: nobody has the name it was asked for, and nobody was sent it. */
  readonly accountId?: AccountId;
  readonly tokenHash: string;
}

export interface LinkUse {
  readonly tokenHash: string;
  readonly purpose: LinkPurpose;
  readonly holderHash: string;
  readonly now: Date;
}

/** The port to the links. Each stands in a place, which holds the newest alone. */
export interface StoredLinks {
  /** In the place of the older one, which is worth nothing from this very write on. */
  put(place: string, link: StoredLink): Promise<void>;
  /** Neither past its end nor taken by another browser. */
  find(use: LinkUse): Promise<StoredLink | undefined>;
  /** Gives it to this browser for good. `first`: true for exactly one caller. */
  take(use: LinkUse): Promise<{ readonly link: StoredLink; readonly first: boolean } | undefined>;
}

export interface NewLink extends Omit<Link, 'accountId' | 'expiresAt' | 'taken'> {
  /** Absent: the same is done where there is nobody to be sent it. */
  readonly accountId: AccountId | undefined;
  /** What it is about, where an account may hold several of one purpose: the newest of each counts. */
  readonly subject?: string;
}

export type MailedLinks = ReturnType<typeof mailedLinks>;

/** Links in mails: 256 random bits of which the hash is kept, one use, the newest alone, on the host that the configuration names. */
export function mailedLinks(deps: { readonly links: StoredLinks; readonly issuer: string; readonly now: () => Date }) {
  const useOf = ({ purpose, token, holder }: ShownLink): LinkUse => {
    return { purpose, tokenHash: hashId(token), holderHash: hashId(holder), now: deps.now() };
  };

  return {
    /** Answers its address, for the mail alone. */
    async make({ subject, ...made }: NewLink): Promise<{ readonly url: string; readonly expiresAt: Date }> {
      const { purpose, accountId, address, sessionVersion, clientId } = made;
      const token = randomId(32); // guard: link-256-bits
      const expiresAt = new Date(deps.now().getTime() + linkLives[purpose]);
      const link = { purpose, address, ...defined({ accountId, sessionVersion, clientId }), expiresAt };
      const place = accountId === undefined ? decoyPlace(address) : placeOf(accountId, purpose, subject);
      await deps.links.put(place, { ...link, tokenHash: hashId(token) });
      return { url: new URL(`/link/${purpose}/${token}`, deps.issuer).href, expiresAt };
    },

    async find(shown: ShownLink): Promise<Link | undefined> {
      return linkOf(await deps.links.find(useOf(shown)));
    },

    /** Spends it: nobody else is ever led on by it. `first`: not by a second press in the same browser. */
    async take(shown: ShownLink): Promise<{ readonly link: Link; readonly first: boolean } | undefined> {
      const taken = await deps.links.take(useOf(shown));
      const link = linkOf(taken?.link);
      return taken && link && { link, first: taken.first };
    },
  };
}

function placeOf(accountId: AccountId, purpose: LinkPurpose, subject = ''): string {
  return hashId(JSON.stringify([accountId, purpose, subject])); // guard: newest-link-alone
}

/** At most 4096 rows, shared by all names that nobody has. */
function decoyPlace(address: string): string {
  return hashId(address).slice(0, 2);
}

function linkOf(stored: StoredLink | undefined): Link | undefined {
  if (stored?.accountId === undefined) return undefined; // guard: nobodys-link-none
  const { tokenHash: _, accountId, ...link } = stored;
  return { ...link, accountId };
}
