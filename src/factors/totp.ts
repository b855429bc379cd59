import { randomBytes } from 'node:crypto';
import { generateURI, ScureBase32Plugin } from 'otplib';
import QRCode from 'qrcode';
import { z } from 'zod';
import type { Account, AccountId, EnrolledFactor } from '../accounts/account.ts';
import type { Cipher } from '../platform/cipher.ts';
import { defined } from '../platform/defined.ts';
import type { Taken } from '../protection/budgets.ts';
import { codeField } from './code.ts';
import type { Enrolment, FactorGuessedAtOnce, PageFacts, PendingEnrolment, Proof, Verdict } from './factor.ts';
import { type Additions, addFactor, nameField } from './first-factor.ts';
import { totp } from './kinds.ts';
import { pendingTotpData, type TotpData, totpData } from './totp-data.ts';
import { digits, matchedStep, periodSeconds, stepMatchedEvenly } from './totp-match.ts';

/** The port to the spent steps. */
export interface TotpSteps {
  /**
   * Takes one guess from this active account's budget and, within it, spends the step that the code was of (RFC 6238 section
   * 5.2): moves the counter of its factor to a greater step and, unless it keeps them, gives the guesses back. Right or wrong it is one and the same
   * write. `spent` for exactly one caller per step.
   */
  guess(at: {
    readonly accountId: AccountId;
    readonly factorId: string;
    /** Absent where the code was of none. */
    readonly step?: number;
    /** A reset gives none back, and its right answer costs none. */
    readonly keepsGuesses?: boolean;
    readonly now: Date;
  }): Promise<{ readonly taken: Taken; readonly spent: boolean }>;
  /** From now on this step of the factor is never accepted. */
  refuse(step: { readonly accountId: AccountId; readonly factorId: string; readonly step: number }): Promise<void>;
}

export interface TotpAnswer {
  /** Six ASCII digits. */
  readonly code: string;
}

export interface TotpEnrolmentAnswer extends TotpAnswer {
  /** What the owner calls the device; '' when nothing was given. */
  readonly name: string;
}

export interface TotpDeps extends Additions {
  readonly timeSteps: TotpSteps;
  readonly cipher: Pick<Cipher, 'seal' | 'open'>;
  /** What the authenticator app shows above the code. */
  readonly issuerName: string;
  /** The only clock: no time from a request is ever read. */
  readonly now: () => Date;
}

const { kind } = totp;
/** RFC 4226 section 4, requirement R6. */
const secretBytes = 20; // guard: totp-secret-160-bits
/** How far off a clock is looked for, either way: 96 steps, a hash each, and only after a wrong answer; the library allows no more. */
const searchedSeconds = 24 * 60;

const rejected: Verdict = { outcome: 'rejected', reason: 'wrong' };
const raced: Verdict = { outcome: 'rejected', reason: 'raced' };

const answer = z.object({ code: codeField(digits) });
const shown = z.object({ digits: z.int() });
const keyShown = z.object({
  /** A picture as a data URL. */
  qr: z.string(),
  secret: z.string(),
  otpauth: z.string(),
  digits: z.int(),
  endsAt: z.iso.datetime(),
  secondsToEnd: z.int(),
});
const enrolmentAnswer = z.object({
  code: codeField(digits),
  name: nameField(),
});

/** An authenticator app: six digits of 30 seconds by SHA-1, which is what every app computes (RFC 6238). */
export function totpFactor(deps: TotpDeps): FactorGuessedAtOnce<TotpAnswer> {
  return {
    ...totp,
    answer,
    shows: shown,
    offers: (account) => enrolled(account).map(({ id, name }) => ({ kind, id, label: name })),
    facts: async () => ({ digits }),
    // Whatever rests on the match waits for the write: of a burst the right code would else come before the wrong ones.
    async guess({ flow, account, offer, answer: { code }, now }) {
      const looked = lookedAt(deps.cipher, { account, factorId: offer.id, code, now });
      const step = looked && matchedStepOf(looked);
      const keepsGuesses = flow.purpose === 'reset'; // guard: reset-keeps-guesses-app
      const ids = { accountId: account.id, factorId: offer.id, keepsGuesses };
      const { taken, spent } = await deps.timeSteps.guess({ ...ids, ...defined({ step }), now }); // guard: totp-matched-step-spent
      if (spent) return { taken, verdict: accepted(offer.id, now) }; // guard: totp-accepted-once-spent
      if (taken.state !== 'taken' || !looked) return { taken, verdict: rejected }; // guard: totp-over-budget-nothing-sought
      return { taken, verdict: step === undefined ? await outOfTime(deps.timeSteps, looked) : raced };
    },
    enrolment: totpEnrolment(deps),
  };
}

/** A code beside what the account held when it was read. */
interface Looked {
  readonly account: Account;
  readonly factor: EnrolledFactor;
  readonly secret: string;
  readonly code: string;
  readonly now: Date;
}

function lookedAt(
  cipher: TotpDeps['cipher'],
  { factorId, ...typed }: Pick<Looked, 'account' | 'code' | 'now'> & { readonly factorId: string },
): Looked | undefined {
  const factor = enrolled(typed.account).find(({ id }) => id === factorId); // guard: totp-gone-factor-rejected
  if (!factor) return undefined;
  const secret = cipher.open(totpData(factor).sealedSecret, sealContext(typed.account.id, factor.id));
  return { ...typed, factor, secret };
}

/** Of the steps around now that were neither spent nor refused when the account was read. */
function matchedStepOf({ factor, ...typed }: Looked): number | undefined {
  const { lastStep, refusedSteps } = totpData(factor);
  const step = stepMatchedEvenly({ ...typed, after: lastStep });
  return step !== undefined && refusedSteps?.includes(step) ? undefined : step; // guard: totp-refused-step-matches-none
}

/** A phone whose clock is off shows codes of another time. They are told apart from guesses, and refused for good. */
async function outOfTime(timeSteps: TotpSteps, looked: Looked): Promise<Verdict> {
  const { account, factor, secret, code, now } = looked;
  const step = matchedStep({ secret, code, now, toleranceSeconds: searchedSeconds });
  const current = Math.floor(now.getTime() / 1000 / periodSeconds);
  // A code of these very steps that was used before tells nothing about a clock.
  if (step === undefined || Math.abs(step - current) <= 1) return rejected;
  // A step to come: whoever typed its code early has been told that it was right.
  if (step > current) await timeSteps.refuse({ accountId: account.id, factorId: factor.id, step });
  return { outcome: 'rejected', reason: 'wrong', clockOffSeconds: (step - current) * periodSeconds };
}

function totpEnrolment({ cipher, issuerName, now, ...additions }: TotpDeps): Enrolment<TotpEnrolmentAnswer> {
  const openPending = (account: Account, pending: PendingEnrolment) =>
    cipher.open(pendingTotpData(pending).sealedSecret, sealContext(account.id, pending.factorId));

  return {
    shows: keyShown,
    showsSecret: true,
    answer: enrolmentAnswer,
    start({ account, factorId, data }) {
      const begun = () => ({ sealedSecret: cipher.seal(newSecret(), sealContext(account.id, factorId)) });
      return { data: data ?? begun() };
    },
    facts: async (_flow, account, pending) =>
      keyFacts({
        secret: openPending(account, pending),
        email: account.email,
        issuerName,
        endsAt: pending.expiresAt,
        now: now(),
      }),
    async confirm({ flow, account, pending, answer: { code, name } }) {
      const at = now();
      if (pending.kind !== kind || pending.expiresAt <= at) return rejected; // guard: totp-enrolment-ends
      const step = matchedStep({ secret: openPending(account, pending), code, now: at });
      if (step === undefined) return rejected;
      const { factorId: id } = pending;
      const data: TotpData = { ...pendingTotpData(pending), lastStep: step }; // guard: totp-confirming-step-spent
      const factor = { id, kind, name, createdAt: at, lastUsedAt: at, data };
      return (await addFactor(additions, { flow, account }, factor)) ? accepted(id, at) : rejected; // guard: totp-bound-when-added
    },
  };
}

function enrolled(account: Account): readonly EnrolledFactor[] {
  return account.factors.filter((factor) => factor.kind === kind);
}

function accepted(factorId: string, at: Date): Verdict {
  const { amr, level } = totp;
  const proof: Proof = { kind, factorId, amr, level, at };
  return { outcome: 'accepted', proof };
}

/** A secret copied to another row cannot be opened there: open throws, which is a fault of ours and never "wrong". */
function sealContext(accountId: AccountId, factorId: string): string {
  return `account:${accountId}:factor:${factorId}`; // guard: totp-secret-sealed-to-factor
}

function newSecret(): string {
  return new ScureBase32Plugin().encode(randomBytes(secretBytes));
}

async function keyFacts(key: {
  readonly secret: string;
  readonly email: string;
  readonly issuerName: string;
  readonly endsAt: Date;
  readonly now: Date;
}): Promise<PageFacts> {
  const { secret, endsAt } = key;
  const otpauth = otpauthUri(key);
  const secondsToEnd = Math.max(0, Math.ceil((endsAt.getTime() - key.now.getTime()) / 1000));
  return { qr: await qrCode(otpauth), secret, otpauth, digits, endsAt: endsAt.toISOString(), secondsToEnd };
}

/** The Key URI format of authenticator apps; a colon in the issuer would end it there, and what equals a default is told too. */
function otpauthUri(key: { readonly issuerName: string; readonly email: string; readonly secret: string }): string {
  const issuer = key.issuerName.replaceAll(':', ' ');
  const uri = generateURI({ strategy: 'totp', issuer, label: key.email, secret: key.secret });
  return `${uri}&algorithm=SHA1&digits=${digits}&period=${periodSeconds}`;
}

/** Drawn here: the secret never goes to another host. Colours are attributes, which a policy without inline styles allows. */
function qrCode(text: string): Promise<string> {
  return QRCode.toString(text, {
    type: 'svg',
    margin: 4,
    errorCorrectionLevel: 'M',
    color: { dark: '#000000', light: '#ffffff' },
  });
}
