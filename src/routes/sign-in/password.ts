import { defined } from '../../platform/defined.ts';
import type { KnownBrowser } from '../../protection/budgets.ts';
import { triesPerChallenge } from '../../protection/budgets.ts';
import type { SignInStep } from '../../sign-in/outcome.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import { link, type Shown, type StagePage } from './stage-page.ts';

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
        // Whose account it is stands fast where somebody who is signed in proves again: nobody else answers there.
        fields: ({ step }) => (step.request.confirms ? ['password'] : ['identifier', 'password', 'stay']), // guard: confirming-own-account-too
        act: ({ step }, { identifier: typed, password, stay }, ctx) => {
          const { confirms } = step.request;
          const identifier = confirms ? confirms.email : typed; // guard: confirming-own-account
          const form = {
            ...defined({ identifier, password }),
          };
          return deps.provePassword(
            step,
            { ...form, stay: deps.staySeconds > 0 && (confirms ? confirms.stay === true : isTicked(stay)) }, // guard: stay-only-where-offered
            deps.knownBrowser(ctx),
          );
        },
      },
    ],
    show: ({ step, base }) => ({
      view: 'sign-in/sign-in',
      ...shown(step, deps.staySeconds),
      links: step.policy.registrationOpen && !step.request.confirms ? [link('register', `${base}/register`)] : [],
      // The running challenge had its last try: only here it is told why the password is asked again.
      ...(step.attempt.challengeTries >= triesPerChallenge ? { errors: [{ field: '', code: 'code_spent_app' }] } : {}),
    }),
  };
}

/** The account area says whom it knows already and what is to be confirmed (routes/account/confirmation); nobody else asks in its name. */
function shown({ request: { confirms, loginHint } }: SignInStep, staySeconds: number): Omit<Shown, 'view'> {
  if (confirms) {
    const { change, way, kind, email } = confirms;
    const about = { ...defined({ way, kind }) };
    return { stage: 'confirm', facts: { change, ...about }, account: email };
  }
  return {
    stage: 'sign-in',
    facts: staySeconds > 0 ? { staySeconds } : {},
    values: loginHint === undefined ? {} : { identifier: loginHint },
  };
}

function isTicked(value: string | undefined): boolean {
  return value === 'yes';
}
