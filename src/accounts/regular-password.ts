/** Rows of keys as people run along them; letters and digits in their own order are runs by themselves. */
const keyRows = [
  '`1234567890-=',
  'qwertyuiop[]',
  'qwertzuiopü',
  'azertyuiop',
  'asdfghjkl;',
  'zxcvbnm,./',
  'yxcvbnm,.-',
];

/** Shorter ones come about by themselves: every third word has two letters in a row. */
const shortestRun = 3;

/** A password that is made of so few runs is one that is typed without thinking. */
const fewRuns = 3;

/** The shortest text whose repetition, the last time perhaps cut short, is the whole: of 'abcabca' it is 'abc'. */
export function repeatedUnit(text: string): string {
  const points = [...text];
  const length = points.findIndex((_, size) => size > 0 && points.every((point, at) => point === points[at % size]));
  return length > 0 && length <= points.length / 2 ? points.slice(0, length).join('') : text;
}

/** 'abcdefgh', 'aaaa1111' and 'qwerty123': nothing but runs along the alphabet, the digits, a row of keys or one key. Expects lower case. */
export function isRuns(folded: string): boolean {
  const points = [...folded];
  let runs = 0;
  for (let start = 0; start < points.length && runs <= fewRuns; runs += 1) {
    const length = longestRun(points.slice(start));
    start += length < shortestRun ? 1 : length;
  }
  return runs <= fewRuns;
}

function longestRun(points: readonly string[]): number {
  return Math.max(...walks.map((walk) => runAlong(points, walk)));
}

type Walk = (from: string, to: string) => boolean;

const apart = (from: string, to: string) => (to.codePointAt(0) ?? 0) - (from.codePointAt(0) ?? 0);
const isWordly = (text: string) => /^[\p{L}\p{Nd}]$/u.test(text);

/** One key again and again; one order or row, forwards or backwards. */
const walks: readonly Walk[] = [
  (from, to) => from === to,
  ...[1, -1].map(
    (step): Walk =>
      (from, to) =>
        isWordly(from) && isWordly(to) && apart(from, to) === step,
  ),
  ...keyRows
    .flatMap((row) => [row, [...row].reverse().join('')])
    .map(
      (row): Walk =>
        (from, to) =>
          row.includes(from + to),
    ),
];

function runAlong(points: readonly string[], walk: Walk): number {
  const end = points.findIndex((point, at) => at > 0 && !walk(points[at - 1] ?? '', point));
  return end === -1 ? points.length : end;
}
