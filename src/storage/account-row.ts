import type { Connection, Model } from 'mongoose';
import type { Account, EnrolledFactor } from '../accounts/account.ts';
import type { RecoverySet } from '../accounts/recovery-set.ts';
import type { Budget, Guesses } from '../protection/budgets.ts';
import { leanRows } from './lean-rows.ts';
import { part, storedIn } from './schema.ts';

export type AccountRow = Omit<Account, 'id'> & {
  readonly _id: string;
  /** Passwords tried since the account was made, judged or not; only there so that every try is a write. */
  readonly tries?: number;
};

const budget = () => part({ failures: Number, lockedUntil: Date });

const factor = part({
  id: String,
  kind: String,
  name: String,
  sealedSecret: String,
  lastStep: Number,
  refusedSteps: { type: [Number], default: undefined },
  destination: String,
  createdAt: Date,
  lastUsedAt: Date,
});

const schema = storedIn<AccountRow>('accounts', {
  _id: String,
  email: String,
  username: String,
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
  recovery: part({ salt: String, hashes: [String], createdAt: Date }),
  recoveryDue: Boolean,
  guesses: part({ password: budget(), secondFactor: budget(), browsers: { type: Map, of: budget() } }),
  createdAt: Date,
  tries: Number,
});

export function accountRows(connection: Connection): Model<AccountRow> {
  return connection.model<AccountRow>('Account', schema);
}

export function leanAccounts(connection: Connection) {
  return leanRows(connection, schema);
}

export function toAccount(row: AccountRow): Account {
  return {
    id: row._id,
    email: row.email,
    ...(row.username === undefined ? {} : { username: row.username }),
    ...(row.passwordHash === undefined ? {} : { passwordHash: row.passwordHash }),
    roles: [...row.roles],
    active: row.active,
    sessionVersion: row.sessionVersion,
    securityVersion: row.securityVersion,
    factors: row.factors.map(toFactor),
    ...(row.preferredFactorId === undefined ? {} : { preferredFactorId: row.preferredFactorId }),
    ...(row.twoStepOff === undefined ? {} : { twoStepOff: row.twoStepOff }),
    ...(row.enrolmentSkips === undefined ? {} : { enrolmentSkips: row.enrolmentSkips }),
    ...(row.putOffIn === undefined ? {} : { putOffIn: row.putOffIn }),
    ...(row.recovery === undefined ? {} : { recovery: toRecovery(row.recovery) }),
    ...(row.recoveryDue === undefined ? {} : { recoveryDue: row.recoveryDue }),
    guesses: toGuesses(row.guesses),
    createdAt: row.createdAt,
  };
}

function toFactor(row: EnrolledFactor): EnrolledFactor {
  const { id, kind, name, sealedSecret, lastStep, refusedSteps, destination, createdAt, lastUsedAt } = row;
  return {
    ...{ id, kind, name, createdAt, lastUsedAt },
    ...(sealedSecret === undefined ? {} : { sealedSecret }),
    ...(lastStep === undefined ? {} : { lastStep }),
    ...(refusedSteps === undefined ? {} : { refusedSteps: [...refusedSteps] }),
    ...(destination === undefined ? {} : { destination }),
  };
}

function toRecovery({ salt, hashes, createdAt }: RecoverySet): RecoverySet {
  return { salt, hashes: [...hashes], createdAt };
}

function toGuesses({ password, secondFactor, browsers }: Guesses): Guesses {
  const known = Object.entries(browsers).map(([id, one]) => [id, toBudget(one)]);
  return { password: toBudget(password), secondFactor: toBudget(secondFactor), browsers: Object.fromEntries(known) };
}

export function toBudget({ failures, lockedUntil }: Budget): Budget {
  return lockedUntil === undefined ? { failures } : { failures, lockedUntil };
}
