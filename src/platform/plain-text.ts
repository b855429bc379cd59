const longestName = 80;

/** Nothing that a terminal obeys, a reader does not see or a line ends with: controls, format and direction marks, separators of lines. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** Letters with their marks, digits, and the few signs that names are written with: nothing unseen, and nothing that makes markup or an address. */
const strange = /[^\p{L}\p{M}\p{N} '’&()+,.:!?#*–—_-]/gu;
/** Mail programs make links of what looks like a host ("evil.example", "www.1") or a scheme ("mailto:"). An address's own dots and colons stay: 192.0.2.x, 2001:db8:1:x. */
const linking = /(?<!\p{N})\.(?=\S)|\.(?=[\p{L}\p{M}]{2})|(?<![0-9a-f]):(?=\S)/gu;

/** A name that somebody chose, as a mail or a text may hold it: one short line of plain text that no program makes a link of. */
export function plainName(name: string): string {
  const line = name.replace(strange, ' ').replace(linking, ' ').replace(/ +/g, ' ').trim();
  const characters = [...line];
  return characters.length > longestName ? `${characters.slice(0, longestName - 1).join('')}…` : line;
}

/** One line that holds nothing but what is seen. */
export function withoutUnseen(text: string): string {
  return text.replace(unseen, ' ');
}
