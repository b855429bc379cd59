import { type Connection, Schema } from 'mongoose';
import type { Account, EnrolledFactor } from '../accounts/account.ts';
import type { RecoverySet } from '../accounts/recovery-set.ts';
import { defined } from '../platform/defined.ts';
import { type Budget, type Guesses, noStrangers, type StrangerGuesses } from '../protection/budgets.ts';
import { checkedRows } from './checked-rows.ts';
import { part, storedIn } from './schema.ts';

export type AccountRow = Omit<Account, 'id'> & {
  readonly _id: string;
  /** What the username looks like (accounts/identifier): of names that look alike one is had. */
  readonly usernameSkeleton?: string;
  /** Passwords tried since the account was made, judged or not; only there so that every try is a write. */
  readonly tries?: number;
  /** Hash of the link in whose name "This was not me" was said last: it raises the counters once. */
  readonly deniedBy?: string;
};

const budget = () => part({ failures: Number, lockedUntil: Date });

const strangers = part({
  failures: Number,
  endsAt: Date,
  networks: [part({ network: String, failures: Number, lockedUntil: Date, at: Date })],
});

const factor = part({
  id: String,
  kind: String,
  name: String,
  createdAt: Date,
  lastUsedAt: Date,
  data: Schema.Types.Mixed,
});

const mailboxUse = () => part({ address: String, at: Date });

const schema = storedIn<AccountRow>('accounts', {
  _id: String,
  email: String,
  username: String,
  usernameSkeleton: String,
  passwordHash: String,
  roles: [String],
  active: Boolean,
  sessionVersion: Number,
  securityVersion: Number,
  factors: [factor],
  preferredFactorId: String,
  twoStepOff: Boolean,
  enrolmentSkips: Number,
  putOffIn: String,
  resetIn: String,
  recovery: part({ salt: String, hashes: [String], level: String, createdAt: Date }),
  recoveryDue: Boolean,
  pass: part({ hash: String, createdAt: Date, expiresAt: Date, by: String }),
  guesses: part({ password: strangers, secondFactor: budget(), browsers: { type: Map, of: budget() } }),
  toldOfGuesses: part({ network: Date, day: Date }),
  mailboxUses: part({ reset: mailboxUse(), rescue: mailboxUse() }),
  revocations: { type: [part({ clientId: String, times: Number })], default: undefined },
  createdAt: Date,
  tries: Number,
  deniedBy: String,
  seenPlaces: [part({ key: String, at: Date })],
});

/** The one road to the collection of accounts: its fields are known and its filters exact (checked-rows.ts). */
export function accountRows(connection: Connection) {
  return checkedRows(connection, schema);
}

export function toAccount(row: AccountRow): Account {
  return {
    id: row._id,
    email: row.email,
    ...defined({ username: row.username, passwordHash: row.passwordHash }),
    roles: [...row.roles],
    active: row.active,
    sessionVersion: row.sessionVersion,
    securityVersion: row.securityVersion,
    factors: row.factors.map(toFactor),
    ...defined({
      preferredFactorId: row.preferredFactorId,
      twoStepOff: row.twoStepOff,
      enrolmentSkips: row.enrolmentSkips,
      putOffIn: row.putOffIn,
      resetIn: row.resetIn,
    }),
    ...(row.recovery === undefined ? {} : { recovery: toRecovery(row.recovery) }),
    ...defined({ recoveryDue: row.recoveryDue, pass: row.pass }),
    guesses: toGuesses(row.guesses),
    ...(row.toldOfGuesses === undefined ? {} : { toldOfGuesses: { ...row.toldOfGuesses } }),
    ...defined({ mailboxUses: row.mailboxUses, revocations: row.revocations }),
    ...(row.seenPlaces === undefined ? {} : { seenPlaces: row.seenPlaces.map(({ key, at }) => ({ key, at })) }),
    createdAt: row.createdAt,
  };
}

function toFactor({ id, kind, name, createdAt, lastUsedAt, data }: EnrolledFactor): EnrolledFactor {
  return { id, kind, name, createdAt, lastUsedAt, ...defined({ data }) };
}

function toRecovery({ salt, hashes, level, createdAt }: RecoverySet): RecoverySet {
  return { salt, hashes: [...hashes], ...defined({ level }), createdAt };
}

function toGuesses({ password, secondFactor, browsers }: Guesses): Guesses {
  const known = Object.entries(browsers).map(([id, one]) => [id, toBudget(one)]);
  return { password: toStrangers(password), secondFactor: toBudget(secondFactor), browsers: Object.fromEntries(known) };
}

/** A row of the time when one count held for all strangers has no networks: whom it shut out is let in again. */
function toStrangers({ failures, endsAt, networks }: Partial<StrangerGuesses>): StrangerGuesses {
  if (failures === undefined || networks === undefined) return noStrangers; // guard: old-stranger-count-reopened
  return {
    failures,
    ...defined({ endsAt }),
    networks: networks.map(({ network, at, ...budget }) => ({ network, ...toBudget(budget), at })),
  };
}

export function toBudget({ failures, lockedUntil }: Budget): Budget {
  return lockedUntil === undefined ? { failures } : { failures, lockedUntil };
}
