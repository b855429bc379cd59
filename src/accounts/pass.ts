/** What the help desk gave somebody who lost every way to sign in: a code for one sign-in, kept as the SHA-256 of its 80 bits. */
export interface Pass {
  readonly hash: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** Which administrator gave it. */
  readonly by: string;
}
