import { mongoAccountData } from '../storage/account-data.ts';
import { mongoAccounts } from '../storage/accounts.ts';
import { mongoAdministration } from '../storage/administration.ts';
import { mongoApplications } from '../storage/applications.ts';
import { eventMover } from '../storage/attempt-events.ts';
import { mongoAttempts } from '../storage/attempts.ts';
import { mongoAttemptsWithAccounts } from '../storage/attempts-with-accounts.ts';
import type { Database } from '../storage/connection.ts';
import { mongoConsents } from '../storage/consents.ts';
import { mongoCounters } from '../storage/counters.ts';
import { mongoDeliveredCodeSpends } from '../storage/delivered-code-spends.ts';
import { mongoDenials } from '../storage/denials.ts';
import { endingSessions } from '../storage/ended-sessions.ts';
import { mongoEvents } from '../storage/events.ts';
import { mongoFirstFactors, mongoFurtherFactors } from '../storage/factor-additions.ts';
import { mongoFactorChanges } from '../storage/factor-changes.ts';
import { mongoFinishedSignIns } from '../storage/finished-sign-ins.ts';
import { mongoGrants } from '../storage/grants.ts';
import { mongoHistory } from '../storage/history.ts';
import { mongoLogouts } from '../storage/logouts.ts';
import { oidcRows } from '../storage/oidc-rows.ts';
import { mongoPasses } from '../storage/passes.ts';
import { mongoPasswordChanges } from '../storage/password-changes.ts';
import { mongoPasswordResets } from '../storage/password-resets.ts';
import { mongoPendingCodes } from '../storage/pending-codes.ts';
import { mongoPutOffs } from '../storage/put-offs.ts';
import { raisedSessions } from '../storage/raised-sessions.ts';
import { mongoRecoverySets } from '../storage/recovery-sets.ts';
import { mongoRememberedDevices } from '../storage/remembered-devices.ts';
import { mongoRescues } from '../storage/rescues.ts';
import { mongoRevocations } from '../storage/revocations.ts';
import { mongoSecondFactorGuesses } from '../storage/second-factor-guesses.ts';
import { mongoSeenPlaces } from '../storage/seen-places.ts';
import { mongoSentTimes } from '../storage/send-budgets.ts';
import { mongoSessionVersions } from '../storage/session-versions.ts';
import { mongoSessions } from '../storage/sessions.ts';
import { mongoTotpSteps } from '../storage/totp-steps.ts';
import { mongoVerifications } from '../storage/verifications.ts';

/** Every port that MongoDB answers. */
export function stores(database: Database) {
  return {
    accounts: mongoAccounts(database),
    attempts: mongoAttempts(database),
    attemptsWithAccounts: mongoAttemptsWithAccounts(database),
    sessions: mongoSessions(database),
    endings: endingSessions(database, oidcRows(database.connection, 'Session')),
    raisedSessions: raisedSessions(database),
    sessionVersions: mongoSessionVersions(database),
    denials: mongoDenials(database),
    seenPlaces: mongoSeenPlaces(database),
    revocations: mongoRevocations(database),
    applications: mongoApplications(database),
    passwordChanges: mongoPasswordChanges(database),
    consents: mongoConsents(database),
    events: mongoEvents(database),
    moveEvents: eventMover(database),
    history: mongoHistory(database),
    guesses: mongoSecondFactorGuesses(database),
    timeSteps: mongoTotpSteps(database),
    firstFactors: mongoFirstFactors(database),
    furtherFactors: mongoFurtherFactors(database),
    factorChanges: mongoFactorChanges(database),
    recoverySets: mongoRecoverySets(database),
    grants: mongoGrants(database),
    passes: mongoPasses(database),
    rescues: mongoRescues(database),
    logouts: mongoLogouts(database),
    passwordResets: mongoPasswordResets(database),
    pendingCodes: mongoPendingCodes(database),
    codeSpends: mongoDeliveredCodeSpends(database),
    sentTimes: mongoSentTimes(database),
    finishedSignIns: mongoFinishedSignIns(database),
    openVerifications: mongoVerifications(database),
    putOffs: mongoPutOffs(database),
    devices: mongoRememberedDevices(database),
    counters: mongoCounters(database, 'send_budgets'),
    addressCounters: mongoCounters(database, 'address_budgets'),
    administered: mongoAdministration(database),
    accountData: mongoAccountData(database),
  };
}
