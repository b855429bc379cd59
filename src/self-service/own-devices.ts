import type { Account } from '../accounts/account.ts';
import type { Places } from '../delivery/couriers.ts';
import { defined } from '../platform/defined.ts';
import type { Origin } from '../platform/origin.ts';
import { type Events, eventSubject } from '../protection/events.ts';
import type { RememberedDevice, RememberedDevices } from '../sign-in/device/remembered-devices.ts';

/** A device as its owner sees it: from a rough place, because the list is also read by whoever looks over a shoulder. */
export type OwnDevice = Pick<RememberedDevice, 'id' | 'since' | 'lastUsedAt' | 'browser'> & { readonly place?: string };

export interface OwnDevices {
  /** Those that are remembered now, the last used first. */
  list(account: Account): Promise<readonly OwnDevice[]>;
  /** False: this account has no such device (any more). */
  forget(account: Account, id: string, origin: Origin): Promise<boolean>;
  /** False: there was none. */
  forgetAll(account: Account, origin: Origin): Promise<boolean>;
}

/** What a person can do about the browsers in which their own account is remembered (check 51). */
export function ownDevices(deps: {
  readonly devices: RememberedDevices;
  readonly places: Places;
  readonly events: Events;
  readonly now: () => Date;
}): OwnDevices {
  async function told(forgotten: boolean, { id: accountId }: Account, origin: Origin): Promise<boolean> {
    const who = eventSubject({ accountId, origin });
    if (forgotten) await deps.events.append({ at: deps.now(), kind: 'device_forgotten', result: 'success', ...who });
    return forgotten;
  }

  return {
    async list(account) {
      const all = await deps.devices.list(account, deps.now());
      return Promise.all(
        all.map(async ({ id, since, lastUsedAt, browser, address }) => {
          const place = await deps.places.of(address); // guard: device-rough-place
          return { id, since, lastUsedAt, ...defined({ browser, place }) };
        }),
      );
    },

    async forget(account, id, origin) {
      return told(await deps.devices.end({ id, accountId: account.id }), account, origin); // guard: forgotten-device-ends
    },

    async forgetAll(account, origin) {
      return told((await deps.devices.endAll(account.id)) > 0, account, origin); // guard: forgotten-devices-end
    },
  };
}
