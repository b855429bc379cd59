import { offeredLevels } from '../config/factors.ts';
import { originOf } from '../http/origin.ts';
import { type Clients, clientsById } from '../oidc/clients.ts';
import { adapterErrors, shieldFrom } from '../oidc/faults.ts';
import { gatheringRequest } from '../oidc/gathering.ts';
import { interactions } from '../oidc/interactions.ts';
import { ownClient } from '../oidc/own-client.ts';
import type { DeviceCounts } from '../oidc/policy.ts';
import { createProvider } from '../oidc/provider.ts';
import { libraryReports } from '../oidc/reports.ts';
import { signedInFinder } from '../oidc/signed-in.ts';
import type { LeastLevel } from '../oidc/valid-session.ts';
import { confirmationOf } from '../routes/account/confirmation.ts';
import { drawLibraryPages } from '../routes/library-pages.ts';
import { recordSignOut } from '../routes/sign-out.ts';
import { isReenrolled, rememberedSince } from '../sign-in/policy/assurance.ts';
import { leastLevelOf, putOffKind } from '../sign-in/policy/policy.ts';
import { deviceCounts } from '../sign-in/policy/remembering.ts';
import { isOutage } from '../storage/connection.ts';
import { heldWrites } from '../storage/held-writes.ts';
import { interactionSeal } from '../storage/library-interactions.ts';
import { createOidcAdapter } from '../storage/oidc-adapter.ts';
import { redeemedCodes } from '../storage/redeemed-code.ts';
import type { Base } from './base.ts';
import type { Cookies } from './cookies.ts';
import type { Core } from './core.ts';

export type Protocol = ReturnType<typeof protocolOf>;

/** OpenID Connect: the clients, the library over our stores, and what pages ask of it. */
export function protocolOf(base: Base, core: Core, { marks, confirmations }: Cookies) {
  const { config, keys, database: db, cipher, renderer, log, now } = base;
  const own = ownClient({ issuer: config.issuer, productName: config.theme.productName });
  const clients = clientsById(config.clients, own);
  const leastLevel = leastLevelIn(core);
  const seal = interactionSeal(cipher);
  const held = heldWrites({ db, errors: adapterErrors, request: gatheringRequest });
  const redeemed = redeemedCodes({ db, now, request: gatheringRequest });
  const provider = createProvider({
    ...core,
    accounts: redeemed.accounts(core.accounts),
    config,
    keys,
    clients,
    adapter: createOidcAdapter({ db, cipher, now, errors: adapterErrors, held, redeemed }),
    seal,
    pages: drawLibraryPages({ ...core, renderer, clients }),
    origin: originOf,
    browserMark: marks.begun,
    confirmation: (ctx, state) => confirmationOf(confirmations.read(ctx, state)),
    shield: shieldFrom(isOutage),
    report: libraryReports({ ...core, log, origin: originOf }),
    levels: offeredLevels(config.factors.kinds, base.kinds),
    leastLevel,
    deviceCounts: deviceCountsIn(core, clients),
  });
  return {
    own,
    clients,
    provider,
    held,
    signedIn: signedInFinder({ ...core, provider, config, leastLevel }),
    interactions: interactions({
      provider,
      seal,
      mfa: config.factors,
      endSession: (ctx, session) => recordSignOut(core, ctx, session),
    }),
  };
}

function leastLevelIn({ policy, now }: Core): LeastLevel {
  return (account, { proofs, fresh }) => {
    const putOff = proofs.some(({ kind }) => kind === putOffKind);
    const rests = { onDevice: rememberedSince(proofs) !== undefined, reenrolled: isReenrolled(proofs) };
    return leastLevelOf({ policy, account, now: now(), fresh, putOff, ...rests });
  };
}

function deviceCountsIn({ policy, now }: Core, clients: Clients): DeviceCounts {
  return (account, { clientId, proofs, ...anew }) => {
    const { leastLevel = '1fa', rememberDevice = false } = clients.get(clientId) ?? {};
    const request = { leastLevel, ...anew, ...(rememberDevice ? {} : ({ alwaysAsks: true } as const)) };
    return deviceCounts({ policy, account, request, proofs, now: now() });
  };
}
