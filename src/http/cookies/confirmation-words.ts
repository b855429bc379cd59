import type { Context } from 'koa';
import type { Cipher } from '../../platform/cipher.ts';
import { savedInput } from './saved-input.ts';

type Said = Readonly<Record<string, string>>;

/** What a proof is asked for, beside the `state` of its request: sealed, so that nobody else puts words on the page that asks for a password, and read by this browser for this very request alone. */
export function confirmationWords(deps: {
  readonly cipher: Pick<Cipher, 'seal' | 'open'>;
  readonly issuer: string;
  readonly now: () => Date;
}) {
  const words = savedInput({ ...deps, cookie: 'twofold_proof' });
  return {
    keep: (ctx: Context, state: string, said: Said): void => words.keep(ctx, { accountId: '', path: state }, said), // guard: confirmation-own-request-too
    read: (ctx: Context, state: string): Said => words.read(ctx, { accountId: '', path: state }), // guard: confirmation-own-request
  };
}
