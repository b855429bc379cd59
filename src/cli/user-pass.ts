import { userInfo } from 'node:os';
import { grouped, newLongCode } from '../factors/long-code.ts';
import { hashId } from '../platform/hash.ts';
import { type Call, type Command, NotDone, textOf, UsageError } from './command.ts';
import { type Context, loadAccount, present } from './context.ts';

const [least, usual, most] = [10, 60, 24 * 60];

/** For somebody who has lost every way to sign in: a code that stands in for the second factor once. */
export const pass: Command<Context> = {
  name: 'pass',
  operand: '<account>',
  does: 'give a code that stands in for lost second factors, once; it is printed here and nowhere else',
  options: {
    minutes: { value: '<number>', does: `how long it is good, ${least} to ${most}; ${usual} unless told` },
    by: { value: '<name>', does: 'who gives it, for the record; your name on this machine unless told' },
    revoke: { does: 'take the one away that was given' },
  },
  check(call) {
    minutesOf(call);
    nameOf(call);
  },
  run: (call, context) => (call.options.revoke === true ? revoke(call, context) : give(call, context)),
};

async function give(call: Call, context: Context) {
  const { id, email, active } = await loadAccount(context, call.operand);
  if (!active) throw new NotDone(`${email} is disabled and signs in nowhere; "enable" comes first.`);
  if (!context.passes) throw new NotDone('Passes are switched off here: factors.kinds has no pass.');
  const minutes = minutesOf(call);
  const code = newLongCode();
  const account = present(
    await context.administration.givePass({ ...context.by, id }, { hash: hashId(code), minutes, by: nameOf(call) }),
  );
  const expiresAt = account.pass?.expiresAt;
  return {
    lines: [
      `Pass for ${email}: ${grouped(code)}`,
      `It works once, after the password, until ${expiresAt?.toISOString()}, and takes the place of any earlier one.`,
      'Tell it to the person themselves, once you know who they are. It is not shown again.',
    ],
    json: { pass: grouped(code), expiresAt },
  };
}

async function revoke({ operand }: Call, context: Context) {
  const { id, email, pass: given } = await loadAccount(context, operand);
  if (!given) throw new NotDone(`${email} has no pass.`);
  present(await context.administration.takePass({ ...context.by, id }));
  return { lines: [`The pass of ${email} no longer works.`], json: { pass: null } };
}

/** It stands in the record and in what `show` prints: no blanks, nothing that moves a cursor. */
function nameOf({ options }: Call): string {
  const name = textOf(options.by) ?? userInfo().username;
  if (!/^[\p{L}\p{N}._@-]{1,60}$/u.test(name))
    throw new UsageError('--by is a name of up to 60 letters, digits, dots, hyphens and @.');
  return name;
}

function minutesOf({ options }: Call): number {
  const typed = textOf(options.minutes) ?? String(usual);
  if (options.revoke === true && options.minutes !== undefined)
    throw new UsageError('--revoke takes a pass away; --minutes is for giving one.');
  const minutes = Number(typed);
  if (!Number.isInteger(minutes) || minutes < least || minutes > most)
    throw new UsageError(`--minutes is a whole number from ${least} to ${most}, not ${typed}.`);
  return minutes;
}
