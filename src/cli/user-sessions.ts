import type { Account } from '../accounts/account.ts';
import type { SessionRecord } from '../sign-in/sessions.ts';
import { type Answer, type Call, type Command, NotDone, textOf, UsageError } from './command.ts';
import { type Context, confirm, loadAccount, present } from './context.ts';
import { yes } from './user-change.ts';
import { sessionName, sessionRow, sessionView } from './view.ts';

export const sessions: Command<Context> = {
  name: 'sessions',
  operand: '<account>',
  does: 'list where somebody is signed in, or end it',
  options: {
    end: { value: '<session>', does: 'end this one' },
    'end-all': { does: 'end all, and the tokens of every app' },
    ...yes,
  },
  check({ options }) {
    if (options.end && options['end-all']) throw new UsageError('--end and --end-all exclude each other.');
  },
  async run(call, context) {
    const account = await loadAccount(context, call.operand);
    const found = await context.sessions.list(account.id, context.now());
    if (call.options['end-all']) return endAll(account, found, { call, context });
    const name = textOf(call.options.end);
    if (name !== undefined) return endOne(account, named(found, name), { call, context });
    const lines = found.length === 0 ? ['Signed in nowhere.'] : found.map(sessionRow);
    return { lines, json: { sessions: found.map(sessionView) } };
  },
};

interface Asking {
  readonly call: Call;
  readonly context: Context;
}

async function endAll(
  { id, email }: Account,
  found: readonly SessionRecord[],
  { call, context }: Asking,
): Promise<Answer> {
  await confirm(context, call, { question: `Sign ${email} out everywhere?` });
  present(await context.administration.endSessions({ ...context.by, id }));
  return {
    lines: [`${email} is signed out everywhere.`],
    json: { ended: found.map(({ id: one }) => sessionName(one)) },
  };
}

async function endOne({ id, email }: Account, session: SessionRecord, { call, context }: Asking): Promise<Answer> {
  await confirm(context, call, { question: `Sign ${email} out there?` });
  if (!(await context.administration.endSession({ ...context.by, id }, session.id)))
    throw new NotDone('This session ended by itself meanwhile.');
  return { lines: ['The session is ended.'], json: { ended: [sessionName(session.id)] } };
}

function named(found: readonly SessionRecord[], name: string): SessionRecord {
  const session = found.find(({ id }) => sessionName(id) === name);
  if (!session) throw new NotDone('There is no such session: list them without --end.');
  return session;
}
