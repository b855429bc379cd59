import type Router from '@koa/router';
import { z } from 'zod';
import { accountPath } from '../../oidc/own-client.ts';
import { password } from '../../platform/fields.ts';
import type { ChangePassword } from '../../self-service/change-password.ts';
import { done, form, fresh, type Screen, says } from '../forms/contract.ts';
import { type AccountPage, type AccountVisit, back, linkTo, postTo, type Section } from './page.ts';

const path = 'password';
export const changePasswordPath = `${accountPath}/${path}`;
const nothing = z.object({});

const screen = {
  view: 'account/change-password',
  stage: 'change-password',
  facts: z.object({ passwordMin: z.int() }),
} as const satisfies Screen;
const guard = fresh('change_password'); // guard: password-change-needs-fresh-proof

/** The way to a new password. */
export const passwordSection: Section<typeof nothing> = {
  facts: nothing,
  forms: [],
  show: () => ({ facts: {}, actions: [linkTo(path, 'change-password')] }),
};

export function changePasswordPage(deps: {
  readonly changePassword: ChangePassword;
  readonly passwordMin: number;
}): AccountPage {
  const change = form({
    name: 'change-password',
    path,
    guard,
    limit: 'password', // guard: current-password-charged
    input: z.object({ current: password(), password: password() }),
    async act(visit: AccountVisit, typed) {
      const changed = await deps.changePassword(visit, typed, visit.knownBrowser());
      if (changed === 'changed') return done('password_changed');
      return changed === 'moved' ? done('account_moved') : changed;
    },
  });
  return {
    path,
    guard,
    screens: [screen],
    forms: [change],
    show: () => ({
      ...says(screen, { passwordMin: deps.passwordMin }),
      actions: [postTo(change, 'change-password'), back],
    }),
  };
}

/** Where password managers look for that page (W3C, A Well-Known URL for Changing Passwords). */
export function wellKnownChangePassword(router: Router): void {
  router.get('/.well-known/change-password', (ctx) => {
    ctx.status = 302;
    ctx.redirect(changePasswordPath);
  });
}
