import type { Factor } from '../../factors/factor.ts';
import type { RecoveryCodes } from '../../factors/recovery-codes.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import type { InteractionDeps } from '../interaction.ts';
import { confirmMailPage } from './confirm-mail.ts';
import { consentPage } from './consent.ts';
import { enrolPage } from './enrol.ts';
import { factorPage, waysPage } from './factor.ts';
import { lostPage, writtenPage } from './lost.ts';
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
  /** Whether there is somebody to write to for whoever lost a way. */
  readonly administrators: boolean;
  readonly recovery?: RecoveryCodes;
  readonly now: () => Date;
}

/** Every page of a sign-in, and which of them shows which stage: the others are a choice within one, at an address of their own. */
export function stagePages(signIn: SignIn, deps: Deps): Pick<InteractionDeps, 'stages' | 'pages'> {
  const all = { ...signIn, ...deps };
  const stages = {
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
  return { stages, pages: [...Object.values(stages), waysPage(all), lostPage(all), writtenPage()] };
}
