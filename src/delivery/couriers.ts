import { foldedRecipient } from '../accounts/identifier.ts';
import type { Origin } from '../platform/origin.ts';
import { Problem } from '../platform/problem.ts';
import { DeliveryError, type Mailer } from './mailer.ts';
import type { TextSender, VerificationSender } from './sms.ts';

const minute = 60_000;

/** Words of a message by the name of its template; rendered outside, from the catalogue. */
export interface Letters {
  mail(
    view: string,
    facts: Readonly<Record<string, unknown>>,
  ): Promise<{ subject: string; text: string; html: string }>;
  /** The text that carries a code to a phone. */
  sms(facts: { readonly code: string; readonly host: string }): string;
}

/** Where a request came from, as mails tell it. */
export interface Places {
  /** A rough place, or the address without its end: never a whole address, because mail is read and kept by many. */
  of(address: string | undefined): Promise<string | undefined>;
}

export interface CodeMessage {
  readonly code: string;
  readonly destination: string;
  /** The mail's template. */
  readonly view: string;
  readonly client: string;
  readonly origin: Origin;
}

/** How a code travels to its owner. */
export interface Courier {
  readonly lifeMilliseconds: number;
  /** One name for every spelling of a destination: what send budgets count. */
  recipient(destination: string): string;
  /** Resolves once it is handed over, with the reference of a service that made the code itself. Rejects with a DeliveryError. */
  deliver(message: CodeMessage): Promise<string | undefined>;
  /** Only where the service that sent the code judges it. Throws a 503 Problem where it does not answer: the guess stays taken. */
  judge?(reference: string, code: string): Promise<boolean>;
}

export function mailCourier({
  mailer,
  letters,
  places,
}: {
  readonly mailer: Mailer;
  readonly letters: Letters;
  readonly places: Places;
}): Courier {
  // Mail is slow, so a code lives as long as it may (NIST SP 800-63B-4 section 3.1.3.2).
  const lifeMilliseconds = 10 * minute;
  return {
    lifeMilliseconds,
    recipient: foldedRecipient,
    async deliver({ code, destination, view, client, origin }) {
      const where = { browser: origin.browser, place: await places.of(origin.address) }; // guard: code-mail-rough-place
      const facts = { code, minutes: lifeMilliseconds / minute, client, ...where };
      await mailer.send({ to: destination, ...(await letters.mail(view, facts)) });
      return undefined;
    },
  };
}

const smsLife = 5 * minute;

/** `host`: of the issuer; phones offer the code on its pages only. */
export function textCourier({
  sender,
  letters,
  host,
}: {
  readonly sender: TextSender;
  readonly letters: Letters;
  readonly host: string;
}): Courier {
  return {
    lifeMilliseconds: smsLife,
    recipient: (number) => number,
    async deliver({ code, destination }) {
      await sender.send({ to: destination, text: letters.sms({ code, host }) });
      return undefined;
    },
  };
}

/** Our own code is never sent here, so none of ours is ever right: the service knows the only one. */
export function verificationCourier({ sender }: { readonly sender: VerificationSender }): Courier {
  return {
    lifeMilliseconds: smsLife,
    recipient: (number) => number,
    deliver: ({ destination }) => sender.start(destination),
    async judge(reference, code) {
      try {
        return (await sender.check(reference, code)) === 'right';
      } catch (cause) {
        if (!(cause instanceof DeliveryError)) throw cause;
        throw new Problem('unavailable', 503, { cause, retryAfterSeconds: 5 });
      }
    },
  };
}
