import type { Accounts } from '../accounts/account.ts';
import type { Passwords } from '../accounts/password.ts';
import type { Administrators } from '../delivery/administrators.ts';
import type { DeliveredCodes } from '../delivery/delivered-codes.ts';
import type { Factor } from '../factors/factor.ts';
import type { RecoveryCodes } from '../factors/recovery-codes.ts';
import type { Origin } from '../platform/origin.ts';
import type { AddressBudget } from '../protection/address-budget.ts';
import type { SecondFactorGuesses } from '../protection/budgets.ts';
import type { CarryOut } from '../protection/carry-out.ts';
import type { Counters } from '../protection/counters.ts';
import type { Events } from '../protection/events.ts';
import type { Notices } from '../protection/notices.ts';
import type { Attempts } from './attempt.ts';
import { choosing } from './choose.ts';
import { type DeliveryReport, delivering } from './delivery/deliver.ts';
import { sendingAnother } from './delivery/send-another.ts';
import { rememberingDevice } from './device/remember-device.ts';
import type { DeviceSecrets, RememberedDevices } from './device/remembered-devices.ts';
import { usingDevice } from './device/use-device.ts';
import { confirmingEnrolment } from './enrolment/confirm-enrolment.ts';
import { confirmingMail } from './enrolment/confirm-mail.ts';
import { enrolling } from './enrolment/enrol.ts';
import { type PutOffs, puttingOff } from './enrolment/put-off.ts';
import { provingFactor } from './factor/prove-factor.ts';
import { recovering } from './factor/recovery.ts';
import { finishing, type Interactions } from './finish.ts';
import { noticingPlaces, type SeenPlaces } from './new-place.ts';
import { provingPassword } from './password/prove-password.ts';
import { registering } from './password/register.ts';
import { proceeding } from './proceed.ts';
import { choosingRescue } from './rescue/choose-rescue.ts';
import { writingToAdministrators } from './rescue/write-to-administrators.ts';
import type { Consents } from './sessions.ts';

export interface SignInDeps {
  readonly accounts: Accounts;
  readonly attempts: Attempts;
  readonly consents: Consents;
  readonly events: Events;
  readonly guesses: SecondFactorGuesses;
  readonly addressLimits: AddressBudget;
  /** In the order they are offered; the first that can be enrolled is the one a new person sets up. */
  readonly factors: readonly Factor[];
  readonly passwords: Passwords;
  readonly deliveredCodes: DeliveredCodes;
  /** Absent where there are no recovery codes. */
  readonly recovery?: RecoveryCodes;
  readonly putOffs: PutOffs;
  readonly interactions: Interactions;
  readonly devices: RememberedDevices;
  readonly deviceSecrets: DeviceSecrets;
  readonly administrators: Administrators;
  readonly counters: Counters;
  readonly carryOut: CarryOut;
  readonly notices: Notices;
  readonly networkKey: (address: string | undefined) => string;
  readonly seenPlaces: SeenPlaces;
  readonly placeKey: (origin: Origin) => string;
  readonly rules: { readonly minimum: number; readonly productName: string };
  readonly report: DeliveryReport;
  readonly now: () => Date;
}

export type SignIn = ReturnType<typeof signIn>;

/** Every use case of a sign-in: one behind each form. */
export function signIn(deps: SignInDeps) {
  const deliver = delivering(deps);
  const { finish, ...ending } = finishing({ ...deps, noticePlace: noticingPlaces(deps) });
  const proceed = proceeding({ ...deps, deliver, ending });
  const { createAccount, ...registration } = registering({ ...deps, deliver, proceed });
  return {
    ...registration,
    provePassword: provingPassword({ ...deps, proceed, useDevice: usingDevice(deps) }),
    proveFactor: provingFactor({ ...deps, proceed, rememberDevice: rememberingDevice(deps) }),
    ...confirmingMail({ ...deps, proceed, createAccount }),
    sendAnother: sendingAnother({ ...deps, deliver, proceed }),
    confirmEnrolment: confirmingEnrolment({ ...deps, proceed }),
    ...enrolling({ ...deps, proceed }),
    ...choosing({ ...deps, proceed }),
    putOff: puttingOff({ ...deps, proceed }),
    ...recovering({ ...deps, proceed }),
    chooseRescue: choosingRescue({ ...deps, proceed }),
    writeToAdministrators: writingToAdministrators(deps),
    finish,
  };
}
