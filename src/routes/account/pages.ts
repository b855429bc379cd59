import type { Factor } from '../../factors/factor.ts';
import type { WayChanges } from '../../sign-in/change-ways.ts';
import type { CodeRenewal } from '../../sign-in/renew-codes.ts';
import type { Elsewhere } from '../../sign-in/signed-in-elsewhere.ts';
import type { AccountPage } from './page.ts';
import { recoveryCodesPage, recoverySection } from './recovery.ts';
import { securityPage } from './security.ts';
import { sessionsSection } from './sessions.ts';
import { twoStepSection } from './two-step.ts';
import { switchingOffPage } from './two-step-off.ts';
import { removalPage, renamingPage } from './way-pages.ts';

interface Deps {
  readonly factors: readonly Factor[];
  readonly wayChanges: WayChanges;
  readonly codes: CodeRenewal;
  readonly elsewhere: Elsewhere;
  readonly signOut: string;
  readonly now: () => Date;
}

/** Every page of the area, and the sections of its first in their order. */
export function accountPages(deps: Deps): readonly AccountPage[] {
  return [
    securityPage([twoStepSection(deps), recoverySection(deps), sessionsSection(deps)]),
    renamingPage(deps),
    removalPage(deps),
    switchingOffPage(deps),
    recoveryCodesPage(deps),
  ];
}
