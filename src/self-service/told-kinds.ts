import { consequences } from '../protection/consequences.ts';
import type { EventKind } from '../protection/events.ts';

/** 'shown': its owner reads it. 'hidden': it is of no account, or of what strangers set off before any password was right. */
type Telling = 'shown' | 'hidden';

type Own = Exclude<EventKind, keyof typeof consequences>;

/** Of every kind of event whether the history tells it; what changes an account always is. */
const own = {
  sign_in: 'shown',
  // Strangers set it off all day: the owner hears by mail where it matters.
  password: 'hidden',
  factor: 'shown',
  lock: 'shown',
  mail_code: 'shown',
  delivery: 'shown',
  registration: 'shown',
  reset_asked: 'shown',
  enrolment: 'shown',
  factor_renamed: 'shown',
  factor_preferred: 'shown',
  device_remembered: 'shown',
  device_forgotten: 'shown',
  consent: 'shown',
  sign_out: 'shown',
  help_asked: 'shown',
  code_reuse: 'shown',
  back_channel_logout: 'hidden',
  alarm: 'hidden',
} as const satisfies Readonly<Record<Own, Telling>>;

/** Waits that wrong passwords begin, which strangers set off as well. */
export const hiddenDetails: readonly string[] = ['password', 'password_closed', 'password_day'];

/** Every kind of event that there is. */
export const eventKinds = [
  ...(Object.keys(consequences) as (keyof typeof consequences)[]),
  ...(Object.keys(own) as Own[]),
];

export function isTold(kind: EventKind): boolean {
  return kind in consequences || own[kind as Own] === 'shown';
}
