import type { Level } from '../accounts/level.ts';
import type { FactorChanges } from '../factors/factor-changes.ts';
import { raisesOf } from '../protection/consequences.ts';
import { accountRows, toAccount } from './account-row.ts';
import type { Database } from './connection.ts';

export function mongoFactorChanges({ connection }: Database): FactorChanges {
  const accounts = accountRows(connection);

  async function changed(filter: object, update: object | readonly object[]) {
    const row = await accounts.findOneAndUpdate(filter, update, { returnDocument: 'after' });
    return row ? toAccount(row) : undefined;
  }

  return {
    async rename({ accountId, sessionVersion, factorId, name, kinds }) {
      const held = { factors: { $elemMatch: { id: factorId } }, ...withoutOtherKinds(kinds) };
      const { matchedCount } = await accounts.updateOne(
        { _id: accountId, active: true, sessionVersion, ...held }, // guard: rename-active-account, rename-as-read
        { $set: { 'factors.$.name': name } },
      );
      return matchedCount === 1;
    },

    async prefer({ accountId, sessionVersion, factorId, kinds }) {
      const held = { factors: { $elemMatch: { id: factorId } }, ...withoutOtherKinds(kinds) };
      const { matchedCount } = await accounts.updateOne(
        { _id: accountId, active: true, sessionVersion, ...held }, // guard: prefer-active-account, prefer-own-factor
        { $set: { preferredFactorId: factorId } },
      );
      return matchedCount === 1;
    },

    /** Two removals at once never leave none where one has to stay: the one that stays is named by the filter, not by what was read. */
    remove({ accountId, sessionVersion, factorId, beside, unmarked, kinds }) {
      const held = { factors: { $elemMatch: { id: factorId } }, ...withoutOtherKinds(kinds) };
      const another = { factors: { $elemMatch: { id: { $ne: factorId }, kind: { $in: beside } } } }; // guard: staying-factor-can-be-asked
      return changed(
        { _id: accountId, active: true, sessionVersion, $and: beside === undefined ? [held] : [held, another] }, // guard: remove-active-account, remove-as-read, remove-own-factor, last-factor-stays
        withoutFactor(factorId, unmarked),
      );
    },

    switchTwoStep({ accountId, sessionVersion, off, kinds }) {
      const raises = raisesOf(off ? 'two_step_off' : 'two_step_on');
      const unlessOff = { twoStepOff: { $ne: true }, factors: { $ne: [] } }; // guard: two-step-off-with-factors
      const before = off ? { ...unlessOff, ...withoutOtherKinds(kinds) } : { twoStepOff: true }; // guard: two-step-off-kinds-as-read
      const update = off ? { $set: { twoStepOff: true } } : { $unset: { twoStepOff: 1 } };
      return changed({ _id: accountId, active: true, sessionVersion, ...before }, { ...update, $inc: raises }); // guard: two-step-active-account, two-step-as-read
    },
  };
}

/** A factor of a kind that was not read may ask for more than was proved. */
export function withoutOtherKinds(kinds: readonly string[]) {
  return { $nor: [{ factors: { $elemMatch: { kind: { $nin: kinds } } } }] }; // guard: no-other-kind-since
}

/** A pipeline: what goes with the last factor is decided by the list as this very update leaves it. */
function withoutFactor(factorId: string, unmarked: Level): readonly object[] {
  const { sessionVersion, securityVersion } = raisesOf('factor_removed');
  const remaining = { $filter: { input: '$factors', cond: { $ne: ['$$this.id', { $literal: factorId }] } } };
  // A set that has its level keeps it.
  const withLevel = { $mergeObjects: [{ level: { $literal: unmarked } }, '$recovery'] };
  const marked = { $cond: [{ $eq: [{ $type: '$recovery' }, 'missing'] }, '$$REMOVE', withLevel] }; // guard: unmarked-set-keeps-level
  const unlessLast = (field: string | object) => ({ $cond: [{ $eq: ['$factors', []] }, '$$REMOVE', field] });
  const whileHeld = { $cond: [{ $in: ['$preferredFactorId', '$factors.id'] }, '$preferredFactorId', '$$REMOVE'] };
  return [
    {
      $set: {
        factors: remaining,
        sessionVersion: { $add: ['$sessionVersion', sessionVersion] }, // guard: removal-ends-sign-ins
        securityVersion: { $add: ['$securityVersion', securityVersion] }, // guard: removal-ends-devices
      },
    },
    {
      $set: {
        recovery: unlessLast(marked), // guard: codes-go-with-last-factor
        recoveryDue: unlessLast('$recoveryDue'),
        twoStepOff: unlessLast('$twoStepOff'), // guard: switch-goes-with-last-factor
        preferredFactorId: whileHeld,
      },
    },
  ];
}
