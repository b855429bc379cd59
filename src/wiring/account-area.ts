import { ownSignOut } from '../oidc/own-client.ts';
import { networkKeys } from '../protection/network.ts';
import type { AreaDeps } from '../routes/account/area.ts';
import { accountPages } from '../routes/account/pages.ts';
import { accountChanges } from '../self-service/account-change.ts';
import { addingFactor } from '../self-service/add-factor.ts';
import { givenApplications } from '../self-service/applications.ts';
import { changingPassword } from '../self-service/change-password.ts';
import { ownHistory } from '../self-service/history.ts';
import { managingFactors } from '../self-service/manage-factors.ts';
import { ownDevices } from '../self-service/own-devices.ts';
import { renewingRecoveryCodes } from '../self-service/renew-recovery-codes.ts';
import { sessionsElsewhere } from '../self-service/sessions-elsewhere.ts';
import { passwordRefused } from '../sign-in/password/wrong-password.ts';
import type { Rooms } from './rooms.ts';

/** What a signed-in person may change of the own account. */
function selfService({ base, core, proving, protocol, delivery, signIn }: Rooms) {
  const { factors } = proving;
  const changes = accountChanges({ ...core, ...proving, report: delivery.report, client: protocol.own });
  const guessing = { refuse: passwordRefused(core), networkKey: networkKeys(base.cipher), client: protocol.own };
  const clientOf = (clientId: string) => protocol.clients.get(clientId);
  return {
    factors,
    changes,
    useCases: signIn,
    beginAdding: addingFactor({ changes, factors, now: core.now }),
    recoveryCodes: renewingRecoveryCodes({ ...core, ...proving, changes, saveCodes: signIn.saveCodes }),
    factorManagement: managingFactors({ ...core, factors }),
    elsewhere: sessionsElsewhere(core),
    devices: ownDevices({ ...core, places: delivery.places }),
    changePassword: changingPassword({ ...core, ...guessing }),
    applications: givenApplications({ ...core, clientOf, ownClientId: protocol.own.clientId }),
    history: ownHistory({ ...core, clientOf, places: delivery.places }),
  };
}

/** What its pages are made of. */
export function accountArea(rooms: Rooms): AreaDeps {
  const { base, core, cookies, protocol, limits, proving } = rooms;
  const { own, signedIn } = protocol;
  const { renderer, now } = base;
  return {
    ...cookies,
    ...limits,
    renderer,
    factors: proving.factors,
    client: own,
    signedIn,
    pages: accountPages({
      ...selfService(rooms),
      codeDigits: proving.deliveredCodes.digits,
      passwordMin: core.rules.minimum,
      signOut: ownSignOut(own),
      now,
    }),
    now,
  };
}
