import type { AccountId } from '../../accounts/account.ts';

/** What a browser holds of an account's remembered device: which it is, and the secret that counts now. */
export interface HeldDevice {
  readonly id: string;
  readonly secret: string;
}

/** A browser on which its owner is not asked for a code again, until its end or until something ends it. */
export interface RememberedDevice {
  readonly id: string;
  readonly accountId: AccountId;
  /** The account's, as it was when the factor was proved there: every raise ends it. */
  readonly securityVersion: number;
  /** When the last real factor was proved there. */
  readonly since: Date;
  readonly lastUsedAt: Date;
  /** Whatever happens; no use moves it. */
  readonly expiresAt: Date;
  readonly browser?: string;
  readonly address?: string;
}

/** A device with the hashes that tell its secrets: of the one that counts, and of the one before, for as long as that does too. */
export interface StoredDevice extends RememberedDevice {
  readonly hash: string;
  readonly previousHash?: string;
  readonly previousUntil?: Date;
}

export interface DeviceUse extends Pick<RememberedDevice, 'id' | 'accountId' | 'securityVersion'> {
  /** Of the secret that was shown, which counts for the last time. */
  readonly hash: string;
  readonly nextHash: string;
  /** So long the one that was shown still counts. */
  readonly previousUntil: Date;
  /** The factor was proved there later than this. */
  readonly sinceAfter: Date;
  readonly now: Date;
  readonly browser?: string;
  readonly address?: string;
}

/** The port to remembered devices. Nothing past its end, or of an older version of its account, is ever used or listed. */
export interface RememberedDevices {
  keep(device: Omit<StoredDevice, 'previousHash' | 'previousUntil'>): Promise<void>;
  /** Puts the next secret in the place of the one that was shown, where that is the one that counts; answers the device to exactly one caller. */
  rotate(use: DeviceUse): Promise<RememberedDevice | undefined>;
  /** As it stands, whatever it is worth. */
  find(device: Pick<RememberedDevice, 'id' | 'accountId'>): Promise<StoredDevice | undefined>;
  /** True for exactly one caller: the one whose command ended it. */
  end(device: Pick<RememberedDevice, 'id' | 'accountId'>): Promise<boolean>;
  /** How many there were. */
  endAll(accountId: AccountId): Promise<number>;
  /** The last used first. */
  list(
    account: { readonly id: AccountId; readonly securityVersion: number },
    now: Date,
  ): Promise<readonly RememberedDevice[]>;
}

/** The cookies of one request, one for each account. */
export interface DeviceCookies {
  /** Undefined: none of this account that was written here. */
  read(accountId: AccountId): HeldDevice | undefined;
  write(accountId: AccountId, held: HeldDevice, until: Date): void;
  clear(accountId: AccountId): void;
}

export interface DeviceSecrets {
  /** 256 random bits. */
  begin(): string;
  /** The secret that follows one: always the same, so that two tabs that show one at once are handed one, and nobody without the key can tell it. */
  after(held: HeldDevice): string;
}
