import type { Account } from '../../accounts/account.ts';
import type { Factor, Proof } from '../../factors/factor.ts';
import { hashId } from '../../platform/hash.ts';
import { randomId } from '../../platform/random.ts';
import { type Events, eventSubject } from '../../protection/events.ts';
import type { SignInStep } from '../outcome.ts';
import { mayRemember } from '../policy/remembering.ts';
import type { DeviceSecrets, RememberedDevices } from './remembered-devices.ts';

const dayMilliseconds = 24 * 60 * 60_000;

/** Whether a factor's page offers to remember the browser: what stands in for a factor never does (check 44). */
export function offersRemembering(
  { account, policy, request }: Pick<SignInStep, 'account' | 'policy' | 'request'>,
  { standsIn }: Pick<Factor, 'standsIn'>,
): boolean {
  return account !== undefined && !standsIn && mayRemember({ policy, account, request }); // guard: stand-in-remembers-nothing
}

export function rememberingDevice(deps: {
  readonly devices: RememberedDevices;
  readonly deviceSecrets: DeviceSecrets;
  readonly events: Events;
  readonly now: () => Date;
}) {
  /** After a real factor alone. What this browser was remembered by before ends: its days begin anew by a proof, and by nothing else. */
  return async function rememberDevice(
    { devices: cookies, policy, origin, request }: SignInStep,
    account: Account,
    { at: since }: Proof,
  ): Promise<void> {
    const days = policy.rememberDevice?.days ?? 0;
    if (!cookies || days === 0) return;
    const before = cookies.read(account.id);
    const { id: accountId, securityVersion } = account;
    const held = { id: randomId(), secret: deps.deviceSecrets.begin() };
    const expiresAt = new Date(since.getTime() + days * dayMilliseconds); // guard: device-absolute-end
    const { address, browser } = origin;
    await deps.devices.keep({
      ...{ id: held.id, accountId, securityVersion, since, lastUsedAt: since, expiresAt },
      hash: hashId(held.secret), // guard: device-secret-hashed
      ...(address === undefined ? {} : { address }),
      ...(browser === undefined ? {} : { browser }),
    });
    if (before) await deps.devices.end({ id: before.id, accountId });
    cookies.write(accountId, held, expiresAt);
    const who = eventSubject({ accountId, clientId: request.clientId, origin });
    await deps.events.append({ at: deps.now(), kind: 'device_remembered', result: 'success', ...who });
  };
}
