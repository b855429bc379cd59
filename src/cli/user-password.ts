import { type Command, NotDone } from './command.ts';
import { type Context, loadAccount, needMails, present } from './context.ts';

/** Nobody types somebody else's password: its owner does, on the page that a mailed link leads to. */
export const password: Command<Context> = {
  name: 'password',
  operand: '<account>',
  does: 'mail somebody a link to set a new password; it is printed nowhere',
  options: {},
  async run({ operand }, context) {
    const { id, email, active, passwordHash } = await loadAccount(context, operand);
    if (!active) throw new NotDone(`${email} is disabled and signs in nowhere; "enable" comes first.`);
    needMails(context, 'Nothing was done.');
    const done = await context.administration.sendPasswordLink({ ...context.by, id });
    present(done?.account);
    if (!done?.sent) throw new NotDone(`The link for ${email} could not be mailed.`);
    const hours = passwordHash === undefined ? 72 : 1;
    return {
      lines: [
        `A link to set a password is on its way to ${email}.`,
        `It works once, for ${hours === 1 ? 'an hour' : `${hours} hours`}, and takes the place of any earlier one. Their second factor is asked for there, too.`,
      ],
      json: { sent: true },
    };
  },
};
