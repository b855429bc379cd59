import type { DeliveredCodeSpends } from '../factors/delivered-code.ts';
import { type FirstFactors, type FurtherFactors, mostFactors } from '../factors/first-factor.ts';
import { judgeTake, noGuesses, type SecondFactorGuesses, secondFactorRule } from '../protection/budgets.ts';
import { accountRows, toAccount } from './account-row.ts';
import { leanAttempts } from './attempts.ts';
import type { Database } from './connection.ts';
import { withoutOtherKinds } from './factor-changes.ts';
import { guessUpdate } from './guess-update.ts';

/** Tries of one challenge and a few more: an older one has passed by itself. */
const refusedKept = 20;

interface Spend {
  readonly accountId: string;
  readonly factorId: string;
  readonly step: number;
  readonly now: Date;
}

export function mongoTotpSteps({ connection }: Database) {
  const accounts = accountRows(connection);
  return {
    /** True for exactly one caller per step: the one whose write moved the counter (RFC 6238 section 5.2). Only a factor of this very account can be spent; the guesses are given back in the same write. */
    async spend({ accountId, factorId, step, now }: Spend): Promise<boolean> {
      const factor = {
        $elemMatch: { id: factorId, kind: 'totp', lastStep: { $lt: step }, refusedSteps: { $ne: step } }, // guard: totp-step-greater, totp-step-own-factor, totp-refused-step-stays
      };
      const { modifiedCount } = await accounts.updateOne(
        { _id: accountId, active: true, factors: factor }, // guard: totp-step-active-account
        { $set: { 'factors.$.lastStep': step, 'factors.$.lastUsedAt': now, guesses: noGuesses } }, // guard: totp-spent-step-kept
      );
      return modifiedCount === 1;
    },

    async refuse({ accountId, factorId, step }: Omit<Spend, 'now'>): Promise<void> {
      const refused = { $each: [step], $slice: -refusedKept };
      await accounts.updateOne(
        { _id: accountId, factors: { $elemMatch: { id: factorId, kind: 'totp' } } },
        { $push: { 'factors.$.refusedSteps': refused } },
      );
    },
  };
}

export function mongoDeliveredCodeSpends({ connection }: Database): DeliveredCodeSpends {
  const accounts = accountRows(connection);
  const attempts = leanAttempts(connection);
  return {
    async spend({ flowId, hash, now }) {
      const { modifiedCount } = await attempts.updateOne(
        { _id: flowId, 'deliveredCode.hash': hash, 'deliveredCode.expiresAt': { $gt: now } }, // guard: delivered-spent-before-end, delivered-spent-newest
        { $unset: { deliveredCode: 1 } }, // guard: delivered-spent-once
      );
      return modifiedCount === 1;
    },

    async used({ accountId, factorId, destination, now }) {
      const factor = { $elemMatch: { id: factorId, destination } }; // guard: delivered-use-current-destination
      const { modifiedCount } = await accounts.updateOne(
        { _id: accountId, active: true, factors: factor }, // guard: delivered-use-active-account
        { $set: { 'factors.$.lastUsedAt': now, guesses: noGuesses } },
      );
      return modifiedCount === 1;
    },
  };
}

export function mongoFirstFactors({ connection }: Database): FirstFactors {
  const accounts = accountRows(connection);
  return {
    /** A second first factor, raced in with the password alone, would be a stranger's way in; so would one that is bound after its owner signed out everywhere or changed the password. */
    async add({ accountId, sessionVersion, factor }) {
      const { modifiedCount } = await accounts.updateOne(
        { _id: accountId, active: true, sessionVersion, factors: { $size: 0 } }, // guard: first-factor-only-first, first-factor-active-account, first-factor-as-proved
        { $push: { factors: factor }, $set: { guesses: noGuesses, recoveryDue: true } },
      );
      return modifiedCount === 1;
    },
  };
}

export function mongoFurtherFactors({ connection }: Database): FurtherFactors {
  const accounts = accountRows(connection);
  return {
    /** Guesses stay taken: nothing that is guessable was proved by it. */
    async add({ accountId, sessionVersion, factor, kinds }) {
      const { id, kind, destination } = factor;
      const twins = [{ id }, ...(destination === undefined ? [] : [{ kind, destination }])]; // guard: destination-once-per-kind
      const { modifiedCount } = await accounts.updateOne(
        {
          _id: accountId,
          active: true, // guard: further-factor-active-account
          sessionVersion, // guard: further-factor-as-read
          factors: { $not: { $elemMatch: { $or: twins } } }, // guard: factor-once
          'factors.0': { $exists: true }, // guard: further-factor-beside-another
          [`factors.${mostFactors - 1}`]: { $exists: false }, // guard: at-most-ten-factors
          ...withoutOtherKinds(kinds),
        },
        { $push: { factors: factor } },
      );
      return modifiedCount === 1;
    },
  };
}

export function mongoSecondFactorGuesses({ connection }: Database): SecondFactorGuesses {
  const accounts = accountRows(connection);
  return {
    async take(accountId, now) {
      const update = guessUpdate('guesses.secondFactor', secondFactorRule, now);
      const filter = { _id: accountId, active: true }; // guard: guess-active-account
      const row = await accounts.findOneAndUpdate(filter, update, { returnDocument: 'before' });
      if (!row) return { state: 'closed' }; // guard: no-account-no-guess
      return judgeTake(toAccount(row).guesses.secondFactor, secondFactorRule, now);
    },

    async giveBack(accountId, taken) {
      if (taken.state !== 'taken') return;
      await accounts.updateOne(
        { _id: accountId, 'guesses.secondFactor.failures': taken.failures }, // guard: guess-given-back-own
        { $inc: { 'guesses.secondFactor.failures': -1 }, $unset: { 'guesses.secondFactor.lockedUntil': 1 } },
      );
    },
  };
}
