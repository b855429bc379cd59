/** A text of ours to one phone. */
export interface OutgoingSms {
  /** E.164, such as +447700900123 (accounts/phone). */
  readonly to: string;
  readonly text: string;
}

/** Carries a text of ours. */
export interface TextSender {
  readonly kind: 'text';
  /** Resolves once the text is handed over. Rejects with a DeliveryError, and never sends one text twice: after a time-out nobody knows whether it arrived. */
  send(sms: OutgoingSms): Promise<void>;
}

/** 'over': expired, spent, out of tries or unknown at the service; no code of it is right any more. */
export type VerificationJudgement = 'right' | 'wrong' | 'over';

/** A service that makes, sends and judges the code itself. */
export interface VerificationSender {
  readonly kind: 'verification';
  /** Sends a code to an E.164 number; answers the verification's id. A number has one open verification: an earlier one is ended first, or two sign-ins would share a code. Rejects with a DeliveryError. */
  start(to: string): Promise<string>;
  /** Rejects with a DeliveryError where the service does not answer: the guess stays taken. */
  check(reference: string, code: string): Promise<VerificationJudgement>;
}

/** The port to phones. delivery/ implements it; which one is configuration's choice. */
export type SmsSender = TextSender | VerificationSender;
