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

/** refused: this recipient or message will never do. later: the server asks to come back. unreachable: nobody knows whether it arrived. */
export type DeliveryFailure = 'refused' | 'later' | 'unreachable';

/** What logs and events tell of it. Fixed words only: what a server answers may repeat the address, the text and the code. */
export type DeliveryReason =
  // The recipient.
  | 'malformed'
  | 'not_a_number'
  | 'premium'
  | 'country_blocked'
  | 'opted_out'
  // The server's answer.
  | 'smtp_4xx'
  | 'smtp_5xx'
  | 'http_3xx'
  | 'http_4xx'
  | 'http_5xx'
  | 'credentials'
  | 'rate_limited'
  // Another code was asked for the same phone at the same moment.
  | 'overtaken'
  // No answer.
  | 'timeout'
  | 'connection';

export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  readonly failure: DeliveryFailure;
  readonly reason: DeliveryReason;

  /** `cause` is logged: never the error of a courier's library itself, which repeats recipients and texts. */
  constructor(failure: DeliveryFailure, reason: DeliveryReason, cause?: unknown) {
    super(`Not delivered: ${failure}, ${reason}`, cause === undefined ? undefined : { cause });
    this.failure = failure;
    this.reason = reason;
  }
}
