import { ownClientId } from '../../config.ts';
import type { KnownBrowser } from '../../protection/budgets.ts';
import { triesPerChallenge } from '../../protection/budgets.ts';
import type { Step } from '../../sign-in/outcome.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import { link, type StagePage } from './stage-page.ts';

export function passwordPage(deps: {
  readonly provePassword: SignIn['provePassword'];
  readonly knownBrowser: (ctx: Parameters<StagePage['posts'][number]['act']>[2]) => KnownBrowser | undefined;
  readonly staySeconds: number;
}): StagePage {
  return {
    stages: ['sign-in', 'register'],
    kept: ['identifier', 'stay'],
    posts: [
      {
        name: 'sign-in',
        path: 'sign-in',
        limit: 'password',
        fields: () => ['identifier', 'password', 'stay'],
        act: ({ step }, { identifier, password, stay }, ctx) => {
          const form = {
            ...(identifier === undefined ? {} : { identifier }),
            ...(password === undefined ? {} : { password }),
          };
          return deps.provePassword(
            step,
            { ...form, stay: deps.staySeconds > 0 && isTicked(stay) },
            deps.knownBrowser(ctx),
          );
        },
      },
    ],
    show: ({ step, base }) => ({
      view: 'sign-in/sign-in',
      stage: provesAgain(step) ? 'confirm' : 'sign-in',
      facts: deps.staySeconds > 0 ? { staySeconds: deps.staySeconds } : {},
      values: step.request.loginHint === undefined ? {} : { identifier: step.request.loginHint },
      links: step.policy.registrationOpen && !provesAgain(step) ? [link('register', `${base}/register`)] : [],
      // The running challenge had its last try: only here it is told why the password is asked again.
      ...(step.attempt.challengeTries >= triesPerChallenge ? { errors: [{ field: '', code: 'code_spent_app' }] } : {}),
    }),
  };
}

/** The account area names whom it knows already and wants proved anew (oidc/own-client); nobody else asks in its name. */
function provesAgain({ request }: Step): boolean {
  return request.clientId === ownClientId && request.loginHint !== undefined;
}

function isTicked(value: string | undefined): boolean {
  return value === 'yes';
}
