import type { Account } from '../../accounts/account.ts';
import type { Proof } from '../../factors/factor.ts';
import { hashId } from '../../platform/hash.ts';
import type { CarryOut } from '../../protection/carry-out.ts';
import type { SignInStep } from '../outcome.ts';
import { demandOf } from '../policy/policy.ts';
import { provedAfter, rememberedKind } from '../policy/remembering.ts';
import type {
  DeviceCookies,
  DeviceSecrets,
  HeldDevice,
  RememberedDevices,
  StoredDevice,
} from './remembered-devices.ts';

/** Two tabs, or whoever never got the answer with the next secret, show the one before: after that it is somebody else who does. */
const graceMilliseconds = 30_000;

interface Shown {
  readonly step: SignInStep;
  readonly account: Account;
  readonly cookies: DeviceCookies;
  readonly held: HeldDevice;
}

export function usingDevice(deps: {
  readonly devices: RememberedDevices;
  readonly deviceSecrets: DeviceSecrets;
  readonly carryOut: CarryOut;
  readonly now: () => Date;
}) {
  /**
   * After the right password: the proof of before, where this browser is remembered for this very account and that counts in
   * this sign-in. Without such a cookie, or where it would not count, the database is asked nothing.
   */
  return async function useDevice(step: SignInStep, account: Account): Promise<Proof | undefined> {
    const { devices: cookies, policy, request } = step;
    const now = deps.now();
    const sinceAfter = provedAfter({ policy, account, request, now });
    const isAsked = demandOf({ policy, account, leastLevel: request.leastLevel, now }) === 'prove'; // guard: unasked-factor-no-device
    const held = cookies && sinceAfter && isAsked ? cookies.read(account.id) : undefined;
    if (!cookies || !sinceAfter || !held) return undefined;
    const since = await rotated({ step, account, cookies, held }, sinceAfter);
    return since && { kind: rememberedKind, amr: [], level: 'remembered', at: since };
  };

  /** The secret that is shown counts once more and for the last time; the answer carries the next. */
  async function rotated(shown: Shown, sinceAfter: Date): Promise<Date | undefined> {
    const { step, account, cookies, held } = shown;
    const now = deps.now();
    const next = deps.deviceSecrets.after(held);
    const { address, browser } = step.origin;
    const device = await deps.devices.rotate({
      ...{ id: held.id, accountId: account.id, securityVersion: account.securityVersion },
      ...{ hash: hashId(held.secret), nextHash: hashId(next) },
      ...{ previousUntil: new Date(now.getTime() + graceMilliseconds), sinceAfter, now },
      ...(address === undefined ? {} : { address }),
      ...(browser === undefined ? {} : { browser }),
    });
    if (!device) return justBefore(shown, sinceAfter);
    cookies.write(account.id, { id: held.id, secret: next }, device.expiresAt);
    return device.since;
  }

  /** It was not the one that counts: the one before, for some seconds; or one from before that, which somebody has kept. */
  async function justBefore({ step, account, cookies, held }: Shown, sinceAfter: Date): Promise<Date | undefined> {
    const now = deps.now();
    const stored = await deps.devices.find({ id: held.id, accountId: account.id });
    if (!stored || isOver(stored, account, now)) {
      cookies.clear(account.id);
      return undefined;
    }
    const hash = hashId(held.secret);
    if (hash === stored.hash) return undefined;
    const next = deps.deviceSecrets.after(held);
    const inGrace = stored.previousUntil !== undefined && now < stored.previousUntil; // guard: previous-secret-some-seconds
    if (inGrace && hash === stored.previousHash) {
      // Its answer may have been lost: the browser is handed once more what the first one was.
      if (hashId(next) === stored.hash) cookies.write(account.id, { id: held.id, secret: next }, stored.expiresAt);
      return stored.since > sinceAfter ? stored.since : undefined; // guard: previous-secret-judged-too
    }
    await stolen(step, account, held);
    cookies.clear(account.id);
    return undefined;
  }

  /** Sealed by us, and older than what its browser has: two hold it. Which of them is the owner nobody can tell, so neither goes on. */
  async function stolen({ origin, request }: SignInStep, account: Account, { id }: HeldDevice): Promise<void> {
    if (!(await deps.devices.end({ id, accountId: account.id }))) return; // guard: theft-told-once
    await deps.carryOut({ change: 'device_theft', account, origin, clientId: request.clientId });
  }
}

/** Ended by its time or by a change of its account: no secret of it is anybody's theft. */
function isOver({ securityVersion, expiresAt }: StoredDevice, account: Account, now: Date): boolean {
  return expiresAt <= now || securityVersion !== account.securityVersion;
}
