import type { InteractionDeps } from '../routes/interaction.ts';
import { stagePages } from '../routes/sign-in/pages.ts';
import type { Rooms } from './rooms.ts';

/** What the pages of a sign-in are made of. */
export function signInPages({
  base,
  core,
  cookies,
  protocol,
  limits,
  proving,
  signIn: useCases,
  reset,
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
      askReset: reset.askReset,
      staySeconds: config.session.staySignedInSeconds,
      passwordMin: config.password.minimumLength,
      administrators: config.rescue.administrators.length > 0,
      codeDigits: proving.deliveredCodes.digits,
      now,
    }),
  };
}
