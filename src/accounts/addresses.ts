import type { Cipher } from '../platform/cipher.ts';
import type { Origin } from '../platform/origin.ts';
import { randomDigits, randomId } from '../platform/random.ts';
import type { SendBudget } from '../protection/send-budget.ts';
import type { Send } from '../protection/send-levels.ts';
import type { Courier } from './couriers.ts';

const waitMilliseconds = 60_000;

/** 'registration' and 'first-factor' prove a mailbox, 'enrolment' a destination that is to become a factor, 'sign-in' a factor that is one. */
export type CodePurpose = 'registration' | 'first-factor' | 'enrolment' | 'sign-in';

/** Where a code goes. */
export interface Destination {
  readonly courier: 'mail' | 'sms';
  /** Canonical address or E.164 number. */
  readonly destination: string;
}

/** A code that was sent to prove a mailbox or a phone. Bound to its flow, purpose, factor and destination by the keyed hash; the code itself is kept nowhere. */
export interface DeliveredCode extends Destination {
  readonly purpose: CodePurpose;
  /** The factor it proves, or will. */
  readonly factorId?: string;
  readonly hash: string;
  /** Where the service that sent it judges it: the verification's id. */
  readonly reference?: string;
  /** Answers taken for this very code; a newer code costs its recipient's send budget. */
  readonly tries: number;
  readonly expiresAt: Date;
  readonly nextSendAt: Date;
  /** It replaced an earlier one: the page says that only the newest works. */
  readonly newer?: boolean;
  /** It could not be handed over. */
  readonly undelivered?: boolean;
  /** Nothing was sent yet: the budgets allow it from `nextSendAt` on. No code is right until then. */
  readonly unsent?: boolean;
}

/** What a code is for, before there is one. */
export type AwaitedCode = Pick<DeliveredCode, 'purpose' | 'courier' | 'destination' | 'factorId'>;

export interface CodeRequest extends AwaitedCode {
  readonly flowId: string;
  /** The template; another one than the code's where the address already has an account. */
  readonly view: string;
  readonly client: string;
  readonly origin: Origin;
  readonly accountId?: string;
}

export interface PreparedCode {
  readonly deliveredCode: DeliveredCode;
  /** False: a budget is used up, and no code is right. */
  readonly sendable: boolean;
  /** From when on another one may be sent, as far as whoever asks may know. */
  readonly retryAt?: Date;
  /** Sends what was prepared. Called once the code's hash is stored; answers the reference of a service that judges it; throws what the courier throws. */
  send(): Promise<string | undefined>;
}

export interface DeliveredCodes {
  readonly digits: number;
  /** What is kept until the message's own code is: no code is right, and another message may be asked for after the usual wait. */
  awaiting(code: AwaitedCode): DeliveredCode;
  prepare(request: CodeRequest): Promise<PreparedCode>;
  /** Constant-time; says nothing about life or tries, which the store judges. Throws a 503 Problem where a service that has to judge it does not answer. */
  matches(flowId: string, deliveredCode: DeliveredCode, code: string): Promise<boolean>;
}

export function deliveredCodes(deps: {
  readonly cipher: Pick<Cipher, 'mac' | 'matchesMac'>;
  readonly sendBudget: SendBudget;
  readonly couriers: { readonly mail: Courier; readonly sms?: Courier };
  /** 6 or 8. */
  readonly digits: number;
  readonly now: () => Date;
}): DeliveredCodes {
  const courierOf = ({ courier }: Destination): Courier => {
    const found = deps.couriers[courier];
    if (!found) throw new Error(`no courier for ${courier}`);
    return found;
  };
  const keep = (flowId: string, awaited: AwaitedCode, code: string): DeliveredCode => {
    const now = deps.now().getTime();
    const { purpose, courier, destination, factorId } = awaited;
    return {
      ...{ purpose, courier, destination },
      ...(factorId === undefined ? {} : { factorId }),
      hash: deps.cipher.mac(code, macContext(flowId, awaited)),
      tries: 0,
      expiresAt: new Date(now + courierOf(awaited).lifeMilliseconds),
      nextSendAt: new Date(now + waitMilliseconds),
    };
  };

  return {
    digits: deps.digits,
    awaiting: (awaited) => ({ ...keep('', awaited, randomId()), unsent: true }),

    async prepare(request) {
      const courier = courierOf(request);
      const taken = await deps.sendBudget.take(charged(request, courier), deps.now());
      // A code that nobody was sent must not be right: each new attempt would be five free guesses at a destination of somebody else.
      const code = taken.allowed ? randomDigits(deps.digits) : randomId();
      const { nextSendAt: inAMinute, ...kept } = keep(request.flowId, request, code);
      const retryAt = taken.allowed ? undefined : taken.retryAt;
      const deliveredCode = { ...kept, nextSendAt: retryAt ?? inAMinute };
      const send = async () => (taken.allowed ? courier.deliver({ ...request, code }) : undefined);
      return { deliveredCode, sendable: taken.allowed, ...(retryAt ? { retryAt } : {}), send };
    },

    async matches(flowId, deliveredCode, code) {
      const { reference, hash } = deliveredCode;
      const { judge } = courierOf(deliveredCode);
      if (judge) return reference !== undefined && judge(reference, code);
      return deps.cipher.matchesMac(hash, code, macContext(flowId, deliveredCode));
    },
  };
}

function charged(
  { courier: name, purpose, destination, accountId, origin: { address }, flowId: by }: CodeRequest,
  courier: Courier,
): Send {
  return {
    ...{ courier: name, by },
    recipient: courier.recipient(destination),
    proved: purpose === 'first-factor' || purpose === 'sign-in',
    ...(accountId === undefined ? {} : { accountId }),
    ...(address === undefined ? {} : { address }),
  };
}

function macContext(flowId: string, { purpose, courier, destination, factorId = '' }: AwaitedCode): string {
  return `delivered-code:${flowId}:${purpose}:${factorId}:${courier}:${destination}`;
}
