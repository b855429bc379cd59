import type { Account, Accounts } from '../accounts/account.ts';
import type { Act, AdministeredAccounts, Administration } from '../accounts/administration.ts';
import { canonicalEmail } from '../accounts/identifier.ts';
import type { FactorKind } from '../factors/kind.ts';
import type { Sessions } from '../sign-in/sessions.ts';
import { type Call, NotDone, UsageError } from './command.ts';
import type { Terminal } from './terminal.ts';

/** What the commands work with. */
export interface Context {
  readonly accounts: Pick<Accounts, 'find' | 'findByEmail'> & Pick<AdministeredAccounts, 'list'>;
  readonly sessions: Pick<Sessions, 'list'>;
  /** Whether a pass stands in for anything here. */
  readonly passes: boolean;
  /** What kinds of factors there are. */
  readonly kinds: readonly FactorKind[];
  readonly administration: Administration;
  /** Whether mails leave from here: a link for a password goes by mail and is never printed. */
  readonly mails: boolean;
  readonly terminal: Terminal;
  /** The catalogue's sentence of a fault. */
  readonly sentence: (fault: {
    readonly code: string;
    readonly params?: Readonly<Record<string, string | number>>;
  }) => string;
  readonly by: Omit<Act, 'id'>;
  readonly now: () => Date;
}

export async function loadAccount({ accounts }: Context, operand: string): Promise<Account> {
  if (!operand.includes('@'))
    return (await accounts.find(operand)) ?? refuse(`There is no account of the id ${operand}.`);
  const email = canonicalEmail(operand);
  if (email === undefined) throw new NotDone(`${operand} is not an e-mail address.`);
  return (await accounts.findByEmail(email)) ?? refuse(`There is no account of the e-mail ${email}.`);
}

export interface Question {
  readonly question: string;
  /** Why it is asked. */
  readonly because?: string;
}

/** Asks, unless it was said beforehand; without anybody to ask it has to be. */
export async function confirm({ terminal }: Context, { options }: Call, asking: Question): Promise<void> {
  const { question, because = 'This cannot be undone' } = asking;
  if (options.yes === true) return;
  if (!terminal.interactive) throw new UsageError(`${because}: without a terminal it needs --yes.`);
  const answer = await terminal.ask(`${question} (y/N) `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new NotDone('Nothing was changed.');
}

/** It was there a moment ago. */
export function present(account: Account | undefined): Account {
  return account ?? refuse('The account was deleted meanwhile.');
}

function refuse(sentence: string): never {
  throw new NotDone(sentence);
}

/** Asked before anything is done that ends in a mailed link. */
export function needMails({ mails }: Context, instead: string): void {
  if (!mails) throw new NotDone(`No mail leaves from here: mail.transport is an outbox. ${instead}`);
}
