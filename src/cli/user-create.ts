import type { Created } from '../accounts/administration.ts';
import { defined } from '../platform/defined.ts';
import { type Call, type Command, listOf, NotDone, textOf } from './command.ts';
import { type Context, needMails } from './context.ts';
import { checkRoles } from './roles.ts';
import { accountLines, accountView } from './view.ts';

/** The first administrator of an installation is made here: there is no default account and no default password. */
export const create: Command<Context> = {
  name: 'create',
  operand: '<e-mail>',
  does: 'make an account; its owner chooses the password by a mailed link, unless one is given',
  options: {
    username: { value: '<name>', does: 'a name to sign in with beside the e-mail' },
    role: { value: '<role>', multiple: true, does: 'a role it has; may be repeated' },
    'password-stdin': { does: 'read the password from standard input' },
  },
  check: ({ options }) => checkRoles(listOf(options.role)),
  async run({ operand, options }, context) {
    const username = textOf(options.username);
    const password = await newPassword(options, context);
    if (password === undefined) needMails(context, 'Give the password on standard input, with --password-stdin.');
    const form = { email: operand, ...defined({ username, password }) };
    const made = accountOf(await context.administration.create(form, listOf(options.role), context.by), context);
    const { account, invited } = made;
    return {
      lines: [`Made ${account.email}.`, ...invitation(invited), ...accountLines(account, context)],
      json: { account: accountView(account, context), ...defined({ invited }) },
    };
  },
};

function invitation(invited: boolean | undefined): readonly string[] {
  if (invited === undefined) return [];
  return invited
    ? ['A link to choose a password is on its way there. It works for 72 hours.']
    : ['The link to choose a password could not be mailed. Send another one with "user password".'];
}

/** Never from an argument: those are seen by every process and kept by the shell. Undefined: its owner chooses it. */
async function newPassword(options: Call['options'], { terminal }: Context): Promise<string | undefined> {
  if (options['password-stdin'] === true) return terminal.read();
  if (!terminal.interactive) return undefined;
  const password = await terminal.askHidden('A link is mailed where none is typed. Password: ');
  if (password === '') return undefined;
  if ((await terminal.askHidden('Once more: ')) !== password) throw new NotDone('The two passwords differ.');
  return password;
}

function accountOf(created: Created, { sentence }: Context) {
  if ('account' in created) return created;
  if ('faults' in created)
    throw new NotDone(created.faults.map((fault) => `${labels[fault.field]}: ${sentence(fault)}`).join('\n'));
  throw new NotDone(`There is an account of this ${labels[created.taken].toLowerCase()} already.`);
}

const labels = { email: 'E-mail', username: 'Username', password: 'Password' } as const;
