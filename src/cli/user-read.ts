import type { AccountSearch } from '../accounts/administration.ts';
import { defined } from '../platform/defined.ts';
import { type Call, type Command, textOf, UsageError } from './command.ts';
import { type Context, loadAccount } from './context.ts';
import { accountLines, accountRow, accountView } from './view.ts';

const usualLimit = 50;
const most = 1000;

export const list: Command<Context> = {
  name: 'list',
  does: 'list accounts by e-mail',
  options: {
    email: { value: '<beginning>', does: 'those whose e-mail begins so' },
    role: { value: '<role>', does: 'those that have the role' },
    active: { does: 'those that may sign in' },
    disabled: { does: 'those that may not' },
    limit: { value: '<number>', does: `at most so many, up to ${most}; ${usualLimit} unless told` },
    after: { value: '<e-mail>', does: 'go on after this one' },
  },
  check: (call) => void searchOf(call),
  async run(call, context) {
    const search = searchOf(call);
    const found = await context.accounts.list({ ...search, limit: search.limit + 1 });
    const page = found.slice(0, search.limit);
    const next = found.length > page.length ? page.at(-1)?.email : undefined;
    const more = next === undefined ? [] : [`There are more: --after ${next}`];
    const lines = page.length === 0 ? ['There is no such account.'] : page.map(accountRow);
    return {
      lines: [...lines, ...more],
      json: { accounts: page.map((account) => accountView(account, context)), ...defined({ next }) },
    };
  },
};

function searchOf({ options }: Call): AccountSearch {
  if (options.active && options.disabled) throw new UsageError('--active and --disabled exclude each other.');
  const limit = Number(textOf(options.limit) ?? usualLimit);
  if (!Number.isInteger(limit) || limit < 1 || limit > most)
    throw new UsageError(`--limit is a number from 1 to ${most}.`);
  const [email, role, after] = [textOf(options.email), textOf(options.role), textOf(options.after)];
  return {
    limit,
    ...(email === undefined ? {} : { email: email.toLowerCase() }),
    ...defined({ role }),
    ...(after === undefined ? {} : { after: after.toLowerCase() }),
    ...(options.active || options.disabled ? { active: options.active === true } : {}),
  };
}

export const show: Command<Context> = {
  name: 'show',
  operand: '<account>',
  does: 'show an account',
  options: {},
  async run({ operand }, context) {
    const account = await loadAccount(context, operand);
    return { lines: accountLines(account, context), json: { account: accountView(account, context) } };
  },
};
