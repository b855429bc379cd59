import { defined } from '../platform/defined.ts';
import type { Origin } from '../platform/origin.ts';
import type { Change } from './consequences.ts';

/** The audit record (ASVS 16.2.1): who, what, where, when, with what result. No field may hold a secret, a code, a token or typed text. */
export interface Event {
  readonly at: Date;
  readonly kind: EventKind;
  readonly result: 'success' | 'failure';
  readonly accountId?: string;
  /** Who did it, where it was not the owner: 'cli'. */
  readonly actor?: string;
  readonly clientId?: string;
  /** The client address as the trusted proxies tell it. */
  readonly address?: string;
  readonly browser?: string;
  readonly requestId?: string;
  /** A word that tells more, from code only: the reason of a failure, the kind of a factor. */
  readonly detail?: string;
}

export type EventKind =
  | Change
  | 'sign_in'
  | 'password'
  | 'factor'
  | 'lock'
  | 'mail_code'
  | 'delivery'
  | 'registration'
  /** A link for a new password was asked for. */
  | 'reset_asked'
  | 'enrolment'
  | 'factor_renamed'
  | 'factor_preferred'
  | 'device_remembered'
  | 'device_forgotten'
  | 'consent'
  | 'sign_out'
  /** Somebody who lost a way wrote to the administrators. */
  | 'help_asked'
  | 'code_reuse'
  /** A client was not told that a session is over. */
  | 'back_channel_logout'
  /** A limit that no single person reaches: whoever runs this should look. */
  | 'alarm';

/** However often it is told under this name, it is one record. */
export interface NamedEvent {
  readonly name: string;
  readonly event: Event;
}

/** Append-only. */
export interface Events {
  /** Several at once cost one command, as one does. */
  append(event: Event, ...more: readonly Event[]): Promise<void>;
  /** However often it is told under this name, it is one record: for what is done again after an outage. */
  appendOnce(name: string, event: Event): Promise<void>;
}

/** Whom an event is about, and what it came from; of a request that names no account or client, without them. */
export interface EventSubject {
  readonly accountId: string | undefined;
  readonly clientId?: string | undefined;
  readonly actor?: string | undefined;
  readonly origin: Origin;
}

/** The subject as it stands in the record: field by field, so that nothing else of a request gets into it. */
export function eventSubject({ accountId, clientId, actor, origin }: EventSubject) {
  const { address, browser, requestId } = origin;
  return defined({ accountId, clientId, actor, address, browser, requestId });
}

/** The name of the one record that a sign-in was finished. */
export function signInRecord(attemptId: string): string {
  return `${attemptId}:sign_in`;
}
