import { browserName } from '../http/browser-name.ts';
import type { Origin } from '../platform/origin.ts';
import { networkKeys, placeKeys } from '../protection/network.ts';
import { deviceSecrets } from '../sign-in/device/device-secrets.ts';
import { type SignIn, signIn } from '../sign-in/sign-in.ts';
import type { Base } from './base.ts';
import type { Core } from './core.ts';
import type { Delivery } from './delivery.ts';
import type { Proving } from './factors.ts';
import type { Limits } from './limits.ts';
import type { Protocol } from './protocol.ts';

/** Every use case of a sign-in. */
export function signInOf(
  { cipher }: Base,
  core: Core,
  {
    proving,
    delivery,
    limits,
    protocol,
  }: { proving: Proving; delivery: Delivery; limits: Limits; protocol: Pick<Protocol, 'interactions'> },
): SignIn {
  const placeOf = placeKeys(cipher);
  const { addressLimits } = limits;
  const { interactions } = protocol;
  return signIn({
    ...core,
    ...proving,
    addressLimits,
    interactions,
    administrators: delivery.administrators,
    networkKey: networkKeys(cipher),
    placeKey: ({ address, browser }: Origin) => {
      const named = browserName(browser);
      return placeOf(address, `${named.browser} ${named.system}`);
    },
    deviceSecrets: deviceSecrets({ cipher }),
    report: delivery.report,
  });
}
