import type Koa from 'koa';
import { deliveredCodes } from './accounts/addresses.ts';
import { mailCourier } from './accounts/couriers.ts';
import type { Mailer } from './accounts/mailer.ts';
import { createPasswords } from './accounts/password.ts';
import { assembleApp } from './app.ts';
import type { Config, Keys } from './config.ts';
import { mailedNotices } from './delivery/notices.ts';
import { type Outbox, outbox } from './delivery/outbox.ts';
import { smtpMailer } from './delivery/smtp-mailer.ts';
import { deliveredCodeFactor } from './factors/delivered-code.ts';
import { emailKind } from './factors/delivered-kinds.ts';
import type { Factor, Level } from './factors/factor.ts';
import { recoveryCodes, recoveryFactor } from './factors/recovery-codes.ts';
import { totpFactor } from './factors/totp.ts';
import { assets } from './http/assets.ts';
import { clientGuesses } from './http/client-guesses.ts';
import { createForgery } from './http/forgery.ts';
import { knownBrowsers } from './http/known-browser.ts';
import { originOf } from './http/origin.ts';
import { createRenderer } from './http/render.ts';
import { returnAddresses } from './http/return-address.ts';
import { createTheme } from './http/theme.ts';
import { toldOnce } from './http/told-once.ts';
import { clientsById } from './oidc/clients.ts';
import { adapterErrors, shieldFrom } from './oidc/faults.ts';
import { interactions } from './oidc/interactions.ts';
import { discoveryForOthers, ownClient, ownSignOut } from './oidc/own-client.ts';
import { createProvider } from './oidc/provider.ts';
import { libraryReports } from './oidc/reports.ts';
import { signedInFinder } from './oidc/signed-in.ts';
import { createCipher } from './platform/cipher.ts';
import type { Log } from './platform/log.ts';
import { addressBudget } from './protection/address-budget.ts';
import { carryingOut } from './protection/carry-out.ts';
import { sendBudget } from './protection/send-budget.ts';
import { accountRoutes } from './routes/account/area.ts';
import { accountPages } from './routes/account/pages.ts';
import { outboxRoute } from './routes/development/outbox.ts';
import { interactionRoutes } from './routes/interaction.ts';
import { drawLibraryPages, problemPage } from './routes/library-pages.ts';
import { stagePages } from './routes/sign-in/pages.ts';
import { recordSignOut, signOutRecord } from './routes/sign-out.ts';
import { signIn } from './sign-in/sign-in.ts';
import { signedInElsewhere } from './sign-in/signed-in-elsewhere.ts';
import { type Database, isOutage } from './storage/connection.ts';
import { mongoCounters } from './storage/counters.ts';
import { createOidcAdapter } from './storage/oidc-adapter.ts';
import { stores } from './stores.ts';

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
  const own = ownClient({ issuer, productName: theme.productName });
  const clients = clientsById(config.clients, own);
  const renderer = createRenderer({ theme, cache: true });
  const kept = stores(database);
  const { accounts, attempts, sessions, consents, events } = kept;
  const { transport } = config.mail;
  const letterbox = transport === 'outbox' || config.sms.sender === 'outbox' ? outbox({ now }) : undefined;
  const courier =
    transport === 'outbox' && letterbox ? letterbox : smtpMailer({ ...config.mail, senderName: theme.productName });
  const post = mailer ?? courier;

  const codes = deliveredCodes({
    cipher,
    sendBudget: sendBudget({
      ...kept,
      limits: config.sendBudgets,
      alarm: (limit) => log.error({ limit }, 'a limit on what is sent is reached'),
    }),
    couriers: { mail: mailCourier({ mailer: post, letters: renderer }) },
    digits: 6,
    now,
  });
  const passwords = createPasswords(config.argon2);
  const recovering = { sets: kept.recoverySets, passwords, cipher, now };
  const recovery = recoveryCodes(recovering);
  const proving = { codes, spends: kept.codeSpends, firstFactors: kept.firstFactors, now };
  const factors: readonly Factor[] = [
    totpFactor({ steps: kept.steps, firstFactors: kept.firstFactors, cipher, issuerName: theme.productName, now }),
    deliveredCodeFactor(emailKind, proving),
    recoveryFactor(recovering),
  ];
  const levels: readonly Level[] = ['1fa', ...new Set(factors.map(({ level }) => level))];

  const report = (cause: unknown) => log.error({ err: cause }, 'a mail could not be handed over');
  const notices = mailedNotices({ mailer: post, letters: renderer, report });
  const steps = signIn({
    ...kept,
    ...{ factors, passwords, recovery, notices },
    deliveredCodes: codes,
    carryOut: carryingOut({ ...kept, notices, now }),
    rules: { minimum: config.password.minimumLength, productName: theme.productName },
    report,
    now,
  });

  const pages = drawLibraryPages({ renderer, clients, attempts, now });
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
    shield: shieldFrom(isOutage),
    report: libraryReports({ log, events, origin: originOf, now }),
    levels,
    now,
  });
  const addressLimits = addressBudget({
    counters: mongoCounters(database, 'address_budgets'),
    limits: config.addressLimits,
    report: (cause) => log.error({ err: cause }, 'a failure was not counted against its address'),
    now,
  });
  const browsers = knownBrowsers({ cipher, issuer });
  const forgery = createForgery({ cipher, issuer });
  const policy = { secondFactor: config.secondFactor, registrationOpen: config.registration.open };
  const interaction = {
    ...kept,
    ...{ renderer, forgery, browsers, clients, policy, addressLimits, now },
    interactions: interactions({
      provider,
      endSession: (ctx, session) => recordSignOut({ sessions, events, now }, ctx, session),
    }),
    restart: steps.restart,
    refuse: steps.refuse,
    finish: steps.finish,
    ...stagePages(steps, {
      factors,
      staySeconds: config.session.staySignedInSeconds,
      passwordMin: config.password.minimumLength,
      codeDigits: codes.digits,
      recovery,
      knownBrowser: browsers.read,
      now,
    }),
  };

  const area = {
    ...{ renderer, forgery, client: own, now },
    signedIn: signedInFinder({ provider, config, accounts, sessions, now }),
    returns: returnAddresses({ cipher, issuer }),
    told: toldOnce({ cipher, issuer }),
    pages: accountPages({
      factors,
      elsewhere: signedInElsewhere({ sessions, events, now }),
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
    clientGuesses: clientGuesses({ addressLimits, now }),
    signOutRecord: signOutRecord({ sessions, events, now }),
    discovery: discoveryForOthers(),
    routes: [
      (router) => interactionRoutes(router, interaction),
      (router) => accountRoutes(router, area),
      ...(letterbox && config.environment !== 'production'
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
