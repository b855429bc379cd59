/** Characters (code points of the NFC form) that anybody may type into a field: of passwords far above the 64 that NIST wants accepted, and a bound on what is hashed. */
export const longestTyped = 256;

const longestName = 80;

/** Nothing that a terminal obeys, a reader does not see or a line ends with: controls, format and direction marks, separators of lines. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** Letters with their marks, digits, and the few signs that names are written with: nothing unseen, and nothing that makes markup or an address. */
const strange = /[^\p{L}\p{M}\p{N} '’&()+,.:!?#*–—_-]/gu;
/** Mail programs make links of what looks like a host ("evil.example", "www.1") or a scheme ("mailto:"). An address's own dots and colons stay: 192.0.2.x, 2001:db8:1:x. */
const linking = /(?<!\p{N})\.(?=\S)|\.(?=[\p{L}\p{M}]{2})|(?<![0-9a-f]):(?=\S)/gu;

/** A name that somebody chose, as a mail or a text may hold it: one short line of plain text that no program makes a link of. */
export function plainName(name: string): string {
  const line = name.replace(strange, ' ').replace(linking, ' ').replace(/ +/g, ' ').trim(); // guard: names-plain, names-no-mail-links
  const characters = [...line];
  return characters.length > longestName ? `${characters.slice(0, longestName - 1).join('')}…` : line; // guard: mail-names-short
}

/** Whatever takes no room where it is shown, or turns the direction of what stands beside it: also tags, fillers and variation selectors (Unicode, Default_Ignorable_Code_Point). */
const ignorable = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Joiners make letters of Persian and of Indian scripts, and pictures of several; elsewhere they are unseen like all the rest. So does the selector that colours a picture. */
const atWork =
  /(?<=[\p{L}\p{M}])[\u200c\u200d](?=\p{L})|(?<=\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)\u200d(?=\p{Extended_Pictographic})|(?<=\p{Extended_Pictographic})\ufe0f/gu;

/** A name as it is seen: nothing that is unseen could make it say something else, or be another name that looks the same. */
export function seenName(name: string): string {
  const joining = [...name.matchAll(atWork)].map(({ index }) => index);
  return name.replace(ignorable, (sign, index: number) => (joining.includes(index) ? sign : '')).trim();
}

/** What nobody means to type, and what comes along with a copy: blanks that can be none of it are the caller's affair. */
export function withoutIgnorable(text: string): string {
  return text.replace(/[\p{Default_Ignorable_Code_Point}\t\n\r]/gu, '');
}

/** One line that holds nothing but what is seen. */
export function withoutUnseen(text: string): string {
  return text.replace(unseen, ' ');
}
