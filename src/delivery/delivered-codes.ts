import type { Cipher } from '../platform/cipher.ts';
import { defined } from '../platform/defined.ts';
import type { Origin } from '../platform/origin.ts';
import { randomDigits, randomId } from '../platform/random.ts';
import type { SendBudget } from '../protection/send-budget.ts';
import type { Send } from '../protection/shared-budgets.ts';
import { type AwaitedCode, answersChallenge, type CodeHolder, type DeliveredCode, type Destination } from './code.ts';
import { bindingOf } from './code-binding.ts';
import type { Courier } from './couriers.ts';

const waitMilliseconds = 60_000;

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
    const whose = defined({ accountId: holder.accountId });
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
  const proved = purpose === 'first-factor' || answersChallenge({ purpose });
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
