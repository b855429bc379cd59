import type { Applications } from '../../self-service/applications.ts';
import type { ChangePassword } from '../../self-service/change-password.ts';
import type { OwnHistory } from '../../self-service/history.ts';
import type { FactorManagement } from '../../self-service/manage-factors.ts';
import type { OwnDevices } from '../../self-service/own-devices.ts';
import type { Elsewhere } from '../../self-service/sessions-elsewhere.ts';
import { addingPages, addingSection } from './add.ts';
import type { AddingDeps } from './add-forms.ts';
import { applicationsPage } from './applications.ts';
import { devicesSection } from './devices.ts';
import { removalPage, renamingPage } from './factor-pages.ts';
import { historyPage } from './history.ts';
import type { AccountPage } from './page.ts';
import { changePasswordPage, passwordSection } from './password.ts';
import { recordsSection } from './records.ts';
import { recoveryCodesPage, recoverySection } from './recovery.ts';
import { securityPage } from './security.ts';
import { sessionsSection } from './sessions.ts';
import { twoStepSection } from './two-step.ts';
import { switchingOffPage } from './two-step-off.ts';

interface Deps extends AddingDeps {
  readonly factorManagement: FactorManagement;
  readonly elsewhere: Elsewhere;
  readonly devices: OwnDevices;
  readonly applications: Applications;
  readonly changePassword: ChangePassword;
  readonly passwordMin: number;
  readonly history: OwnHistory;
  readonly signOut: string;
}

/** Every page of the area, and the sections of its first in their order. */
export function accountPages(deps: Deps): readonly AccountPage[] {
  return [
    securityPage([
      twoStepSection(deps),
      addingSection(deps),
      recoverySection(deps),
      passwordSection,
      sessionsSection(deps),
      devicesSection(deps),
      recordsSection(),
    ]),
    ...addingPages(deps),
    renamingPage(deps),
    removalPage(deps),
    switchingOffPage(deps),
    recoveryCodesPage(deps),
    applicationsPage(deps),
    changePasswordPage(deps),
    historyPage(deps),
  ];
}
