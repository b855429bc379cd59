import type { AdministeredAccounts } from '../accounts/administration.ts';
import { defined } from '../platform/defined.ts';
import { noGuesses } from '../protection/budgets.ts';
import type { Raises } from '../protection/consequences.ts';
import { accountRows, toAccount } from './account-row.ts';
import type { Database } from './connection.ts';

export function mongoAdministration({ connection }: Database): AdministeredAccounts {
  const accounts = accountRows(connection);

  const change = async (id: string, update: object | object[]) => {
    const row = await accounts.findOneAndUpdate({ _id: id }, update, { returnDocument: 'after' });
    return row ? toAccount(row) : undefined;
  };

  return {
    async list({ email, role, active, after, limit }) {
      const filter = {
        // Every canonical e-mail comes after '', so that the question is always one for the index.
        $and: [{ email: { $gt: after ?? '' } }, ...(email ? [{ email: { $gte: email, $lt: `${email}\x7f` } }] : [])],
        ...defined({ roles: role, active }),
      };
      const rows = await accounts.find(filter, { sort: { email: 1 }, limit });
      return rows.map(toAccount);
    },

    setActive: (id, active, raises) => change(id, { $set: { active }, $inc: raises }),

    changeRoles: (id, { add, remove }, raises) =>
      change(id, [
        {
          $set: {
            // Literal: a name that begins with a dollar sign would be read as a field.
            roles: { $setDifference: [{ $setUnion: ['$roles', { $literal: add }] }, { $literal: remove }] },
            ...raisedBy(raises),
          },
        },
      ]),

    unlock: (id, raises) => change(id, { $set: { guesses: noGuesses }, $inc: raises }),

    resetFactors: (id, raises) =>
      change(id, {
        $set: { factors: [] },
        $unset: { recovery: 1, recoveryDue: 1, preferredFactorId: 1, twoStepOff: 1, pass: 1 },
        $inc: raises,
      }),

    setPass: (id, pass, raises) =>
      change(id, { ...(pass ? { $set: { pass } } : { $unset: { pass: 1 } }), $inc: raises }),

    raise: (id, raises) => change(id, { $inc: raises }),

    async delete(id) {
      await accounts.deleteOne({ _id: id });
    },
  };
}

/** $inc for a pipeline, which alone can take from a list and add to it at once. */
function raisedBy({ sessionVersion, securityVersion }: Raises) {
  return {
    sessionVersion: { $add: ['$sessionVersion', sessionVersion] },
    securityVersion: { $add: ['$securityVersion', securityVersion] },
  };
}
