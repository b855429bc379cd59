import { guarded } from './mutation.ts';

const applications = 'test/flow/applications.test.ts';
const stored = 'test/contract/applications.test.ts';
const consequences = 'test/unit/consequences.test.ts';

export const revokedApplications = guarded(
  [applications],
  [
    { guard: 'revoking-needs-fresh-proof', replace: ["fresh('revoke_application')", 'signedIn'] },
    { guard: 'revoked-consent-gone' },
    { guard: 'grants-of-other-clients-stay', replace: ['clientAlone === undefined ? {} : ', 'clientAlone ? {} : '] },
    { guard: 'revoked-client-alone', replace: ['made.clientId !== undefined', 'made'], tests: [consequences] },
    { guard: 'grant-keeps-revocations', replace: ['timesRevoked(stored, key.clientId)', '0 * stored.sessionVersion'] },
    { guard: 'revoked-grant-unused', replace: [' && isUnrevoked(found, (account as KnownAccount).stored)', ''] },
    {
      guard: 'revoked-client-gets-nothing',
      replace: ['!isUnrevoked(grantOf(ctx), stored)', '!isUnrevoked({}, stored)'],
    },
    { guard: 'use-noted-daily', replace: ['< daySeconds', '< 0'] },
    { guard: 'first-revoked-once', replace: ['$ne', '$exists'] },
    { guard: 'revoked-as-read', replace: ['{ clientId, times }', '{ clientId }'] },
    { guard: 'revoking-active-account', replace: ['active: true, ', ''], tests: [stored] },
    { guard: 'over-grants-unlisted', replace: [', expiresAt: { $gt: now }', ''], tests: [stored] },
  ],
);
