import type Koa from 'koa';
import type { Mailer } from './accounts/mailer.ts';
import { createPasswords } from './accounts/password.ts';
import { assembleApp } from './app.ts';
import { offeredLevels } from './config/factors.ts';
import type { Config, Keys } from './config.ts';
import { mailedNotices } from './delivery/notices.ts';
import { type Outbox, outbox } from './delivery/outbox.ts';
import { places as roughPlaces } from './delivery/places.ts';
import { smtpMailer } from './delivery/smtp-mailer.ts';
import { askedProofs } from './http/asked-proof.ts';
import { assets } from './http/assets.ts';
import { authorizationLimit } from './http/authorization-limit.ts';
import { browserMarks } from './http/browser-mark.ts';
import { clientGuesses } from './http/client-guesses.ts';
import { createForgery } from './http/forgery.ts';
import { keptInput } from './http/kept-input.ts';
import { knownBrowsers } from './http/known-browser.ts';
import { originOf } from './http/origin.ts';
import { catalogue, createRenderer } from './http/render.ts';
import { returnAddresses } from './http/return-address.ts';
import { createTheme } from './http/theme.ts';
import { toldOnce } from './http/told-once.ts';
import { clientAuthentication, showedTwoSecrets } from './oidc/client-authentication.ts';
import { clientsById } from './oidc/clients.ts';
import { adapterErrors, shieldFrom } from './oidc/faults.ts';
import { interactions } from './oidc/interactions.ts';
import { discoveryForOthers, ownClient, ownSignOut } from './oidc/own-client.ts';
import { createProvider } from './oidc/provider.ts';
import { libraryReports } from './oidc/reports.ts';
import { signedInFinder } from './oidc/signed-in.ts';
import type { LeastLevel } from './oidc/standing.ts';
import { createCipher } from './platform/cipher.ts';
import type { Log } from './platform/log.ts';
import { plainName } from './platform/plain-text.ts';
import { addressBudget } from './protection/address-budget.ts';
import { addressPace } from './protection/address-pace.ts';
import { carryingOut } from './protection/carry-out.ts';
import { networkKeys } from './protection/network.ts';
import { accountRoutes } from './routes/account/area.ts';
import { confirmationOf } from './routes/account/confirmation.ts';
import { accountPages } from './routes/account/pages.ts';
import { outboxRoute } from './routes/development/outbox.ts';
import { interactionRoutes } from './routes/interaction.ts';
import { drawLibraryPages, problemPage } from './routes/library-pages.ts';
import { resumeGuard } from './routes/resume.ts';
import { stagePages } from './routes/sign-in/pages.ts';
import { recordSignOut, signOutRecord, signOutRoutes, staleSignOut } from './routes/sign-out.ts';
import { accountChanges } from './sign-in/account-change.ts';
import { addingWay } from './sign-in/add-way.ts';
import { changingWays } from './sign-in/change-ways.ts';
import { factorPolicy, leastLevelOf, putOffKind } from './sign-in/policy.ts';
import { renewingCodes } from './sign-in/renew-codes.ts';
import { signIn } from './sign-in/sign-in.ts';
import { signedInElsewhere } from './sign-in/signed-in-elsewhere.ts';
import { endingTooWeak } from './sign-in/too-weak.ts';
import { type Database, isOutage } from './storage/connection.ts';
import { mongoCounters } from './storage/counters.ts';
import { createOidcAdapter } from './storage/oidc-adapter.ts';
import { stores } from './stores.ts';
import { wireFactors } from './wiring-factors.ts';

export interface Surroundings {
  readonly config: Config;
  readonly keys: Keys;
  readonly database: Database;
  readonly log: Log;
  readonly now: () => Date;
  /** Replaces the configured courier. */
  readonly mailer?: Mailer;
}

export interface Twofold {
  readonly app: Koa;
  /** The mails and texts of a development server. */
  readonly outbox?: Outbox;
  /** Empties what is over to what may stay. */
  sweep(): Promise<void>;
  /** Lets go of what is kept open, the database aside. */
  close(): void;
}

/** The one list of concrete parts. */
export function wire({ config, keys, database, log, now, mailer }: Surroundings): Twofold {
  const { issuer } = config;
  const cipher = createCipher(keys.cipher);
  const theme = createTheme(config.theme);
  const { accent } = config.theme;
  if (theme.movedAccent) log.warn({ accent, used: theme.movedAccent }, 'theme.accent is hard to read: moved');
  const own = ownClient({ issuer, productName: theme.productName });
  const clients = clientsById(config.clients, own);
  const renderer = createRenderer({ theme, cache: true });
  const kept = stores(database);
  const { accounts, attempts, sessions, consents, events } = kept;
  const { transport } = config.mail;
  const letterbox = transport === 'outbox' || config.sms.sender === 'outbox' ? outbox({ now }) : undefined;
  const courier =
    transport === 'outbox' && letterbox
      ? letterbox
      : smtpMailer({ ...config.mail, issuer, senderName: plainName(theme.productName) });
  const post = mailer ?? courier;

  const places = roughPlaces({
    database: config.mail.placeDatabase,
    language: catalogue.lang,
    report: (cause) => log.error({ err: cause }, 'a place was not looked up'),
  });

  const passwords = createPasswords(config.argon2);
  const { factors, codes, ...made } = wireFactors({
    ...{ config, kept, cipher, passwords, letterbox, log, now },
    mailer: post,
    letters: renderer,
    places,
  });
  const levels = offeredLevels(config.factors.kinds);

  const report = (cause: unknown) => log.error({ err: cause }, 'a mail could not be handed over');
  const notices = mailedNotices({ mailer: post, letters: renderer, places, report });
  const policy = { ...factorPolicy(config), registrationOpen: config.registration.open };
  const carryOut = carryingOut({ ...kept, tooWeak: endingTooWeak({ ...kept, policy, now }), notices, now });
  const steps = signIn({
    ...kept,
    ...{ factors, passwords, notices, ...made },
    deliveredCodes: codes,
    carryOut,
    networkKey: networkKeys(cipher),
    rules: { minimum: config.password.minimumLength, productName: theme.productName },
    report,
    now,
  });

  const leastLevel: LeastLevel = (account, { proofs, fresh }) =>
    leastLevelOf({ policy, account, now: now(), fresh, putOff: proofs.some(({ kind }) => kind === putOffKind) });
  const pages = drawLibraryPages({ renderer, clients, attempts, now });
  const marks = browserMarks({ issuer });
  const proofs = askedProofs({ cipher, issuer, now });
  const adapter = createOidcAdapter({ db: database, cipher, now, errors: adapterErrors });
  const provider = createProvider({
    config,
    keys,
    clients,
    adapter,
    accounts,
    attempts,
    sessions,
    consents,
    pages,
    origin: originOf,
    browserMark: marks.begun,
    confirmation: (ctx, state) => confirmationOf(proofs.read(ctx, state)),
    shield: shieldFrom(isOutage),
    report: libraryReports({ log, events, origin: originOf, now }),
    ...{ levels, leastLevel, now },
  });
  const addressLimits = addressBudget({
    counters: mongoCounters(database, 'address_budgets'),
    limits: config.addressLimits,
    report: (cause) => log.error({ err: cause }, 'a failure was not counted against its address'),
    now,
  });
  const browsers = knownBrowsers({ cipher, issuer });
  const forgery = createForgery({ cipher, issuer });
  const interaction = {
    ...kept,
    ...{ renderer, forgery, browsers, marks, clients, policy, addressLimits, now },
    interactions: interactions({
      provider,
      endSession: (ctx, session) => recordSignOut({ sessions, events, now }, ctx, session),
    }),
    ...{ restart: steps.restart, refuse: steps.refuse, putOff: steps.putOff, finish: steps.finish },
    ...stagePages(steps, {
      factors,
      staySeconds: config.session.staySignedInSeconds,
      passwordMin: config.password.minimumLength,
      codeDigits: codes.digits,
      ...made,
      knownBrowser: browsers.read,
      now,
    }),
  };

  const changes = accountChanges({
    ...{ attempts, events, factors, policy, report, now },
    ...{ deliveredCodes: codes, client: own },
  });
  const area = {
    ...{ renderer, forgery, factors, proofs, client: own, now },
    signedIn: signedInFinder({ provider, config, accounts, sessions, leastLevel, now }),
    returns: returnAddresses({ cipher, issuer }),
    told: toldOnce({ cipher, issuer }),
    inputs: keptInput({ cipher, issuer, now }),
    pages: accountPages({
      ...{ factors, changes, addressLimits, useCases: steps, codeDigits: codes.digits },
      beginAdding: addingWay({ changes, factors }),
      codes: renewingCodes({ ...made, factors, accounts, changes, saveCodes: steps.saveCodes }),
      wayChanges: changingWays({ ...kept, factors, policy, carryOut, now }),
      elsewhere: signedInElsewhere({ ...kept, carryOut, now }),
      signOut: ownSignOut(own),
      now,
    }),
  };

  const app = assembleApp({
    provider,
    issuer,
    trustedProxies: config.trustedProxies,
    log,
    isOutage,
    problemPage: (ctx, problem) => problemPage({ renderer, clients }, ctx, problem),
    views: renderer.middleware,
    assets: assets({ theme }),
    authorizationLimit: authorizationLimit({
      pace: addressPace({ perMinute: config.addressLimits.authorizationsPerMinute, now }),
      now,
    }),
    clientGuesses: clientGuesses({ addressLimits, showedTwoSecrets, now }),
    clientAuthentication: clientAuthentication(clients),
    resumeGuard: resumeGuard(interaction),
    staleSignOut: staleSignOut({ issuer }),
    signOutRecord: signOutRecord({ sessions, events, now }),
    discovery: discoveryForOthers(config.clients),
    routes: [
      (router) => interactionRoutes(router, interaction),
      (router) => accountRoutes(router, area),
      signOutRoutes,
      ...(letterbox && config.environment !== 'production' // guard: production-no-outbox
        ? [
            (router: Parameters<typeof interactionRoutes>[0]) =>
              outboxRoute(router, { outbox: letterbox, renderer, issuer }),
          ]
        : []),
    ],
  });
  return {
    app,
    sweep: () => attempts.sweep(now()),
    close: () => ('close' in courier ? courier.close() : undefined),
    ...(letterbox ? { outbox: letterbox } : {}),
  };
}
