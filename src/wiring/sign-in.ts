import { networkKeys } from '../protection/network.ts';
import { type SignIn, signIn } from '../sign-in/sign-in.ts';
import type { Base } from './base.ts';
import type { Core } from './core.ts';
import type { Delivery } from './delivery.ts';
import type { Proving } from './factors.ts';

/** Every use case of a sign-in. */
export function signInOf(
  { cipher }: Base,
  core: Core,
  { proving, delivery }: { proving: Proving; delivery: Delivery },
): SignIn {
  return signIn({ ...core, ...proving, networkKey: networkKeys(cipher), report: delivery.report });
}
