import type { Created } from '../accounts/administration.ts';
import { defined } from '../platform/defined.ts';
import { type Call, type Command, listOf, NotDone, textOf, UsageError } from './command.ts';
import type { Context } from './context.ts';
import { checkRoles } from './roles.ts';
import { accountLines, accountView } from './view.ts';

/** The first administrator of an installation is made here: there is no default account and no default password. */
export const create: Command<Context> = {
  name: 'create',
  operand: '<e-mail>',
  does: 'make an account; asks for its password',
  options: {
    username: { value: '<name>', does: 'a name to sign in with beside the e-mail' },
    role: { value: '<role>', multiple: true, does: 'a role it has; may be repeated' },
    'password-stdin': { does: 'read the password from standard input' },
  },
  check: ({ options }) => checkRoles(listOf(options.role)),
  async run({ operand, options }, context) {
    const username = textOf(options.username);
    const password = await newPassword(options, context);
    const form = { email: operand, password, ...defined({ username }) };
    const account = accountOf(await context.administration.create(form, listOf(options.role), context.by), context);
    return {
      lines: [`Made ${account.email}.`, ...accountLines(account, context)],
      json: { account: accountView(account, context) },
    };
  },
};

/** Never from an argument: those are seen by every process and kept by the shell. */
async function newPassword(options: Call['options'], { terminal }: Context): Promise<string> {
  if (options['password-stdin'] === true) return terminal.read();
  if (!terminal.interactive)
    throw new UsageError('There is no terminal to ask at: give the password on standard input, with --password-stdin.');
  const password = await terminal.askHidden('Password: ');
  if ((await terminal.askHidden('Once more: ')) !== password) throw new NotDone('The two passwords differ.');
  return password;
}

function accountOf(created: Created, { sentence }: Context) {
  if ('account' in created) return created.account;
  if ('faults' in created)
    throw new NotDone(created.faults.map((fault) => `${labels[fault.field]}: ${sentence(fault)}`).join('\n'));
  throw new NotDone(`There is an account of this ${labels[created.taken].toLowerCase()} already.`);
}

const labels = { email: 'E-mail', username: 'Username', password: 'Password' } as const;
