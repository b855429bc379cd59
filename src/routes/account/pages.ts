import type { WayChanges } from '../../sign-in/change-ways.ts';
import type { Elsewhere } from '../../sign-in/signed-in-elsewhere.ts';
import { addingPages, addingSection } from './add.ts';
import type { AddingDeps } from './add-forms.ts';
import type { AccountPage } from './page.ts';
import { recoveryCodesPage, recoverySection } from './recovery.ts';
import { securityPage } from './security.ts';
import { sessionsSection } from './sessions.ts';
import { twoStepSection } from './two-step.ts';
import { switchingOffPage } from './two-step-off.ts';
import { removalPage, renamingPage } from './way-pages.ts';

interface Deps extends AddingDeps {
  readonly wayChanges: WayChanges;
  readonly elsewhere: Elsewhere;
  readonly signOut: string;
}

/** Every page of the area, and the sections of its first in their order. */
export function accountPages(deps: Deps): readonly AccountPage[] {
  return [
    securityPage([twoStepSection(deps), addingSection(deps), recoverySection(deps), sessionsSection(deps)]),
    ...addingPages(deps),
    renamingPage(deps),
    removalPage(deps),
    switchingOffPage(deps),
    recoveryCodesPage(deps),
  ];
}
