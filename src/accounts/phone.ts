import { type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';

// One phone, one spelling (E.164): counters, masks and senders see nothing else. Only what canonicalPhone answered is
// handed to the functions below it; of anything else they know nothing and allow nothing.

/** Whatever stands between the digits, more cannot be meant: 15 digits (ITU-T E.164 section 6.2.1), each in brackets and blanks. */
const longestTyped = 60;

/** What people write a number with. No letters: '+1 800 FLOWERS' and 'ext. 5' name no phone that a text could reach, and an O is no zero. */
const shape = /^\+[\p{Nd}\p{Zs}\p{Pd}\u2212\u30fc()./]+$/u;
const between = /[\p{Zs}\p{Pd}\u2212\u30fc()./]/gu;

/** Kinds of numbers that belong to a person's phone. In some countries (+1) nobody can tell them from fixed lines. */
const personal: ReadonlySet<unknown> = new Set(['MOBILE', 'FIXED_LINE_OR_MOBILE']);

/** +447400123456 from '+44 (0)7400 123456'; undefined where no number in use is meant, or the country code is missing: guessed, it would be a stranger's phone. */
export function canonicalPhone(typed: string): string | undefined {
  if (typed.length > longestTyped) return undefined;
  // Address books copy numbers between invisible marks of direction (Cf).
  const text = typed
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .trim();
  if (!shape.test(text)) return undefined;
  const number = parsePhoneNumberFromString(text.replace(between, ''));
  return number?.isValid() ? number.number : undefined;
}

/** ISO 3166 code; undefined for numbers of no country, such as satellites and international premium services. */
export function countryOf(number: string): string | undefined {
  return read(number)?.country;
}

/** Calls and texts there cost extra or nobody knows what: premium rate, shared cost, unassigned. Whoever earns on them would have us pay. */
export function isPremium(number: string): boolean {
  const kind = read(number)?.getType();
  return kind === undefined || kind === 'PREMIUM_RATE' || kind === 'SHARED_COST';
}

/** '…56': all that a page shows of it. */
export function maskedPhone(number: string): string {
  return `…${number.slice(-2)}`;
}

export type PhoneFault = 'not_a_number' | 'premium' | 'country_blocked';

/** Why no text goes there: judged when a number is entered and again before every text. Undefined: it may. */
export function phoneFault(number: string, countries: readonly string[]): PhoneFault | undefined {
  if (canonicalPhone(number) !== number) return 'not_a_number';
  if (isPremium(number)) return 'premium';
  if (!countries.includes(countryOf(number) ?? '')) return 'country_blocked';
  return personal.has(read(number)?.getType()) ? undefined : 'not_a_number';
}

function read(number: string): PhoneNumber | undefined {
  const found = parsePhoneNumberFromString(number);
  return found?.isValid() ? found : undefined;
}
