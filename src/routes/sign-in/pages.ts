import type { Factor } from '../../factors/factor.ts';
import type { RecoveryCodes } from '../../factors/recovery-codes.ts';
import type { PasswordReset } from '../../sign-in/password-reset.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import { inSignIn } from '../forms/contract.ts';
import type { InteractionDeps } from '../interaction.ts';
import { confirmMailPage } from './confirm-mail.ts';
import { consentPage } from './consent.ts';
import { enrolPage } from './enrol.ts';
import { factorPage, waysPage } from './factor.ts';
import { forgotPages } from './forgot.ts';
import { lostPage, writtenPage } from './lost.ts';
import { passwordPage } from './password.ts';
import { recoveryCodesPage, recoveryUsedPage } from './recovery-codes.ts';
import { registerPage } from './register.ts';
import { signedInAsPage } from './signed-in-as.ts';
import { usernamePage } from './username.ts';
import type { Visit } from './visit.ts';

interface Deps {
  readonly askReset: PasswordReset['askReset'];
  readonly factors: readonly Factor[];
  readonly staySeconds: number;
  readonly passwordMin: number;
  readonly codeDigits: number;
  /** Whether there is somebody to write to for whoever lost a way. */
  readonly administrators: boolean;
  readonly recovery?: RecoveryCodes;
  readonly now: () => Date;
}

const provingGuard = inSignIn('factor');

/** Every page of a sign-in, and which of them shows which stage: the others are a choice within one, at an address of their own. */
export function stagePages(signIn: SignIn, deps: Deps): Pick<InteractionDeps, 'stages' | 'pages'> {
  const all = { ...signIn, ...deps };
  const stages = {
    'sign-in': passwordPage(all),
    register: registerPage(all),
    'confirm-mail': confirmMailPage(all),
    username: usernamePage(all),
    enrol: enrolPage(all),
    factor: factorPage<Visit>(all, provingGuard),
    'recovery-codes': recoveryCodesPage(all),
    'recovery-used': recoveryUsedPage(all),
    consent: consentPage(all),
    'signed-in-as': signedInAsPage(all),
  };
  const choices = [waysPage<Visit>(all, provingGuard), lostPage(all), writtenPage(), ...forgotPages(all)];
  return { stages, pages: [...Object.values(stages), ...choices] };
}
