export interface ProblemDetails {
  /** What the sentence names besides its fixed words. */
  readonly params?: Readonly<Record<string, string | number>>;
  /** The input field it is about. */
  readonly field?: string;
  /** For the log only; never shown. */
  readonly cause?: unknown;
  /** Becomes `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** The client whose page can start again, so that the problem page leads back to it. */
  readonly clientId?: string;
}

/** An error that a person may read: `code` is the key of its sentence, `status` the answer's. Everything else thrown is a bug or an outage. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: string;
  readonly status: number;
  readonly details: Omit<ProblemDetails, 'cause'>;

  constructor(code: string, status: number, { cause, ...details }: ProblemDetails = {}) {
    super(code, cause === undefined ? undefined : { cause });
    this.code = code;
    this.status = status;
    this.details = details;
  }

  get params(): ProblemDetails['params'] {
    return this.details.params;
  }

  get field(): string | undefined {
    return this.details.field;
  }
}
