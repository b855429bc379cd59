import type { Account } from '../../accounts/account.ts';
import type { KnownBrowser } from '../../protection/budgets.ts';
import type { FieldError } from '../outcome.ts';

const lately = 30 * 24 * 60 * 60_000;

/** That the password was forgotten and set anew: told where its owner signed in before, and to nobody else. */
export function changedLately(
  { id, mailboxUses }: Pick<Account, 'id' | 'mailboxUses'>,
  known: KnownBrowser | undefined,
  now: Date,
): readonly FieldError[] {
  if (!known?.accounts.includes(id)) return []; // guard: password-change-told-known-browser
  const { reset } = mailboxUses ?? {};
  const passed = reset ? now.getTime() - reset.at.getTime() : Number.POSITIVE_INFINITY;
  if (passed > lately) return [];
  return [{ field: '', code: 'password_changed_ago', params: { seconds: Math.ceil(passed / 1000) } }];
}
