/** The one verification that is open at a service for each number: whose code counts. The service keeps one per number too, but not one per sign-in. */
export interface OpenVerifications {
  /** The number's open one. */
  find(number: string, now: Date): Promise<string | undefined>;
  /** True for the one caller that found `earlier` (or none) and is the first to put another in its place. */
  replace(verification: {
    readonly number: string;
    readonly earlier?: string;
    readonly reference: string;
    readonly expiresAt: Date;
    readonly now: Date;
  }): Promise<boolean>;
  /** Whether it still is its number's open one. */
  holds(reference: string, now: Date): Promise<boolean>;
  /** True for exactly one caller, and only while it is its number's open one. */
  spend(reference: string, now: Date): Promise<boolean>;
}
