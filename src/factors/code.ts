import { z } from 'zod';

/** Exactly so many ASCII digits, after tidying (letters of an input method, blanks and hyphens); anything else is told before a guess is taken. */
export function codeField(digits: number) {
  return z
    .string('code_shape')
    .transform(tidyCode)
    .pipe(z.string().regex(new RegExp(`^[0-9]{${digits}}$`), 'code_shape'));
}

/** Drops blanks, hyphens and invisible marks of every kind and writes all scripts' decimal digits as ASCII: apps show "123 456", keyboards type '１２３' or '١٢٣'. */
export function tidyCode(typed: string): string {
  return typed
    .replace(/[\s\p{Z}\p{Cf}\p{Pd}\u2212\u30fc\uff70]/gu, '')
    .replace(/\p{Nd}/gu, (digit) => `${digitValue(digit)}`);
}

/** Unicode keeps each script's decimal digits in one run of ten that begins with its zero (UAX #44, Numeric_Type=Decimal). */
function digitValue(digit: string): number {
  const codePoint = digit.codePointAt(0) ?? 0;
  let first = codePoint;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
  return (codePoint - first) % 10;
}
