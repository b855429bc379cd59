/** Where one was asked last, and when it answered. */
export interface MailboxUse {
  /** Canonical. */
  readonly address: string;
  readonly at: Date;
}

/** What a mailbox last did for its owner beside signing in: it reset the password, it replaced lost ways. */
export interface MailboxUses {
  readonly reset?: MailboxUse;
  readonly rescue?: MailboxUse;
}
