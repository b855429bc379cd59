import { defined } from '../platform/defined.ts';
import type { AccountId } from './account.ts';
import { canonicalEmail, canonicalUsername } from './identifier.ts';
import { passwordFault } from './password-rules.ts';

/** A registration before its address is proved: an account row made earlier would wait to be hijacked. */
export interface PendingRegistration {
  readonly email: string;
  readonly username?: string;
  readonly passwordHash: string;
  /** The address already has an account: everything looks the same, and no code is right. */
  readonly known: boolean;
  /** Its owner goes back to the form: nothing of it is judged until the form is sent again. */
  readonly correcting?: boolean;
  /** The code was right; the account is not made yet (its username may be taken). */
  readonly confirmed?: boolean;
  /** Usernames that were asked for from then on. */
  readonly namesTried?: number;
  /** The account's id from then on: a double click finds the account that it made itself. */
  readonly accountId?: AccountId;
}

export interface RegistrationForm {
  readonly email?: string;
  readonly username?: string;
  readonly password?: string;
}

export interface RegistrationFault {
  readonly field: 'email' | 'username' | 'password';
  readonly code: string;
  readonly params?: Readonly<Record<string, string | number>>;
}

export type CheckedRegistration =
  | { readonly faults: readonly RegistrationFault[] }
  | { readonly faults?: never; readonly email: string; readonly username?: string; readonly password: string };

export type CheckedInvitation =
  | { readonly faults: readonly RegistrationFault[] }
  | { readonly faults?: never; readonly email: string; readonly username?: string };

/** All faults at once, from the form alone: whether the address or the name is taken is never asked here. */
export function checkRegistration(
  form: RegistrationForm,
  rules: { readonly minimum: number; readonly productName: string },
): CheckedRegistration {
  const { faults, email, username } = checkNames(form);
  const password = form.password ?? '';
  const fault = passwordFault(password, {
    ...rules,
    email: email ?? '', // guard: new-password-beside-address
    ...defined({ username }),
  });
  if (fault) faults.push({ field: 'password', ...fault });

  if (faults.length > 0 || email === undefined) return { faults };
  return { email, password, ...defined({ username }) };
}

/** The same for somebody who chooses a password later. */
export function checkInvitation(form: Omit<RegistrationForm, 'password'>): CheckedInvitation {
  const { faults, email, username } = checkNames(form);
  return faults.length > 0 || email === undefined ? { faults } : { email, ...defined({ username }) };
}

function checkNames(form: Omit<RegistrationForm, 'password'>) {
  const faults: RegistrationFault[] = [];
  const email = canonicalEmail(form.email ?? '');
  if (email === undefined) faults.push({ field: 'email', code: 'email_shape' });
  const username = checkUsername(form.username);
  if (username.fault) faults.push(username.fault);
  return { faults, email, username: username.name };
}

/** A username is optional; blank means none. */
export function checkUsername(typed: string | undefined): {
  readonly name?: string;
  readonly fault?: RegistrationFault;
} {
  if (typed === undefined || typed.trim() === '') return {};
  const name = canonicalUsername(typed);
  return name === undefined ? { fault: { field: 'username', code: 'username_shape' } } : { name };
}

export function newAccount(registration: PendingRegistration, id: AccountId, now: Date) {
  const { email, username, passwordHash } = registration;
  return { id, email, passwordHash, createdAt: now, ...defined({ username }) };
}
