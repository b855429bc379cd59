export interface OutgoingMail {
  /** Exactly one address, canonical (accounts/identifier). */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** The port to the post. delivery/ implements it. */
export interface Mailer {
  /** Resolves once the mail is handed over; it may still bounce. Rejects with a DeliveryError, and never sends one mail twice: a second code mail is a person's decision. */
  send(mail: OutgoingMail): Promise<void>;
}

/** refused: this recipient or mail will never do. later: the server asks to come back. unreachable: nobody knows whether it arrived. */
export type DeliveryFailure = 'refused' | 'later' | 'unreachable';

export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  readonly failure: DeliveryFailure;

  constructor(failure: DeliveryFailure, cause?: unknown) {
    super(`The mail was not delivered: ${failure}`, cause === undefined ? undefined : { cause });
    this.failure = failure;
  }
}
