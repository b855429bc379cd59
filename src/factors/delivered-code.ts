import { z } from 'zod';
import type { Account, AccountId, EnrolledFactor } from '../accounts/account.ts';
import type { DeliveredCode, Destination } from '../delivery/code.ts';
import type { DeliveredCodes } from '../delivery/delivered-codes.ts';
import { codeField } from './code.ts';
import { codeFacts, codeShape, secondsTo } from './code-facts.ts';
import { type DeliveredData, deliveredData, pendingDestination } from './delivered-data.ts';
import type {
  DestinationField,
  Enrolment,
  FactorGuessedBefore,
  Flow,
  Offer,
  PendingEnrolment,
  Proof,
  Verdict,
} from './factor.ts';
import { type Additions, addFactor, nameField } from './first-factor.ts';
import type { FactorKind, Masked } from './kind.ts';

/** The port to the sent codes of flows and to the factors that they prove. */
export interface DeliveredCodeSpends {
  /** True for exactly one caller per code: it is gone from its flow, and no longer past its end. Proves nothing by itself about an account. */
  spend(use: { readonly flowId: string; readonly hash: string; readonly now: Date }): Promise<boolean>;
  /** Notes the use of this active account's factor and, unless it keeps them, gives the guesses back in the same write; false where it holds no such factor at this destination any more. */
  used(use: {
    readonly accountId: AccountId;
    readonly factorId: string;
    readonly destination: string;
    readonly keepsGuesses?: boolean;
    readonly now: Date;
  }): Promise<boolean>;
}

export interface DeliveredCodeAnswer {
  readonly code: string;
}

export interface DeliveredCodeDeps extends Additions {
  readonly deliveredCodes: DeliveredCodes;
  readonly spends: DeliveredCodeSpends;
  readonly now: () => Date;
}

/** What tells one courier's factor from the other's. */
export interface DeliveredKind extends Omit<FactorKind, 'courier'>, Pick<Destination, 'courier'> {
  masked(factor: Pick<EnrolledFactor, 'data'>): Masked;
  /** Name of the field in which its owner types where the codes go. */
  readonly destinationField: string;
  /** The canonical destination, or the code of the sentence that tells why nothing can be sent there. */
  read(typed: string): { readonly destination: string } | { readonly fault: string };
  /** The destination that its owner need not type: the account's own address. */
  initial?(account: Account): string;
}

export const challengeShown = z.object({ digits: z.int(), sentTo: z.string().exactOptional(), ...codeShape });

const { secondsToNextSend, secondsToEnd } = codeShape;
/** Nothing is sent before its owner has said where to, nor where that was proved just now. */
const enrolmentShown = z.object({
  digits: z.int(),
  proved: z.boolean().exactOptional(),
  sentTo: z.string().exactOptional(),
  ...codeShape,
  secondsToNextSend: secondsToNextSend.exactOptional(),
  secondsToEnd: secondsToEnd.exactOptional(),
});

const rejected: Verdict = { outcome: 'rejected', reason: 'wrong' };
const raced: Verdict = { outcome: 'rejected', reason: 'raced' };

/** Digits that a courier carries to a mailbox or a phone that was proved before: e-mail and SMS are one factor with two couriers. */
export function deliveredCodeFactor(
  which: DeliveredKind,
  deps: DeliveredCodeDeps,
): FactorGuessedBefore<DeliveredCodeAnswer> {
  const { courier, destinationField: _, read: _read, initial: _initial, ...declared } = which;
  const { kind } = declared;
  const { digits } = deps.deliveredCodes;
  const enrolled = (account: Account, id: string) =>
    account.factors.find((factor) => factor.kind === kind && factor.id === id);
  const destinationOf = (account: Account, { id }: Offer): Destination | undefined => {
    const factor = enrolled(account, id);
    return factor && { courier, ...deliveredData(factor) };
  };
  return {
    ...declared,
    answer: z.object({ code: codeField(digits) }),
    shows: challengeShown,
    offers: (account) => account.factors.filter((factor) => factor.kind === kind).map((factor) => offer(which, factor)),
    destination: destinationOf,
    start({ account, offer }) {
      const send = destinationOf(account, offer);
      return send ? { send } : {};
    },
    facts: async ({ deliveredCode }, { id, destination }) => ({
      digits,
      sentTo: destination,
      ...codeFacts(deliveredCode?.factorId === id ? deliveredCode : undefined, deps.now()),
    }),
    async verify({ flow, account, offer: { id }, answer: { code } }) {
      const factor = enrolled(account, id);
      const sent = runningCode(flow, { purpose: 'sign-in', factorId: id }, deps.now());
      // Sent to what was this factor's destination then: since changed, it proves nothing about the new one.
      if (!factor || !sent) return rejected;
      if (sent.courier !== courier || sent.destination !== deliveredData(factor).destination) return rejected; // guard: delivered-code-own-destination
      if (!(await deps.deliveredCodes.matches(flow, sent, code))) return rejected; // guard: delivered-code-matches
      const now = deps.now();
      if (!(await deps.spends.spend({ flowId: flow.id, hash: sent.hash, now }))) return raced; // guard: delivered-code-accepted-once-spent
      const keepsGuesses = flow.purpose === 'reset'; // guard: reset-keeps-guesses-delivered
      const use = { accountId: account.id, factorId: id, destination: sent.destination, keepsGuesses, now };
      return (await deps.spends.used(use)) ? accepted(which, id, now) : rejected; // guard: delivered-code-needs-factor
    },
    enrolment: enrolment(which, deps),
  };
}

function enrolment(which: DeliveredKind, deps: DeliveredCodeDeps): Enrolment<DestinationAnswer> {
  const { kind, courier } = which;
  const { digits } = deps.deliveredCodes;
  return {
    shows: enrolmentShown,
    answer: z.object({ code: codeField(digits).optional(), name: nameField() }),
    destination: destinationField(which),
    start({ account, proofs, data = initialData(which, account) }) {
      const destination = pendingDestination({ data });
      if (destination === undefined || provedHere(which, { proofs, account, destination })) return { data };
      return { data, send: { courier, destination } };
    },
    async facts(flow, account, pending) {
      const { factorId, expiresAt } = pending;
      const destination = pendingDestination(pending);
      if (destination === undefined) return { digits };
      const proved = provedHere(which, { ...flow, account, destination });
      const sent = flow.deliveredCode?.factorId === factorId ? flow.deliveredCode : undefined;
      const life = proved ? { secondsToEnd: secondsTo(expiresAt, deps.now()) } : codeFacts(sent, deps.now());
      return { digits, proved, sentTo: destination, ...life };
    },
    async confirm({ flow, account, pending, answer: { code, name } }) {
      const now = deps.now();
      const { factorId: id } = pending;
      if (pending.kind !== kind || pending.expiresAt <= now) return rejected;
      const destination = pendingDestination(pending);
      if (destination === undefined) return rejected;
      if (!provedHere(which, { ...flow, account, destination })) {
        const verdict = await proveDestination(deps, { flow, pending, destination, code });
        if (verdict) return verdict; // guard: destination-proved-before-bound
      }
      const data: DeliveredData = { destination };
      const factor = { id, kind, name, createdAt: now, lastUsedAt: now, data, twin: { destination } };
      return (await addFactor(deps, { flow, account }, factor)) ? accepted(which, id, now) : rejected;
    },
  };
}

function initialData(which: DeliveredKind, account: Account): Partial<DeliveredData> {
  const own = which.initial?.(account);
  return own === undefined || isKnown(which, account, own) ? {} : { destination: own };
}

function destinationField(which: DeliveredKind): DestinationField {
  return {
    field: which.destinationField,
    give({ account, pending, typed }) {
      const given = which.read(typed);
      if ('fault' in given) return given;
      const { destination } = given;
      if (destination === pendingDestination(pending)) return 'same';
      return isKnown(which, account, destination) ? { fault: 'way_known' } : { data: given };
    },
    isGiven: (pending) => pendingDestination(pending) !== undefined,
  };
}

/** Its codes go there already. */
function isKnown({ kind }: DeliveredKind, { factors }: Account, destination: string): boolean {
  return factors.some((factor) => factor.kind === kind && deliveredData(factor).destination === destination);
}

interface DestinationAnswer {
  /** Not asked for where the mailbox was proved in this very flow. */
  readonly code?: string | undefined;
  readonly name: string;
}

/** Undefined: the code was right and is spent. */
async function proveDestination(
  { deliveredCodes, spends, now }: DeliveredCodeDeps,
  question: {
    readonly flow: Flow;
    readonly pending: PendingEnrolment;
    readonly destination: string;
    readonly code: string | undefined;
  },
): Promise<Verdict | undefined> {
  const { flow, pending, destination, code } = question;
  const sent = runningCode(flow, { purpose: 'enrolment', factorId: pending.factorId }, now());
  if (!sent || code === undefined || sent.destination !== destination) return rejected; // guard: enrolment-code-own-destination
  if (!(await deliveredCodes.matches(flow, sent, code))) return rejected;
  return (await spends.spend({ flowId: flow.id, hash: sent.hash, now: now() })) ? undefined : raced;
}

/** The flow's code, if it was sent for this very purpose and factor and has not ended: a sign-in's code binds nothing, and the other way round. */
export function runningCode(
  { deliveredCode }: Flow,
  { purpose, factorId }: Pick<DeliveredCode, 'purpose'> & { readonly factorId: string },
  now: Date,
): DeliveredCode | undefined {
  if (!deliveredCode || deliveredCode.expiresAt <= now) return undefined; // guard: delivered-code-ends
  return deliveredCode.purpose === purpose && deliveredCode.factorId === factorId ? deliveredCode : undefined; // guard: delivered-code-own-purpose
}

/** The mailbox answered a code in this very flow: asking it for another one would prove nothing more. */
function provedHere(
  { courier }: DeliveredKind,
  { proofs, account, destination }: Pick<Flow, 'proofs'> & { readonly account: Account; readonly destination: string },
): boolean {
  return courier === 'mail' && destination === account.email && proofs.some(({ kind }) => kind === 'mailbox'); // guard: own-mailbox-proved-here
}

function offer({ kind, masked }: DeliveredKind, factor: EnrolledFactor) {
  const { id, name } = factor;
  return { kind, id, label: name, destination: masked(factor).said };
}

function accepted({ kind, level, amr }: DeliveredKind, factorId: string, at: Date): Verdict {
  const proof: Proof = { kind, factorId, amr, level, at };
  return { outcome: 'accepted', proof };
}
