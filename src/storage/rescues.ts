import type { Rescues } from '../factors/rescue.ts';
import { noGuesses } from '../protection/budgets.ts';
import { raisesOf } from '../protection/consequences.ts';
import { accountRows, toAccount } from './account-row.ts';
import type { Database } from './connection.ts';

export function mongoRescues({ connection }: Database): Rescues {
  const accounts = accountRows(connection);
  return {
    async use({ accountId, address, sessionVersion, now }) {
      const asRead = { _id: accountId, active: true, email: address, sessionVersion }; // guard: rescue-active-account, rescue-as-proved
      const used = {
        $unset: { pass: 1, recovery: 1 },
        $set: { guesses: noGuesses, 'mailboxUses.rescue': { address, at: now } },
        $inc: raisesOf('rescue_used'),
      };
      const row = await accounts.findOneAndUpdate(asRead, used, { returnDocument: 'after' });
      return row ? toAccount(row) : undefined;
    },
  };
}
