import type { Context } from 'koa';
import type { Factor } from '../../factors/factor.ts';
import type { RecoveryCodes } from '../../factors/recovery-codes.ts';
import type { KnownBrowser } from '../../protection/budgets.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import type { InteractionDeps } from '../interaction.ts';
import { confirmMailPage } from './confirm-mail.ts';
import { consentPage } from './consent.ts';
import { enrolPage } from './enrol.ts';
import { factorPage, waysPage } from './factor.ts';
import { passwordPage } from './password.ts';
import { recoveryCodesPage, recoveryUsedPage } from './recovery-codes.ts';
import { registerPage } from './register.ts';
import { signedInAsPage } from './signed-in-as.ts';
import { usernamePage } from './username.ts';

interface Deps {
  readonly factors: readonly Factor[];
  readonly staySeconds: number;
  readonly passwordMin: number;
  readonly codeDigits: number;
  readonly recovery?: RecoveryCodes;
  readonly knownBrowser: (ctx: Context) => KnownBrowser | undefined;
  readonly now: () => Date;
}

/** Which page shows which stage; a page with an address of its own is a choice within a stage. */
export function stagePages(signIn: SignIn, deps: Deps): Pick<InteractionDeps, 'pages' | 'choices'> {
  const all = { ...signIn, ...deps };
  const pages = {
    'sign-in': passwordPage(all),
    register: registerPage(all),
    'confirm-mail': confirmMailPage(all),
    username: usernamePage(all),
    enrol: enrolPage(all),
    factor: factorPage(all),
    'recovery-codes': recoveryCodesPage(all),
    'recovery-used': recoveryUsedPage(all),
    consent: consentPage(all),
    'signed-in-as': signedInAsPage(all),
  };
  return {
    pages,
    choices: { register: pages.register, 'sign-in': pages['sign-in'], 'factor/ways': waysPage(all) },
  };
}
