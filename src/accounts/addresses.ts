import type { Cipher } from '../platform/cipher.ts';
import type { Origin } from '../platform/origin.ts';
import { randomDigits, randomId } from '../platform/random.ts';
import type { SendBudget } from '../protection/send-budget.ts';
import { foldedRecipient } from './identifier.ts';
import type { Mailer } from './mailer.ts';

export const deliveredCodeDigits = 6;
const lifeMilliseconds = 10 * 60_000;
const waitMilliseconds = 60_000;

export type MailPurpose = 'registration' | 'first-factor';

/** A code that was mailed to prove an address. Bound to its flow, purpose and destination by the keyed hash; the code itself is kept nowhere. */
export interface DeliveredCode {
  readonly purpose: MailPurpose;
  readonly destination: string;
  readonly hash: string;
  /** Answers taken for this very code; a newer code costs its recipient's send budget. */
  readonly tries: number;
  readonly expiresAt: Date;
  readonly nextSendAt: Date;
  /** It replaced an earlier one: the page says that only the newest works. */
  readonly newer?: boolean;
  /** It could not be handed over to the mail server. */
  readonly undelivered?: boolean;
}

/** Text of a mail by the name of its template; rendered outside, from the catalogue. */
export interface Letters {
  mail(
    view: string,
    facts: Readonly<Record<string, unknown>>,
  ): Promise<{ subject: string; text: string; html: string }>;
}

export interface MailRequest {
  readonly flowId: string;
  readonly purpose: MailPurpose;
  readonly destination: string;
  /** The template; another one than the code's where the address already has an account. */
  readonly view: string;
  readonly client: string;
  readonly origin: Origin;
}

export interface PreparedMail {
  readonly deliveredCode: DeliveredCode;
  /** False: the recipient's budget is used up; `deliveredCode.nextSendAt` tells when it is not, and no code is right. */
  readonly sendable: boolean;
  /** Sends what was prepared. Called once the code's hash is stored; throws what the mailer throws. */
  send(): Promise<void>;
}

export interface DeliveredCodes {
  /** What is kept until the mail's own code is: no code is right, and another mail may be asked for after the usual wait. */
  awaiting(mail: Pick<DeliveredCode, 'purpose' | 'destination'>): DeliveredCode;
  prepare(request: MailRequest): Promise<PreparedMail>;
  /** Constant-time; says nothing about life or tries, which the store judges. */
  matches(flowId: string, deliveredCode: DeliveredCode, code: string): boolean;
}

export function deliveredCodes(deps: {
  readonly cipher: Pick<Cipher, 'mac' | 'matchesMac'>;
  readonly sendBudget: SendBudget;
  readonly mailer: Mailer;
  readonly letters: Letters;
  readonly now: () => Date;
}): DeliveredCodes {
  const keep = (flowId: string, mail: Pick<DeliveredCode, 'purpose' | 'destination'>, code: string): DeliveredCode => {
    const now = deps.now().getTime();
    const { purpose, destination } = mail;
    return {
      purpose,
      destination,
      hash: deps.cipher.mac(code, macContext(flowId, purpose, destination)),
      tries: 0,
      expiresAt: new Date(now + lifeMilliseconds),
      nextSendAt: new Date(now + waitMilliseconds),
    };
  };

  return {
    awaiting: (mail) => keep('', mail, randomId()),

    async prepare(request) {
      const { destination } = request;
      const taken = await deps.sendBudget.take(
        { courier: 'mail', recipient: foldedRecipient(destination) },
        deps.now(),
      );
      // A code that nobody was sent must not be right: each new attempt would be five free guesses at an address of somebody else.
      const code = taken.allowed ? randomDigits(deliveredCodeDigits) : randomId();
      const deliveredCode = {
        ...keep(request.flowId, request, code),
        ...(taken.allowed ? {} : { nextSendAt: taken.retryAt }),
      };
      const send = async () => {
        if (!taken.allowed) return;
        const facts = {
          code,
          minutes: lifeMilliseconds / 60_000,
          client: request.client,
          email: destination,
          ...request.origin,
        };
        await deps.mailer.send({ to: destination, ...(await deps.letters.mail(request.view, facts)) });
      };
      return { deliveredCode, sendable: taken.allowed, send };
    },

    matches(flowId, deliveredCode, code) {
      return deps.cipher.matchesMac(
        deliveredCode.hash,
        code,
        macContext(flowId, deliveredCode.purpose, deliveredCode.destination),
      );
    },
  };
}

function macContext(flowId: string, purpose: MailPurpose, destination: string): string {
  return `mail-code:${flowId}:${purpose}:${destination}`;
}
