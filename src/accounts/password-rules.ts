import { isCommonPassword } from './common-passwords.ts';

export interface PasswordFault {
  readonly code: 'password_short' | 'password_long' | 'password_common' | 'password_own';
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

/** Code points. Far above the 64 that NIST wants accepted, and a bound on what is hashed. */
const maximum = 256;

/** Why a new password is refused, or undefined. No rule asks for kinds of characters; the whole value is compared, never a part. */
export function passwordFault(password: string, context: PasswordContext): PasswordFault | undefined {
  const { minimum, productName } = context;
  const length = [...password.normalize('NFC')].length;
  if (length < minimum) return { code: 'password_short', params: { min: minimum } };
  if (length > maximum) return { code: 'password_long', params: { max: maximum } };
  const folded = fold(password);
  if (isCommonPassword(folded)) return { code: 'password_common' };
  if (ownWords(context).includes(folded)) return { code: 'password_own', params: { product: productName } };
  return undefined;
}

/** What whoever knows the address tries first. */
function ownWords({ email, username, productName }: PasswordContext): readonly string[] {
  const [localPart = ''] = email.split('@');
  return [email, localPart, username ?? '', productName].map(fold);
}

/** For comparing with lists only: what is hashed keeps its case and its characters. */
function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
