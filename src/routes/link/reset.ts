import { z } from 'zod';
import type { LinkPurpose } from '../../delivery/links.ts';
import { password } from '../../platform/fields.ts';
import type { PasswordReset } from '../../sign-in/password-reset.ts';
import { byLink, byLinkAt, form, link, type Page, type Screen, says } from '../forms/contract.ts';
import { type factorPage as FactorPage, factorPage, waysPage } from '../sign-in/factor.ts';
import { type LinkVisit, linkEnded, linkPath } from './realm.ts';
import type { ResetVisit } from './reset-realm.ts';

/** What a link for a new password is good for: one that was forgotten, or the first one. */
export const resetPurposes = ['reset', 'invite'] as const satisfies readonly LinkPurpose[];

export type ResetPurpose = (typeof resetPurposes)[number];

/** Where a reset goes on once its link is taken. */
export const resetPath = (purpose: ResetPurpose) => linkPath(purpose, 'password');

/** Where the link leads: one button, which spends it. */
export function resetLinkPage(purpose: ResetPurpose, { begin }: Pick<PasswordReset, 'begin'>): Page<LinkVisit> {
  const screen = { view: 'link/reset', stage: purpose, facts: z.object({}) } as const satisfies Screen;
  return {
    path: '',
    guard: byLink,
    screens: [screen],
    forms: [
      form({
        name: 'begin',
        path: 'begin',
        guard: byLink,
        input: z.object({}),
        async act({ shown, origin }: LinkVisit) {
          if (!(await begin(shown, origin))) throw linkEnded();
          return { outcome: 'done', to: resetPath(purpose) };
        },
      }),
    ],
    show: () => says(screen, {}),
  };
}

type Proving = Parameters<typeof FactorPage<ResetVisit>>[0];

export interface ResetPagesDeps extends Proving, Pick<PasswordReset, 'setPassword'> {
  readonly passwordMin: number;
}

const newPassword = {
  view: 'link/new-password',
  stage: 'new-password',
  facts: z.object({ passwordMin: z.int(), replaces: z.literal(true).exactOptional() }),
} as const satisfies Screen;

const changed = {
  view: 'link/password-changed',
  stage: 'password-changed',
  facts: z.object({}),
} as const satisfies Screen;

/** The pages of a reset that is under way, each of its stage. What a factor's shows and judges is the sign-in's own. */
export function resetPages(deps: ResetPagesDeps) {
  const proving = byLinkAt('factor');
  const choosing = byLinkAt('new-password');
  const stages = {
    factor: factorPage<ResetVisit>(deps, proving),
    'new-password': {
      guard: choosing,
      screens: [newPassword],
      forms: [
        form({
          name: 'new-password',
          path: 'new',
          guard: choosing,
          input: z.object({ password: password() }),
          act: ({ step }: ResetVisit, input) => deps.setPassword(step, input),
        }),
      ],
      show: ({ step: { account } }) =>
        says(newPassword, {
          passwordMin: deps.passwordMin,
          ...(account?.passwordHash === undefined ? {} : { replaces: true as const }),
        }),
    },
    done: {
      guard: byLinkAt('done'),
      screens: [changed],
      forms: [],
      show: ({ signInAt }) => ({ ...says(changed, {}), links: [link('sign-in', signInAt)] }),
    },
  } as const satisfies Readonly<Record<string, Page<ResetVisit>>>;
  return { stages, pages: [...Object.values(stages), waysPage<ResetVisit>(deps, proving)] };
}
