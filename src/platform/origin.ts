/** Where a request came from, as events and mails tell it. */
export interface Origin {
  readonly address?: string;
  readonly browser?: string;
  readonly requestId?: string;
}
