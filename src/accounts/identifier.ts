import { domainToASCII } from 'node:url';
import unhomoglyph from 'unhomoglyph';
import { withoutIgnorable } from '../platform/plain-text.ts';

// One person, one spelling: every lookup, counter and unique index uses what these functions return, so that no other
// spelling of the same identifier gets a budget of its own (CVE-2025-24806) or is checked before it is normalised
// (GHSA-7rqj-j65f-68wh). All of them take what was typed and answer undefined where nothing can be meant by it.

/** Longest address that SMTP can carry (RFC 5321 section 4.5.3.1.3: a path of 256 with its angle brackets). */
const longestEmail = 254;
const longestLocalPart = 64;

/** Dot-atom of RFC 5322 section 3.2.3: quoted local parts were mis-parsed into other recipients (CVE-2025-13033). */
const localPartShape = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
/** What may stand in a domain before IDNA: domainToASCII decodes %, reads [::1] and cuts at a slash. */
const typedDomainShape = /^[\p{L}\p{M}\p{N}.-]+$/u;
/** Two labels or more; the last begins with a letter, so that no form of an IP address passes. */
const domainShape = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;
/** Marks follow the letter that they belong to: the vowels of many scripts are marks. A pile of them would cover its neighbours. */
const usernameShape = /^(?:\p{L}\p{M}{0,4}|[\p{Nd}._-])+$/u;
const usernameLength = { least: 3, most: 40 };

/** An e-mail address or a username; an '@' in any of its forms tells which. */
export function canonicalIdentifier(typed: string): string | undefined {
  return fold(typed).includes('@') ? canonicalEmail(typed) : canonicalUsername(typed);
}

/** Exactly one well-formed address: ASCII local part, domain as ASCII (RFC 5891), lower case. */
export function canonicalEmail(typed: string): string | undefined {
  const [localPart, typedDomain, ...more] = fold(typed).split('@');
  if (localPart === undefined || typedDomain === undefined || more.length > 0) return undefined; // guard: address-one-at
  if (localPart.length > longestLocalPart || !localPartShape.test(localPart)) return undefined; // guard: local-part-dot-atom
  const domain = asciiDomain(typedDomain);
  if (domain === undefined) return undefined;
  const email = `${localPart}@${domain}`;
  return email.length <= longestEmail ? email : undefined;
}

/** 3 to 40 letters, digits, dots, hyphens and underscores; never an '@', so that no username looks like an address. */
export function canonicalUsername(typed: string): string | undefined {
  const username = fold(typed);
  const { length } = [...username];
  const { least, most } = usernameLength;
  return length >= least && length <= most && usernameShape.test(username) ? username : undefined; // guard: username-no-address
}

/** Equal for usernames that look alike (UTS 39 section 4, whose data calls 0 an O): for the question whether a new one may be had, never for a sign-in. */
export function usernameSkeleton(username: string): string {
  return unhomoglyph(unhomoglyph(username.normalize('NFD')).normalize('NFD').toLowerCase()).normalize('NFD'); // guard: usernames-by-skeleton
}

/** The mailbox behind a canonical address, for send budgets only: tags and Gmail's dots are one inbox in many spellings. */
export function foldedRecipient(email: string): string {
  const [localPart = '', domain = ''] = email.split('@');
  const mailbox = localPart.replace(/(?<=.)\+.*$/, ''); // guard: mailbox-tags-one-recipient
  const gmail = domain === 'gmail.com' || domain === 'googlemail.com';
  return gmail ? `${mailbox.replaceAll('.', '')}@gmail.com` : `${mailbox}@${domain}`; // guard: gmail-dots-one-recipient
}

/** 'a***@example.com': enough for its owner to know it, and always as long whatever the address. */
export function maskedEmail(email: string): string {
  const [localPart = '', domain = ''] = email.split('@');
  return `${localPart.slice(0, 1)}***@${domain}`; // guard: masked-address-one-letter
}

/** What is unseen comes along with a copy. Blanks can stand in no identifier, so they are a slip; Japanese keyboards type the ideographic full stop. NFKC first: it makes capitals of some signs. */
function fold(typed: string): string {
  const plain = withoutIgnorable(typed).normalize('NFKC').toLowerCase(); // guard: look-alikes-one-identifier, case-one-identifier
  return withoutIgnorable(plain) // guard: unseen-signs-no-identifier
    .replace(/\p{Zs}/gu, '')
    .replaceAll('\u3002', '.')
    .normalize('NFKC');
}

function asciiDomain(typed: string): string | undefined {
  if (!typedDomainShape.test(typed)) return undefined; // guard: domain-judged-before-ascii
  const domain = domainToASCII(typed);
  return domainShape.test(domain) ? domain : undefined; // guard: no-ip-domain
}
