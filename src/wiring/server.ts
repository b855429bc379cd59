// Wiring: the one place that knows every concrete part. Each room composes itself in a file of its own and hands on what it
// is asked for; rooms.ts has their order, this file makes an application of them. core.ts is what the command line shares
// with the server. Nothing is decided here.
import type Router from '@koa/router';
import type Koa from 'koa';
import type { Outbox } from '../delivery/senders/outbox.ts';
import { assets } from '../http/assets.ts';
import { clientAuthentication } from '../oidc/client-authentication.ts';
import { endGathering } from '../oidc/gathering.ts';
import { discoveryForOthers } from '../oidc/own-client.ts';
import { defined } from '../platform/defined.ts';
import { accountRoutes } from '../routes/account/area.ts';
import { outboxRoute } from '../routes/development/outbox.ts';
import { interactionRoutes } from '../routes/interaction.ts';
import { problemPage } from '../routes/library-pages.ts';
import { linkEntrance, linkRoutes } from '../routes/link/open.ts';
import { resetRoutes } from '../routes/link/reset-realm.ts';
import { resumeGuard } from '../routes/resume.ts';
import { signOutRecord, signOutRoutes, staleSignOut } from '../routes/sign-out.ts';
import { isOutage } from '../storage/connection.ts';
import { accountArea } from './account-area.ts';
import { assembleApp } from './app.ts';
import type { BackChannel } from './back-channel.ts';
import type { Surroundings } from './base.ts';
import { linkPages } from './links.ts';
import { resetRoom } from './reset.ts';
import { type Rooms, roomsOf } from './rooms.ts';
import { signInPages } from './sign-in-pages.ts';

export interface Twofold {
  readonly app: Koa;
  /** The mails and texts of a development server. */
  readonly outbox?: Outbox;
  /** Brings what sign-ins told to the audit record. */
  moveEvents(): Promise<void>;
  /** Empties what is over to what may stay, and ends what a change has ended and nobody came to end. */
  sweep(): Promise<void>;
  /** Tells clients of sessions that are over. */
  readonly logouts: BackChannel;
  /** Lets go of what is kept open, the database aside. */
  close(): void;
}

export function wire(given: Surroundings): Twofold {
  const rooms = roomsOf(given);
  const { core, delivery, backChannel } = rooms;
  const { letterbox, close } = delivery;
  return {
    app: appOf(rooms),
    moveEvents: () => core.moveEvents(),
    sweep: async () => {
      await core.attempts.sweep(core.now());
      await core.raisedSessions.end(core.now());
    },
    logouts: backChannel,
    close,
    ...defined({ outbox: letterbox }),
  };
}

function appOf(rooms: Rooms): Koa {
  const { base, core, protocol, limits } = rooms;
  const { issuer, trustedProxies, clients: registered } = base.config;
  const { provider, clients } = protocol;
  const { renderer, theme, log } = base;
  const pages = signInPages(rooms);
  const area = accountArea(rooms);
  const links = linkPages(rooms);
  const reset = resetRoom(rooms);
  return assembleApp({
    ...limits,
    provider,
    issuer,
    trustedProxies,
    log,
    isOutage,
    problemPage: (ctx, problem) => problemPage({ renderer, clients }, ctx, problem),
    views: renderer.middleware,
    assets: assets({ theme }),
    clientAuthentication: clientAuthentication(clients),
    resumeGuard: resumeGuard({ ...pages, keepPace: limits.keepPace }),
    staleSignOut: staleSignOut({ issuer }),
    signOutRecord: signOutRecord(core),
    discovery: discoveryForOthers(registered),
    heldWrites: endGathering(protocol.held.end),
    routes: [
      (router) => interactionRoutes(router, pages),
      (router) => accountRoutes(router, area),
      (router) => linkRoutes(router, links),
      (router) => resetRoutes(router, reset),
      (router) => linkEntrance(router, links),
      signOutRoutes,
      ...developmentRoutes(rooms),
    ],
  });
}

function developmentRoutes({ base, delivery }: Rooms): readonly ((router: Router) => void)[] {
  const { renderer, config } = base;
  const { letterbox } = delivery;
  if (!letterbox || config.environment === 'production') return []; // guard: production-no-outbox
  return [(router) => outboxRoute(router, { outbox: letterbox, renderer, issuer: config.issuer })];
}
