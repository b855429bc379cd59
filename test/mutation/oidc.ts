import { guarded } from './mutation.ts';

const sessionLife = 'test/flow/session-life.test.ts';
const putOff = 'test/flow/put-off.test.ts';
const assurance = 'test/flow/assurance.test.ts';
const reAuthentication = 'test/flow/re-authentication.test.ts';
const chooseAccount = 'test/flow/choose-account.test.ts';
const stepUp = 'test/flow/step-up.test.ts';
const waysRoundParked = 'test/flow/ways-round-parked.test.ts';
const accountSwitch = 'test/flow/account-switch.test.ts';
const refresh = 'test/flow/refresh.test.ts';
const sessionSeconds = 'test/unit/session-seconds.test.ts';
const plantedCookies = 'test/flow/planted-cookies.test.ts';
const consent = 'test/flow/consent.test.ts';
const claims = 'test/flow/claims.test.ts';
const waysRoundResume = 'test/flow/ways-round-resume.test.ts';
const doubleClick = 'test/flow/double-click.test.ts';
const cancelled = 'test/flow/cancelled.test.ts';
const grants = 'test/unit/grants.test.ts';

export const oidc = [
  ...guarded(
    [stepUp, assurance],
    [
      { guard: 'session-needs-record', replace: ['needed', 'fine'], tests: [sessionLife] },
      {
        guard: 'policy-judges-level',
        replace: ['&& strongEnough(deps, ctx, found)) {', '|| requested) {\n    if (!judged.met) return fine;'],
      },
      { guard: 'policy-judges-second-factor', replace: [' && strongEnough(deps, ctx, found)', ''] },
      {
        guard: 'policy-judges-client-level',
        replace: [' && meets(found.level, leastOfClient(client))', ''],
        tests: [putOff],
      },
      { guard: 'hopeless-level-refused-first', tests: [assurance] },
      { guard: 'hinted-account-or-nobody', tests: [reAuthentication] },
      {
        guard: 'login-hint-no-silent-session',
        replace: ['(await validSession(ctx)) ? needed : ', ''],
        tests: [chooseAccount],
      },
      { guard: 'essential-acr-raw', replace: ['claims: params?.claims, ', ''], tests: [assurance] },
      { guard: 'amr-of-record', secondGuardOf: 'library-told-amr', tests: [assurance, reAuthentication, sessionLife] },
    ],
  ),
  ...guarded(
    [sessionLife],
    [
      {
        guard: 'record-judged-each-request',
        replace: [' || !stillProved(account, record)', ''],
        tests: [sessionLife, waysRoundParked],
      },
      {
        guard: 'parked-sign-in-judged',
        replace: ['!stillProved(account, record) || ', ''],
        secondGuardOf: 'record-judged-each-request',
        tests: [waysRoundParked],
      },
      { guard: 'session-absolute-end', replace: ['1000', '365_000'], secondGuardOf: 'library-session-absolute-end' },
      { guard: 'record-idles', secondGuardOf: 'session-idle-hour' },
      { guard: 'stay-at-later-sign-in' },
      { guard: 'last-seen-when-good', replace: ['if (found) ', ''] },
      { guard: 'kept-record-in-time', replace: [' || !inTime(record, deps.now())', ''] },
      { guard: 'session-id-rotates', tests: [sessionLife, 'test/flow/session-revival.test.ts'] },
    ],
  ),
  ...guarded(
    [sessionLife],
    [
      {
        guard: 'session-idle-hour',
        replace: ['Math.min(rules.idleSeconds, rules.absoluteSeconds - age)', 'rules.absoluteSeconds - age'],
        secondGuardOf: 'record-idles',
      },
      {
        guard: 'library-session-absolute-end',
        replace: ['Math.min(rules.idleSeconds, rules.absoluteSeconds - age)', 'rules.idleSeconds'],
        secondGuardOf: 'session-absolute-end',
      },
      {
        guard: 'refresh-rotation-keeps-end',
        replace: ['ctx?.oidc?.entities.RotatedRefreshToken?.remainingTTL ?? ', ''],
        tests: [refresh],
      },
      { guard: 'ending-session-no-500', replace: ['Math.max(1, left)', 'left'], tests: [sessionSeconds] },
    ],
  ),
  ...guarded(
    [waysRoundResume],
    [
      {
        guard: 'uid-needs-signed-cookie',
        replace: [
          "ctx.cookies.get(provider.cookieName('interaction'), { signed: true }) === uid",
          'uid !== undefined && ctx !== undefined',
        ],
      },
      { guard: 'resume-needs-signed-cookie', replace: ['true', 'false'], tests: [plantedCookies] },
      {
        guard: 'library-told-amr',
        replace: ['amrOf(proofs, mfa)', '[]'],
        secondGuardOf: 'amr-of-record',
        tests: [assurance],
      },
      { guard: 'library-told-auth-time', tests: [reAuthentication, consent, claims, sessionLife] },
      { guard: 'other-persons-session-ends', tests: [accountSwitch] },
      { guard: 'other-persons-session-left', tests: [accountSwitch] },
    ],
  ),
  ...guarded(
    [waysRoundResume, doubleClick],
    [
      { guard: 'early-resume-ends-attempt' },
      {
        guard: 'resume-own-browser',
        replace: ["cookies.get(ctx.oidc.provider.cookieName('resume'), { signed: true }", "path.split('/').at(-1"],
        tests: [waysRoundResume, doubleClick, cancelled],
      },
    ],
  ),
  ...guarded(
    [grants],
    [
      { guard: 'grant-own-account', replace: ['?.accountId === key.accountId && found.clientId === key.clientId', ''] },
      { guard: 'consent-own-account', replace: ['?.accountId === key.accountId', ''] },
      { guard: 'more-scopes-ask-again', tests: [consent] },
      { guard: 'single-claim-counts-as-scope', replace: [' || byClaim.includes(scope)', ''], tests: [consent] },
    ],
  ),
  ...guarded([sessionLife, waysRoundParked], [{ guard: 'disabled-account-not-found', replace: ['?.active', ''] }]),
];
