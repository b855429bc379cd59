import { tellingClients } from '../delivery/logouts.ts';
import { backChannel } from '../delivery/senders/back-channel.ts';
import { logoutTokens } from '../oidc/back-channel.ts';
import type { Base } from './base.ts';
import type { Core } from './core.ts';
import type { Protocol } from './protocol.ts';

export type BackChannel = ReturnType<typeof backChannelOf>;

/** How clients hear that a session is over. */
export function backChannelOf({ config, log, now }: Base, core: Core, { clients, provider }: Protocol) {
  const telling = tellingClients({
    queue: core.logouts,
    addressOf: (clientId) => clients.get(clientId)?.backchannelLogoutUri,
    tokenFor: logoutTokens(provider),
    send: backChannel({
      allowedPrivateHosts: config.backChannelLogout.allowedPrivateHosts,
      timeoutMilliseconds: config.backChannelLogout.timeoutSeconds * 1000,
    }),
    events: core.events,
    log,
    now,
  });
  return { ...telling, catchUp: () => core.endings.catchUp(now()) };
}
