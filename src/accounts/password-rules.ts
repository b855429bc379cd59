import { longestTyped } from '../platform/plain-text.ts';
import { isCommonPassword } from './common-passwords.ts';
import { isRuns, repeatedUnit } from './regular-password.ts';

export interface PasswordFault {
  readonly code: 'password_short' | 'password_long' | 'password_common' | 'password_regular' | 'password_own';
  readonly params?: Readonly<Record<string, string | number>>;
}

export interface PasswordContext {
  /** Code points: 8 where a second factor is always asked, 15 where a password alone can sign in (NIST SP 800-63B-4 section 3.1.1.2). */
  readonly minimum: number;
  /** Canonical. */
  readonly email: string;
  /** Canonical. */
  readonly username?: string;
  readonly productName: string;
}

/** What is repeated and no longer than that is no secret, however often. */
const shortestUnit = 5;

/** Why a new password is refused, or undefined. No rule asks for kinds of characters; the whole value is judged, never a part. */
export function passwordFault(password: string, context: PasswordContext): PasswordFault | undefined {
  const { minimum, productName } = context;
  const length = [...password.normalize('NFC')].length;
  if (length < minimum) return { code: 'password_short', params: { min: minimum } }; // guard: password-minimum
  if (length > longestTyped) return { code: 'password_long', params: { max: longestTyped } }; // guard: password-maximum
  const folded = fold(password);
  const unit = repeatedUnit(folded);
  if (isCommonPassword(folded) || isCommonPassword(unit)) return { code: 'password_common' }; // guard: common-password-refused
  if (isOwn(folded, context) || isOwn(unit, context)) return { code: 'password_own', params: { product: productName } };
  if ([...unit].length < shortestUnit || isRuns(unit)) return { code: 'password_regular' }; // guard: patterned-password-refused
  return undefined;
}

/** What whoever knows the address tries first, with a year, a number or a mark before or behind it. */
function isOwn(folded: string, { email, username, productName }: PasswordContext): boolean {
  const [localPart = ''] = email.split('@');
  const whole = [email, localPart, username ?? '', productName].map(fold); // guard: own-words-refused
  const words = whole.slice(1).flatMap((text) => [text, ...text.split(notLetters)]);
  return whole.includes(folded) || words.map(lettersOf).filter(isWord).includes(lettersOf(folded)); // guard: own-word-with-digits-refused
}

const notLetters = /[^\p{L}\p{M}]+/u;

/** Without the digits and marks at both ends and inside. */
function lettersOf(text: string): string {
  return text.split(notLetters).join('');
}

/** Two letters may begin or end a password by chance. */
function isWord(letters: string): boolean {
  return letters.length > 2;
}

/** For comparing with lists only: what is hashed keeps its case and its characters. */
function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase(); // guard: common-password-any-case
}
