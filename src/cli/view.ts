import type { Account, EnrolledFactor } from '../accounts/account.ts';
import type { Pass } from '../accounts/pass.ts';
import type { FactorKind } from '../factors/kind.ts';
import { browserName } from '../http/browser-name.ts';
import { defined } from '../platform/defined.ts';
import { secondFactorRule } from '../protection/budgets.ts';
import type { SessionRecord } from '../sign-in/sessions.ts';
import type { Context } from './context.ts';
import { failureLine, failures, passwordFailures, passwordLine } from './failures.ts';

// Field by field, so that what an account comes to hold later is not printed by itself: no hash, no seed, no code (ASVS 15.3.1).

/** Enough of a record's id to name it among an account's. */
export const sessionName = (id: string) => id.slice(0, 12);

type Looking = Pick<Context, 'kinds' | 'now'>;

export function accountView(account: Account, { kinds, now: clock }: Looking) {
  const now = clock();
  const { id, email, username, roles, active, createdAt, factors, recovery, pass, guesses } = account;
  return {
    id,
    email,
    ...defined({ username }),
    roles: roles.toSorted(),
    active,
    createdAt,
    factors: factors.map((factor) => factorView(factor, kinds)),
    recoveryCodesLeft: recovery?.hashes.length ?? 0,
    ...(pass && pass.expiresAt > now ? { pass: passView(pass) } : {}),
    failures: {
      password: passwordFailures(guesses, now),
      secondFactor: failures(guesses.secondFactor, secondFactorRule.closedAt),
    },
  };
}

function passView({ createdAt, expiresAt, by }: Pass) {
  return { createdAt, expiresAt, by };
}

/** Of what a kind keeps, what it declares to be shown: nothing of one that is declared no more. */
function factorView(factor: EnrolledFactor, kinds: readonly FactorKind[]) {
  const { id, kind, name, createdAt, lastUsedAt } = factor;
  const masked = kinds.find((each) => each.kind === kind)?.masked?.(factor);
  return { id, kind, name, ...defined({ destination: masked?.alone }), createdAt, lastUsedAt };
}

export function accountLines(account: Account, looking: Looking): readonly string[] {
  const { failures: failed, factors, ...view } = accountView(account, looking);
  const rows: readonly (readonly [string, string])[] = [
    ['id', view.id],
    ['e-mail', view.email],
    ['username', account.username ?? '-'],
    ['roles', view.roles.join(' ') || '-'],
    ['state', view.active ? 'active' : 'disabled'],
    ['made', view.createdAt.toISOString()],
    ...(factors.length === 0
      ? [['factor', 'none'] as const]
      : factors.map((one) => ['factor', factorLine(one)] as const)),
    ['recovery', `${view.recoveryCodesLeft} codes left`],
    ...(view.pass
      ? [['pass', `good until ${view.pass.expiresAt.toISOString()}, given by ${view.pass.by}`] as const]
      : []),
    ['passwords', passwordLine(failed.password)],
    ['codes', failureLine(failed.secondFactor)],
  ];
  return rows.map(([left, right]) => `${left.padEnd(10)} ${right}`);
}

function factorLine({ kind, name, destination, lastUsedAt }: ReturnType<typeof factorView>): string {
  return [kind, destination, name && `"${name}"`, `used ${lastUsedAt.toISOString()}`].filter(Boolean).join(', ');
}

export function accountRow(account: Account): string {
  const { email, roles, active, factors } = account;
  const words = [active ? 'active' : 'disabled', `${factors.length} factors`, roles.toSorted().join(' ')];
  return `${email}  ${words.filter(Boolean).join(', ')}`;
}

export function sessionView({ id, signedInAt, lastSeen, expiresAt, browser, address }: SessionRecord) {
  const where = defined({ browser, address });
  return { id: sessionName(id), signedInAt, lastSeen, expiresAt, ...where };
}

export function sessionRow(record: SessionRecord): string {
  const { id, lastSeen, address = 'unknown address' } = sessionView(record);
  // By our own words: a User-Agent could look like another row's address and time. JSON has it whole.
  const { browser, system } = browserName(record.browser);
  const named = [browser, system].filter(Boolean).join(' on ');
  return `${id}  ${lastSeen.toISOString()}  ${address}  ${named || 'unknown browser'}`;
}
