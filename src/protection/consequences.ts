type Fate = 'end' | 'stay';
/** 'too-weak': what was proved at a level that the policy no longer lets this account begin with. */
type Weak = 'too-weak';

/** What one change to an account ends, the change itself aside. */
export interface Consequence {
  /** Sessions elsewhere and sign-ins under way; the session that made the change is re-stamped. */
  readonly sessions: Fate | Weak;
  /** What clients hold: codes, refresh and access tokens. 'elsewhere': all but what was given in the session that made the change. 'of-it': what was given in the session that ended, by the update that ended it. 'of-client': what the client of the change holds. */
  readonly grants: Fate | Weak | 'elsewhere' | 'of-it' | 'of-client';
  /** 'of-it': the device that a used value came back for, by the update that found it. */
  readonly rememberedDevices: Fate | 'of-it';
  readonly recoveryCodes: 'stay' | 'removed' | 'replaced';
  /** Codes that were sent and not entered yet. */
  readonly pendingCodes: Fate;
}

const nothing: Consequence = {
  sessions: 'stay',
  grants: 'stay',
  rememberedDevices: 'stay',
  recoveryCodes: 'stay',
  pendingCodes: 'stay',
};
const everything: Consequence = {
  sessions: 'end',
  grants: 'end',
  rememberedDevices: 'end',
  recoveryCodes: 'stay',
  pendingCodes: 'end',
};

/**
 * Event x what ends (ASVS 7.4.3), for every change there is: each is told to the owner and is an event of this name.
 * Whoever changes an account takes its raises from here, in the update that makes the change, and then carries the rest out.
 */
export const consequences = {
  factor_added: { ...nothing, pendingCodes: 'end' },
  factor_removed: { ...everything, grants: 'stay' },
  two_step_off: { ...everything, grants: 'stay' },
  two_step_on: nothing,
  recovery_code_used: { ...nothing, rememberedDevices: 'end', pendingCodes: 'end' },
  recovery_codes_replaced: { ...everything, grants: 'stay', recoveryCodes: 'replaced' },
  // Whoever lost every way sets up another: nothing that was proved by the old ones goes on.
  pass_used: { ...everything, recoveryCodes: 'replaced' },
  pass_given: nothing,
  pass_taken: nothing,
  account_created: nothing,
  account_enabled: nothing,
  account_disabled: everything,
  account_deleted: { ...everything, recoveryCodes: 'removed' },
  // A role may ask for more than what somebody is signed in with; what was proved well goes on.
  roles_changed: { ...nothing, sessions: 'too-weak', grants: 'too-weak' },
  unlocked: nothing,
  factors_reset: { ...everything, recoveryCodes: 'removed' },
  // Consent goes with it, before its grants: the client has to ask again.
  application_revoked: { ...nothing, grants: 'of-client' },
  session_ended: { ...nothing, grants: 'of-it' },
  sessions_ended: everything,
  // By the owner, in a session that goes on: what clients hold for that one does too.
  other_sessions_ended: { ...nothing, sessions: 'end', grants: 'elsewhere', pendingCodes: 'end' },
  password_changed: everything,
  password_reset: everything,
  email_changed: { ...everything, grants: 'stay' },
  // Whoever undoes it says that somebody else had made the change.
  email_change_undone: everything,
  rescue_used: { ...everything, recoveryCodes: 'replaced' },
  device_theft: { ...nothing, rememberedDevices: 'of-it' },
  // By the owner, who had not done what a notice told.
  not_me: everything,
} as const satisfies Readonly<Record<string, Consequence>>;

export type Change = keyof typeof consequences;

/** By how much the change raises the account's counters, in its own update. */
export interface Raises {
  readonly sessionVersion: 0 | 1;
  readonly securityVersion: 0 | 1;
}

export function raisesOf(change: Change): Raises {
  const { sessions, rememberedDevices } = consequences[change];
  return { sessionVersion: sessions === 'end' ? 1 : 0, securityVersion: rememberedDevices === 'end' ? 1 : 0 };
}

for (const row of Object.values(consequences)) Object.freeze(row);
Object.freeze(consequences);
