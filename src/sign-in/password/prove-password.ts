import type { Account, Accounts, PasswordGuess } from '../../accounts/account.ts';
import { canonicalIdentifier } from '../../accounts/identifier.ts';
import type { Passwords } from '../../accounts/password.ts';
import type { Proof } from '../../factors/factor.ts';
import { Problem } from '../../platform/problem.ts';
import type { KnownBrowser } from '../../protection/budgets.ts';
import type { Events } from '../../protection/events.ts';
import type { Notices } from '../../protection/notices.ts';
import { blank } from '../blank.ts';
import type { usingDevice } from '../device/use-device.ts';
import type { Outcome, SignInStep } from '../outcome.ts';
import type { proceeding } from '../proceed.ts';
import { changedLately } from './changed-lately.ts';
import { nobody } from './nobody.ts';
import { passwordRefused } from './wrong-password.ts';

export interface PasswordForm {
  readonly identifier?: string;
  readonly password?: string;
  readonly stay: boolean;
}

export function provingPassword(deps: {
  readonly accounts: Accounts;
  readonly passwords: Passwords;
  readonly events: Events;
  readonly notices: Notices;
  /** The keyed hash of a client address's network. */
  readonly networkKey: (address: string | undefined) => string;
  readonly proceed: ReturnType<typeof proceeding>;
  readonly useDevice: ReturnType<typeof usingDevice>;
  readonly now: () => Date;
}) {
  const refuse = passwordRefused(deps);

  /** One answer, one cost and the same number of commands for unknown, wrong, waiting and disabled (ASVS 6.3.8). */
  return async function provePassword(
    step: SignInStep,
    form: PasswordForm,
    known: KnownBrowser | undefined,
  ): Promise<Outcome> {
    const missing = missingField(form);
    if (missing) return missing;

    const identifier = canonicalIdentifier(form.identifier ?? '') ?? nobody; // guard: odd-name-same-cost
    const { found, judged, right } = await judge(step, { identifier, password: form.password ?? '' }, known);
    if (!judged || !right) {
      // guard: wrong-password-refused
      await refuse({ origin: step.origin, clientId: step.request.clientId }, found);
      const hint = found ? changedLately(found.account, known, deps.now()) : [];
      return { outcome: 'invalid', errors: [{ field: '', code: 'password_rejected' }, ...hint] };
    }
    await rehash(judged, form.password ?? '');
    const change = proved(judged, { identifier, stay: form.stay, known });
    const remembered = await deps.useDevice(step, judged);
    const proofs = remembered ? [...change.proofs, remembered] : change.proofs;
    return deps.proceed(step, { account: judged, change: { ...change, proofs } });
  };

  async function judge(
    { origin }: SignInStep,
    { identifier, password }: { readonly identifier: string; readonly password: string },
    known: KnownBrowser | undefined,
  ) {
    let found: PasswordGuess | undefined;
    let judged: Account | undefined;
    const attempt = { identifier, network: deps.networkKey(origin.address), ...(known ? { known } : {}) };
    const right = await deps.passwords.verify(async () => {
      found = await deps.accounts.takePasswordGuess({ ...attempt, now: deps.now() });
      judged = found && found.guess.state === 'taken' && found.account.active ? found.account : undefined; // guard: waiting-password-not-judged, disabled-password-not-judged
      return judged?.passwordHash;
    }, password);
    return { found, judged, right };
  }

  function proved(account: Account, { identifier, stay, known }: Given) {
    const proof: Proof = { kind: 'password', amr: ['pwd'], level: '1fa', at: deps.now() };
    const fresh = { shown: identifier, accountId: account.id, sessionVersion: account.sessionVersion, proofs: [proof] }; // guard: attempt-keeps-version
    // Proofs of whoever was here before go in the same write: facts belong to one person (CVE-2026-18963).
    return { ...blank, ...fresh, ...(stay ? { stay } : {}), ...knownTo(account, known) }; // guard: password-clears-earlier-proofs
  }

  async function rehash(account: Account, password: string): Promise<void> {
    const from = account.passwordHash;
    if (from === undefined || !deps.passwords.needsRehash(from)) return;
    const to = await deps.passwords.hash(password).catch(busy); // guard: full-queue-keeps-sign-in
    if (to !== undefined) await deps.accounts.rehash({ id: account.id, from, to });
  }
}

interface Given {
  readonly identifier: string;
  readonly stay: boolean;
  readonly known: KnownBrowser | undefined;
}

/** To this very account, and to nobody else's who signs in there. */
function knownTo({ id }: Account, known: KnownBrowser | undefined): { knownBrowser?: true } {
  return known?.accounts.includes(id) ? { knownBrowser: true } : {}; // guard: browser-known-to-account
}

/** A full queue must not turn a right password away: its hash is renewed at another sign-in. */
function busy(error: unknown): undefined {
  if (!(error instanceof Problem) || error.code !== 'busy') throw error;
}

function missingField(form: PasswordForm): Outcome | undefined {
  const errors = [
    ...(form.identifier?.trim() ? [] : [{ field: 'identifier', code: 'missing' }]),
    ...(form.password ? [] : [{ field: 'password', code: 'missing' }]),
  ];
  return errors.length > 0 ? { outcome: 'invalid', errors } : undefined;
}
