import type { Account } from '../accounts/account.ts';
import { stillProved } from '../accounts/still-proved.ts';
import type { DeliveredCodes } from '../delivery/delivered-codes.ts';
import type { Factor } from '../factors/factor.ts';
import { hashId } from '../platform/hash.ts';
import type { Origin } from '../platform/origin.ts';
import type { Events } from '../protection/events.ts';
import type { AccountChangeAttempt, AttemptChange, Attempts } from '../sign-in/attempt.ts';
import { blankFrom, changeButCode } from '../sign-in/blank.ts';
import { type DeliveryReport, delivering } from '../sign-in/delivery/deliver.ts';
import { next } from '../sign-in/next.ts';
import { type ChangeStep, moved, type Outcome } from '../sign-in/outcome.ts';
import { proceeding } from '../sign-in/proceed.ts';
import type { SessionRecord } from '../sign-in/sessions.ts';

/** Whoever is signed in and changes the own account. */
export interface Changer {
  readonly account: Account;
  readonly session: Pick<SessionRecord, 'id'>;
  readonly origin: Origin;
}

export interface AccountChangeDeps {
  readonly attempts: Attempts;
  readonly deliveredCodes: DeliveredCodes;
  readonly factors: readonly Factor[];
  readonly events: Events;
  readonly report: DeliveryReport;
  /** The account area itself. */
  readonly client: { readonly clientId: string; readonly name: string };
  readonly now: () => Date;
}

export type AccountChanges = ReturnType<typeof accountChanges>;

/** However often what is pending in it is renewed: whoever began it proved to be the owner then, and not for ever. */
const lifeMilliseconds = 30 * 60_000;

const doubleClickMilliseconds = 5_000;

/**
 * A change that takes several pages, kept as a sign-in is and driven by the same use cases. One runs in each session: its key
 * is made of the session's, so that it is out of reach for every other browser and dies with the session. It ends too
 * when the account changes in a way that ends sign-ins.
 */
export function accountChanges(deps: AccountChangeDeps) {
  const proceed = proceeding({
    ...deps,
    deliver: delivering(deps),
    ending: { lastChange: async () => ({ finishedAt: deps.now() }), settle: async () => {} },
  });
  return { find, begin, cancel };

  /** What a form of the change sees; undefined where none runs. */
  async function find(changer: Changer): Promise<ChangeStep | undefined> {
    const attempt = await stored(changer);
    const step = attempt && stepOf(changer, attempt);
    return step && !attempt.finishedAt && !overtaken(step) && next(step) !== 'over' ? step : undefined; // guard: finished-change-over
  }

  /** In the place of whatever this session had begun before. The caller has asked for a fresh proof. */
  async function begin(changer: Changer, begun: Pick<AttemptChange, 'enrolment' | 'recovery'>): Promise<Outcome> {
    const attempt = (await stored(changer)) ?? (await opened(changer));
    if (!attempt || isPressedTwice(attempt, begun, deps.now())) return moved; // guard: change-begun-once
    const { account } = changer;
    const { id: accountId, sessionVersion, email: shown } = account;
    const life = { expiresAt: endOf(deps.now()), finishedAt: undefined };
    return proceed(stepOf(changer, attempt), {
      account,
      change: { ...blankFrom(attempt), ...life, accountId, sessionVersion, shown, ...begun },
    });
  }

  async function cancel(changer: Changer): Promise<void> {
    const attempt = await stored(changer);
    const now = deps.now();
    if (attempt) await deps.attempts.advance(attempt, { ...changeButCode, finishedAt: now }, now);
  }

  async function stored({ session }: Changer): Promise<AccountChangeAttempt | undefined> {
    const attempt = await deps.attempts.find(idOf(session), deps.now());
    return attempt?.purpose === 'change' ? attempt : undefined;
  }

  async function opened(changer: Changer): Promise<AccountChangeAttempt | undefined> {
    const now = deps.now();
    const { id: sessionId } = changer.session;
    const { clientId } = deps.client;
    await deps.attempts.openChange({ id: idOf(changer.session), clientId, expiresAt: endOf(now), sessionId }, now);
    return stored(changer);
  }

  /** An account that is another one, or changed since the change was begun, has none running. */
  function stepOf({ account, origin }: Changer, attempt: AccountChangeAttempt): ChangeStep {
    return {
      attempt,
      account: stillProved(account, attempt), // guard: overtaken-change-over
      origin,
      clientName: deps.client.name,
      now: deps.now(),
    };
  }
}

/** The other half of a double click: to begin anew would make the code worthless that the first half sends, and send none in its place. */
function isPressedTwice(attempt: AccountChangeAttempt, begun: Pick<AttemptChange, 'enrolment'>, now: Date): boolean {
  const { finishedAt, expiresAt, enrolment } = attempt;
  const begunAt = expiresAt.getTime() - lifeMilliseconds;
  if (finishedAt || now.getTime() - begunAt >= doubleClickMilliseconds) return false;
  return begun.enrolment !== undefined && enrolment?.kind === begun.enrolment.kind;
}

/** Another set was saved since: the codes that wait here will never count, and nobody is to write them down. */
function overtaken({ account, attempt: { recovery } }: ChangeStep): boolean {
  if (!account || !recovery) return false;
  const current = account.recovery?.salt;
  return current !== recovery.salt && current !== recovery.replaces;
}

function idOf({ id }: Changer['session']): string {
  return hashId(`account-change:${id}`); // guard: change-bound-to-session
}

function endOf(now: Date): Date {
  return new Date(now.getTime() + lifeMilliseconds);
}
