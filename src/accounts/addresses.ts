import type { Cipher } from '../platform/cipher.ts';
import { defined } from '../platform/defined.ts';
import type { Origin } from '../platform/origin.ts';
import { randomDigits, randomId } from '../platform/random.ts';
import type { SendBudget } from '../protection/send-budget.ts';
import type { Send } from '../protection/shared-budgets.ts';
import { bindingOf, type CodeHolder } from './code-binding.ts';
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

/** A code that was sent to prove a mailbox or a phone. Bound by the keyed hash to its own id and to what `binding` names; the code itself is kept nowhere. */
export interface DeliveredCode extends Destination {
  readonly purpose: CodePurpose;
  /** The factor it proves, or will. */
  readonly factorId?: string;
  /** Random: two codes of equal digits have two hashes, and one that moves keeps its own. */
  readonly id: string;
  readonly hash: string;
  /** What the attempt that holds it must be like (bindingOf); only once it was sent. */
  readonly binding?: string;
  /** The account in whose name it was sent. */
  readonly accountId?: string;
  readonly sentAt?: Date;
  /** Where the service that sent it judges it: the verification's id. */
  readonly reference?: string;
  /** Answers taken for this very code; a newer code costs its recipient's send budget. */
  readonly tries: number;
  readonly expiresAt: Date;
  readonly nextSendAt: Date;
  /** It replaced an earlier one: the page says that only the newest works. */
  readonly newer?: boolean;
  /** It was sent before it was asked for here: the page says when, and why none was sent now. */
  readonly earlier?: boolean;
  /** It could not be handed over. */
  readonly undelivered?: boolean;
  /** Nothing was sent yet: the budgets allow it from `nextSendAt` on. No code is right until then. */
  readonly unsent?: boolean;
}

/** What a code is for, before there is one. */
export type AwaitedCode = Pick<DeliveredCode, 'purpose' | 'courier' | 'destination' | 'factorId'>;

export interface CodeRequest extends AwaitedCode {
  readonly holder: CodeHolder;
  /** The template; another one than the code's where the address already has an account. */
  readonly view: string;
  readonly client: string;
  readonly origin: Origin;
}

export type PreparedCode =
  /** `send` sends it. Called once the code's hash is stored; answers the reference of a service that judges it; throws what the courier throws. */
  | { readonly sendable: true; readonly deliveredCode: DeliveredCode; send(): Promise<string | undefined> }
  /** A budget is used up, and no code is right. `retryAt`: from when on another one may be sent, as far as whoever asks may know. */
  | { readonly sendable: false; readonly deliveredCode: DeliveredCode; readonly retryAt?: Date };

export interface DeliveredCodes {
  readonly digits: number;
  /** What is kept until the message's own code is: no code is right, and another message may be asked for after the usual wait. */
  awaiting(code: AwaitedCode): DeliveredCode;
  prepare(request: CodeRequest): Promise<PreparedCode>;
  /** Constant-time; says nothing about life or tries, which the store judges. Throws a 503 Problem where a service that has to judge it does not answer. */
  matches(holder: CodeHolder, deliveredCode: DeliveredCode, code: string): Promise<boolean>;
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
  const keep = (awaited: AwaitedCode, id: string, hash: string): DeliveredCode => {
    const now = deps.now().getTime();
    const { purpose, courier, destination, factorId } = awaited;
    return {
      purpose,
      courier,
      destination,
      id,
      hash,
      ...defined({ factorId }),
      tries: 0,
      expiresAt: new Date(now + courierOf(awaited).lifeMilliseconds),
      nextSendAt: new Date(now + waitMilliseconds),
    };
  };
  /** A code that nobody was sent must not be right: each new attempt would be five free guesses at a destination of somebody else. */
  const unsent = (awaited: AwaitedCode) => ({ ...keep(awaited, randomId(), randomId()), unsent: true }); // guard: unsent-code-unfindable
  const sent = (request: CodeRequest, code: string): DeliveredCode => {
    const { holder } = request;
    const [id, binding] = [randomId(), bindingOf(holder, request)];
    const hash = deps.cipher.mac(code, macContext(id, binding));
    const whose = holder.accountId === undefined ? {} : { accountId: holder.accountId };
    return { ...keep(request, id, hash), binding, sentAt: deps.now(), ...whose };
  };

  return {
    digits: deps.digits,
    awaiting: unsent,

    async prepare(request) {
      const courier = courierOf(request);
      const taken = await deps.sendBudget.take(charged(request, courier), deps.now());
      if (taken.allowed) {
        const code = randomDigits(deps.digits);
        return {
          sendable: true,
          deliveredCode: sent(request, code),
          send: () => courier.deliver({ ...request, code }),
        };
      }
      const { retryAt } = taken;
      const deliveredCode = { ...unsent(request), ...(retryAt ? { nextSendAt: retryAt } : {}) };
      return { sendable: false, deliveredCode, ...(retryAt ? { retryAt } : {}) };
    },

    async matches(holder, deliveredCode, code) {
      const { id, reference, hash } = deliveredCode;
      const { judge } = courierOf(deliveredCode);
      if (judge) return reference !== undefined && judge(reference, code);
      return deps.cipher.matchesMac(hash, code, macContext(id, bindingOf(holder, deliveredCode)));
    },
  };
}

function charged(
  { courier: name, purpose, destination, holder, origin: { address } }: CodeRequest,
  courier: Courier,
): Send {
  const proved = purpose === 'first-factor' || purpose === 'sign-in';
  return {
    courier: name,
    recipient: courier.recipient(destination),
    ...(proved ? { proved, signIn: holder.id } : {}),
    by: holder.browser ?? holder.id,
    ...defined({ accountId: holder.accountId, address }),
  };
}

function macContext(id: string, binding: string): string {
  return `delivered-code:${id}:${binding}`;
}
