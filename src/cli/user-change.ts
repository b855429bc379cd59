import type { Account } from '../accounts/account.ts';
import type { Act } from '../accounts/administration.ts';
import { type Call, type Command, listOf, type Option, UsageError } from './command.ts';
import { type Context, confirm, loadAccount, present } from './context.ts';
import { checkRoles } from './roles.ts';
import { accountView } from './view.ts';

interface Change {
  readonly name: string;
  readonly does: string;
  readonly options?: Readonly<Record<string, Option>>;
  check?(call: Call): void;
  /** Asked before what cannot be undone, or is felt at once. */
  readonly asks?: (email: string) => string;
  readonly because?: string;
  readonly done: (email: string) => string;
  act(act: Act, context: Context, call: Call): Promise<Account | undefined>;
}

export const yes: Readonly<Record<string, Option>> = { yes: { does: 'do not ask' } };

function changing({ name, does, options = {}, asks, because, done, act, ...more }: Change): Command<Context> {
  return {
    ...more,
    name,
    operand: '<account>',
    does,
    options: { ...options, ...(asks ? yes : {}) },
    async run(call, context) {
      const { id, email } = await loadAccount(context, call.operand);
      if (asks) await confirm(context, call, { question: asks(email), ...(because ? { because } : {}) });
      const account = present(await act({ ...context.by, id }, context, call));
      return { lines: [done(email)], json: { account: accountView(account, context) } };
    },
  };
}

export const disable = changing({
  name: 'disable',
  does: 'refuse somebody everywhere at once, and end sessions and tokens',
  asks: (email) => `Disable ${email} and sign them out everywhere? Only "enable" lets them in again.`,
  because: 'This signs somebody out everywhere until "enable"',
  done: (email) => `${email} is disabled and signed out everywhere.`,
  act: (act, { administration }) => administration.disable(act),
});

export const enable = changing({
  name: 'enable',
  does: 'let somebody sign in again',
  done: (email) => `${email} may sign in.`,
  act: (act, { administration }) => administration.enable(act),
});

export const roles = changing({
  name: 'roles',
  does: 'give roles and take them',
  options: {
    add: { value: '<role>', multiple: true, does: 'give this role; may be repeated' },
    remove: { value: '<role>', multiple: true, does: 'take this role; may be repeated' },
  },
  check({ options }) {
    const named = [...listOf(options.add), ...listOf(options.remove)];
    if (named.length === 0) throw new UsageError('Name a role to --add or to --remove.');
    checkRoles(named);
  },
  done: (email) => `The roles of ${email} are changed.`,
  act: (act, { administration }, { options }) =>
    administration.changeRoles(act, { add: listOf(options.add), remove: listOf(options.remove) }),
});

export const unlock = changing({
  name: 'unlock',
  does: 'give all tries back, after too many wrong passwords or codes',
  done: (email) => `${email} has all tries again.`,
  act: (act, { administration }) => administration.unlock(act),
});

export const resetFactors = changing({
  name: 'reset-factors',
  does: 'remove second factors and recovery codes, for somebody who lost them',
  asks: (email) => `Remove every second factor of ${email} and sign them out everywhere?`,
  done: (email) =>
    `${email} has no second factor any more. Where one is required, the next sign-in asks for a new one.`,
  act: (act, { administration }) => administration.resetFactors(act),
});

export const remove = changing({
  name: 'delete',
  does: 'delete an account and all that belongs to it; events keep its id',
  asks: (email) => `Delete ${email} and all that belongs to it?`,
  done: (email) => `${email} is deleted.`,
  act: (act, { administration }) => administration.remove(act),
});
