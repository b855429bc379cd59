import type { Accounts } from '../../accounts/account.ts';
import type { Passwords } from '../../accounts/password.ts';
import {
  checkRegistration,
  checkUsername,
  newAccount,
  type PendingRegistration,
  type RegistrationForm,
} from '../../accounts/registration.ts';
import { stillProved } from '../../accounts/still-proved.ts';
import type { AwaitedCode } from '../../delivery/code.ts';
import type { DeliveredCodes } from '../../delivery/delivered-codes.ts';
import type { Proof } from '../../factors/factor.ts';
import { defined } from '../../platform/defined.ts';
import { randomId } from '../../platform/random.ts';
import { type Events, eventSubject } from '../../protection/events.ts';
import type { Attempts } from '../attempt.ts';
import { blank } from '../blank.ts';
import type { delivering } from '../delivery/deliver.ts';
import { standingCode } from '../delivery/earlier-code.ts';
import { invalid, moved, type Outcome, type SignInStep } from '../outcome.ts';
import type { proceeding } from '../proceed.ts';

/** Usernames that one registration may ask for once its mailbox is proved; nobody needs so many to find one. */
const mostNames = 20; // guard: twenty-usernames

export function registering(deps: {
  readonly accounts: Accounts;
  readonly attempts: Attempts;
  readonly passwords: Passwords;
  readonly deliveredCodes: DeliveredCodes;
  readonly events: Events;
  readonly deliver: ReturnType<typeof delivering>;
  readonly proceed: ReturnType<typeof proceeding>;
  readonly rules: { readonly minimum: number; readonly productName: string };
  readonly now: () => Date;
}) {
  return { register, correctRegistration, chooseUsername, createAccount };

  /** The same page, the same time and one mail, whether the address has an account or not (ASVS 6.3.8): only the mail tells its owner. */
  async function register(step: SignInStep, form: RegistrationForm): Promise<Outcome> {
    const checked = checkRegistration(form, deps.rules);
    if (checked.faults) return { outcome: 'invalid', errors: checked.faults };

    const known = (await deps.accounts.findByEmail(checked.email)) !== undefined;
    const passwordHash = await deps.passwords.hash(checked.password); // guard: known-address-same-hash
    const { email, username } = checked;
    const registration: PendingRegistration = {
      email,
      passwordHash,
      known,
      ...defined({ username }),
    };
    const awaited: AwaitedCode = { purpose: 'registration', courier: 'mail', destination: email };
    const { accountId: _, ...nobody } = step.attempt;
    const deliveredCode = standingCode(nobody, awaited, deps.now()) ?? deps.deliveredCodes.awaiting(awaited);
    const change = { ...blank, shown: email, registration, deliveredCode };
    const attempt = await deps.attempts.advance(step.attempt, change, deps.now());
    if (attempt) await deps.deliver({ ...step, attempt });
    return moved;
  }

  /** Back to the form with what was typed: a mistyped address costs none of the rest. Sent again it takes the place of the whole. */
  async function correctRegistration({ attempt }: SignInStep): Promise<Outcome> {
    const pending = attempt.registration;
    if (pending && !pending.confirmed)
      await deps.attempts.advance(attempt, { registration: { ...pending, correcting: true } }, deps.now());
    return moved;
  }

  /** The name was taken when the account was to be made: asked anew, and only now, after the mailbox was proved. */
  async function chooseUsername(step: SignInStep, form: { readonly username?: string }): Promise<Outcome> {
    const { name, fault } = checkUsername(form.username);
    if (fault) return { outcome: 'invalid', errors: [fault] };
    const pending = step.attempt.registration;
    if (!pending?.confirmed) return moved; // guard: username-after-mailbox
    const { username: _taken, ...rest } = pending;
    return name === undefined ? createAccount(step, rest) : tryUsername(step, { ...rest, username: name });
  }

  /** Taken before it is asked for, so that of any number of names at once one is answered: whoever has a mailbox must not read the names of all others out of here. */
  async function tryUsername(step: SignInStep, wished: PendingRegistration): Promise<Outcome> {
    const namesTried = (wished.namesTried ?? 0) + 1;
    if (namesTried > mostNames) return invalid('username', 'usernames_spent'); // guard: registration-names-counted
    const registration = { ...wished, namesTried };
    const attempt = await deps.attempts.advance(step.attempt, { registration }, deps.now());
    return attempt ? createAccount({ ...step, attempt }, registration) : moved; // guard: username-one-write
  }

  async function createAccount(step: SignInStep, registration: PendingRegistration): Promise<Outcome> {
    const now = deps.now();
    const fresh = newAccount(registration, registration.accountId ?? randomId(), now);
    const made = await deps.accounts.create(fresh);
    if (made === 'username_taken')
      return { outcome: 'invalid', errors: [{ field: 'username', code: 'username_taken' }] };
    // Somebody proved the same address in another attempt meanwhile: that account signs in as any other does.
    if (made === 'email_taken') return deps.proceed(step, { account: undefined, change: blank }); // guard: existing-account-not-taken

    if (made === 'created') await recordRegistration(step, fresh.id);
    const asMade = { accountId: fresh.id, sessionVersion: 0 };
    // Made long ago by this attempt and changed since: it proves nothing here any more.
    const account = stillProved(await deps.accounts.find(fresh.id), asMade); // guard: changed-registration-no-proof
    const proofs: readonly Proof[] = [
      { kind: 'password', amr: ['pwd'], level: '1fa', at: now },
      { kind: 'mailbox', amr: [], level: '1fa', at: now },
    ];
    return deps.proceed(step, {
      account,
      change: { ...blank, ...asMade, shown: fresh.email, proofs },
    });
  }

  function recordRegistration({ request, origin }: SignInStep, accountId: string): Promise<void> {
    const who = eventSubject({ accountId, clientId: request.clientId, origin });
    return deps.events.append({ at: deps.now(), kind: 'registration', result: 'success', ...who });
  }
}
