import { networkKeys } from '../protection/network.ts';
import type { InteractionDeps } from '../routes/interaction.ts';
import { stagePages } from '../routes/sign-in/pages.ts';
import { type SignIn, signIn } from '../sign-in/sign-in.ts';
import type { Base } from './base.ts';
import type { Core } from './core.ts';
import type { Delivery } from './delivery.ts';
import type { Proving } from './factors.ts';
import type { Rooms } from './rooms.ts';

/** Every use case of a sign-in. */
export function signInOf(
  { cipher }: Base,
  core: Core,
  { proving, delivery }: { proving: Proving; delivery: Delivery },
): SignIn {
  return signIn({ ...core, ...proving, networkKey: networkKeys(cipher), report: delivery.report });
}

/** What its pages are made of. */
export function signInPages({
  base,
  core,
  cookies,
  protocol,
  limits,
  proving,
  signIn: useCases,
}: Rooms): InteractionDeps {
  const { config, renderer, now } = base;
  return {
    ...core,
    ...cookies,
    ...limits,
    ...useCases,
    renderer,
    clients: protocol.clients,
    interactions: protocol.interactions,
    ...stagePages(useCases, {
      ...proving,
      staySeconds: config.session.staySignedInSeconds,
      passwordMin: config.password.minimumLength,
      codeDigits: proving.deliveredCodes.digits,
      now,
    }),
  };
}
