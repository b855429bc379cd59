import type { Account } from '../accounts/account.ts';
import type { SessionRecord } from '../sign-in/sessions.ts';
import { type Answer, type Call, type Command, Refusal, textOf, UsageError } from './command.ts';
import { confirm, type House, loadAccount, present } from './house.ts';
import { yes } from './user-change.ts';
import { sessionName, sessionRow, sessionView } from './view.ts';

export const sessions: Command<House> = {
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
  async run(call, house) {
    const account = await loadAccount(house, call.operand);
    const found = await house.sessions.list(account.id, house.now());
    if (call.options['end-all']) return endAll(account, found, { call, house });
    const name = textOf(call.options.end);
    if (name !== undefined) return endOne(account, named(found, name), { call, house });
    const lines = found.length === 0 ? ['Signed in nowhere.'] : found.map(sessionRow);
    return { lines, json: { sessions: found.map(sessionView) } };
  },
};

interface Asked {
  readonly call: Call;
  readonly house: House;
}

async function endAll(
  { id, email }: Account,
  found: readonly SessionRecord[],
  { call, house }: Asked,
): Promise<Answer> {
  await confirm(house, call, { question: `Sign ${email} out everywhere?` });
  present(await house.administration.endSessions({ ...house.by, id }));
  return {
    lines: [`${email} is signed out everywhere.`],
    json: { ended: found.map(({ id: one }) => sessionName(one)) },
  };
}

async function endOne({ id, email }: Account, session: SessionRecord, { call, house }: Asked): Promise<Answer> {
  await confirm(house, call, { question: `Sign ${email} out there?` });
  if (!(await house.administration.endSession({ ...house.by, id }, session.id)))
    throw new Refusal('This session ended by itself meanwhile.');
  return { lines: ['The session is ended.'], json: { ended: [sessionName(session.id)] } };
}

function named(found: readonly SessionRecord[], name: string): SessionRecord {
  const session = found.find(({ id }) => sessionName(id) === name);
  if (!session) throw new Refusal('There is no such session: list them without --end.');
  return session;
}
