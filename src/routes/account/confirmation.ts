import { z } from 'zod';
import type { Factor } from '../../factors/factor.ts';
import { defined } from '../../platform/defined.ts';
import type { AreaChange } from '../../sign-in/policy/proof-changes.ts';
import type { Confirmation } from '../../sign-in/request.ts';
import type { AccountVisit } from './page.ts';

const changes = [
  ...(['add_way', 'rename_way', 'prefer_way', 'remove_way', 'two_step_off', 'two_step_on'] as const),
  ...(['make_codes', 'change_password', 'end_session', 'end_others', 'forget_device', 'forget_devices'] as const),
  'revoke_application' as const,
] satisfies readonly AreaChange[];

const shape = z.object({
  change: z.enum(changes),
  email: z.string(),
  way: z.string().optional(),
  kind: z.string().optional(),
  stay: z.string().optional(),
});

/** What the page that asks for the proof says, as plain text: which change, of which way. */
export function saidOf(
  { account, session, params }: AccountVisit,
  change: AreaChange,
  factors: readonly Pick<Factor, 'offers'>[],
): Readonly<Record<string, string>> {
  const way = factors.flatMap((factor) => factor.offers(account)).find(({ id }) => id === params.id);
  return {
    change,
    email: account.email,
    ...(way && way.label !== '' ? { way: way.label } : {}),
    ...(way ? { kind: way.kind } : {}),
    ...(session.idleSeconds === undefined ? { stay: 'yes' } : {}),
  };
}

/** Undefined: nothing was said, or nothing of ours. */
export function confirmationOf(said: Readonly<Record<string, string>>): Confirmation | undefined {
  const read = shape.safeParse(said);
  if (!read.success) return undefined;
  const { change, email, way, kind, stay } = read.data;
  return {
    change,
    email,
    stay: stay === 'yes',
    ...defined({ way, kind }),
  };
}
