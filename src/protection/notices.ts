import type { Origin } from '../platform/origin.ts';
import type { Change } from './consequences.ts';

/** What an owner is told by mail about the own account. */
export interface Notice {
  readonly to: string;
  readonly accountId: string;
  readonly event: Change | 'new_place' | 'codes_rejected' | 'passwords_rejected';
  /** Who did it, where it was not the owner. */
  readonly actor?: string;
  /** The kind of factor it is about; of wrong passwords, where they came from: one network, or all in a day. */
  readonly kind?: string;
  /** How many it tells of. */
  readonly count?: number;
  readonly at: Date;
  readonly origin: Origin;
}

/** Answered by "This was not me" they would be answered in vain: nobody got in, the account is new, closed or gone, or that was just said. */
const answerless: ReadonlySet<Notice['event']> = new Set([
  'passwords_rejected',
  'account_created',
  'account_disabled',
  'account_deleted',
  'not_me',
]);

/** Whether its owner may answer that it was somebody else. */
export function isDeniable({ event }: Pick<Notice, 'event'>): boolean {
  return !answerless.has(event); // guard: notice-deniable
}

/** Tells the owner. A notice that cannot be sent never undoes what it tells of: it is reported and the sign-in goes on. */
export interface Notices {
  tell(notice: Notice): Promise<void>;
}
