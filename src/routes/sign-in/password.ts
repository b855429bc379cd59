import { z } from 'zod';
import { defined } from '../../platform/defined.ts';
import { lastingChoice, password, typed } from '../../platform/fields.ts';
import { triesPerChallenge } from '../../protection/budgets.ts';
import type { SignInStep } from '../../sign-in/outcome.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import { formByVisit, inSignIn, link, type Page, type Screen, type Shown, says } from '../forms/contract.ts';
import type { Visit } from './visit.ts';

const signIn = {
  view: 'sign-in/sign-in',
  stage: 'sign-in',
  facts: z.object({ staySeconds: z.int().exactOptional() }),
} as const satisfies Screen;

/** Whoever is signed in proves again, for a change of the own account. */
const confirm = {
  view: 'sign-in/sign-in',
  stage: 'confirm',
  facts: z.object({ change: z.string(), way: z.string().exactOptional(), kind: z.string().exactOptional() }),
} as const satisfies Screen;

const guard = inSignIn('sign-in', 'register');
const credentials = z.object({ identifier: typed(), password: password(), stay: lastingChoice() });
/** Whose account it is stands fast where somebody who is signed in proves again: nobody else answers there. */
const again = z.object({ password: password() });

export function passwordPage(deps: {
  readonly provePassword: SignIn['provePassword'];
  readonly staySeconds: number;
}): Page<Visit> {
  return {
    path: 'sign-in',
    guard,
    screens: [signIn, confirm],
    forms: [
      formByVisit({
        name: 'sign-in',
        path: 'sign-in',
        guard,
        limit: 'password',
        inputs: [credentials, again],
        inputOf: ({ step }) => (step.request.confirms ? again : credentials), // guard: confirming-own-account-too
        act: ({ step, knownBrowser }, typed) => {
          const { confirms } = step.request;
          const form = confirms
            ? { ...again.parse(typed), identifier: confirms.email, stay: confirms.stay === true } // guard: confirming-own-account
            : withStay(credentials.parse(typed));
          return deps.provePassword(step, { ...form, stay: deps.staySeconds > 0 && form.stay }, knownBrowser()); // guard: stay-only-where-offered
        },
      }),
    ],
    show: ({ step, base }) => ({
      ...shown(step, deps.staySeconds),
      links: [
        ...(step.policy.registrationOpen && !step.request.confirms ? [link('register', `${base}/register`)] : []),
        link('forgot', `${base}/forgot`),
      ],
      // The running challenge had its last try: only here it is told why the password is asked again.
      ...(step.attempt.challenge.tries >= triesPerChallenge ? { errors: [{ field: '', code: 'code_spent_app' }] } : {}),
    }),
  };
}

/** The account area says whom it knows already and what is to be confirmed (routes/account/confirmation); nobody else asks in its name. */
function shown({ request: { confirms, loginHint } }: SignInStep, staySeconds: number): Shown {
  if (confirms) {
    const { change, way, kind, email } = confirms;
    return { ...says(confirm, { change, ...defined({ way, kind }) }), account: email };
  }
  return {
    ...says(signIn, staySeconds > 0 ? { staySeconds } : {}),
    values: defined({ identifier: loginHint }),
  };
}

function withStay({ stay, ...form }: z.output<typeof credentials>) {
  return { ...form, stay: stay === 'yes' };
}
