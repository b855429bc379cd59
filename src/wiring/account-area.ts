import { ownSignOut } from '../oidc/own-client.ts';
import type { AreaDeps } from '../routes/account/area.ts';
import { accountPages } from '../routes/account/pages.ts';
import { accountChanges } from '../sign-in/account-change.ts';
import { addingWay } from '../sign-in/add-way.ts';
import { changingWays } from '../sign-in/change-ways.ts';
import { renewingCodes } from '../sign-in/renew-codes.ts';
import { signedInElsewhere } from '../sign-in/signed-in-elsewhere.ts';
import type { Rooms } from './rooms.ts';

/** What a signed-in person may change of the own account. */
function selfService({ core, proving, protocol, delivery, signIn }: Rooms) {
  const { factors } = proving;
  const changes = accountChanges({ ...core, ...proving, report: delivery.report, client: protocol.own });
  return {
    factors,
    changes,
    useCases: signIn,
    beginAdding: addingWay({ changes, factors, now: core.now }),
    codes: renewingCodes({ ...core, ...proving, changes, saveCodes: signIn.saveCodes }),
    wayChanges: changingWays({ ...core, factors }),
    elsewhere: signedInElsewhere(core),
  };
}

/** What its pages are made of. */
export function accountArea(rooms: Rooms): AreaDeps {
  const { base, cookies, protocol, limits, proving } = rooms;
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
      signOut: ownSignOut(own),
      now,
    }),
    now,
  };
}
