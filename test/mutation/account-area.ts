import { guarded } from './mutation.ts';

const accountSessions = 'test/flow/account-sessions.test.ts';
const accountProof = 'test/flow/account-proof.test.ts';
const accountGoOn = 'test/flow/account-go-on.test.ts';
const accountEntrance = 'test/flow/account-entrance.test.ts';
const cookies = 'test/flow/cookies.test.ts';
const flashes = 'test/unit/flash.test.ts';
const savedInput = 'test/unit/saved-input.test.ts';
const discovery = 'test/flow/discovery.test.ts';
const strongerProof = 'test/flow/stronger-proof.test.ts';
const proofChanges = 'test/unit/proof-changes.test.ts';
const enrolled = 'test/unit/enrolled.test.ts';
const accountEndOthers = 'test/flow/account-end-others.test.ts';

export const accountArea = [
  ...guarded(
    [accountEntrance],
    [
      { guard: 'account-needs-session', replace: ['seeOther(ctx, ', 'throw new Error('] },
      { guard: 'area-form-bound-to-session', tests: [accountSessions] },
      {
        guard: 'area-form-own-session',
        replace: ['`account:${session.id}`', "session.id.slice(0, 0).concat('forms') || `account:${session.id}`"],
        tests: [accountSessions, accountProof],
      },
      {
        guard: 'area-change-needs-fresh-proof',
        replace: ['unproved === undefined', "'input' in wanted || unproved === undefined"],
        tests: [accountProof],
      },
      { guard: 'waiting-form-own-session', replace: ['.id}', '.id.slice(0, 0)}'], tests: [accountGoOn] },
    ],
  ),
  ...guarded([accountGoOn], [{ guard: 'codes-never-wait', replace: ['===', '<='] }]),
  ...guarded(
    [accountGoOn],
    [
      {
        guard: 'confirmation-own-request',
        replace: ['state ', 'state.slice(0, 0) '],
        also: { guard: 'confirmation-own-request-too', replace: ['state ', 'state.slice(0, 0) '] },
      },
    ],
  ),
  ...guarded(
    [accountEntrance],
    [
      {
        guard: 'no-login-loop',
        replace: ["throw new Problem('account_stopped', 403, { clientId: client.clientId })", 'return undefined'],
      },
      { guard: 'state-leads-to-own-pages', replace: ['&& isPage(to) ', ''], secondGuardOf: 'state-bound-to-browser' },
    ],
  ),
  ...guarded(
    [accountEntrance],
    [
      {
        guard: 'state-bound-to-browser',
        replace: ['some((id) => cipher.matchesMac(mac, bound(browser, id, to), context))', 'length > 0 && mac !== ""'],
        secondGuardOf: 'state-leads-to-own-pages',
      },
      { guard: 'state-cookie-flags', replace: ['flags', '{ signed: false }'], tests: [cookies] },
    ],
  ),
  ...guarded(
    [flashes],
    [
      {
        guard: 'flash-own-session',
        replace: ['`told:${session}`', "session.slice(0, 0).concat('told') || `told:${session}`"],
      },
    ],
  ),
  ...guarded(
    [savedInput],
    [
      { guard: 'saved-input-own-page', replace: ['accountId, place.path', 'path.length > 0'] },
      { guard: 'saved-input-half-hour', replace: [' && found.until > now().getTime()', ''] },
      { guard: 'saved-input-once' },
    ],
  ),
  ...guarded(
    [accountEntrance],
    [
      {
        guard: 'area-judges-session',
        replace: [
          '(await validSession(deps, session.uid, account))',
          '{ level: "2fa" as const, record: (await validSession(deps, session.uid, account))?.record as SessionRecord }',
        ],
      },
      { guard: 'area-judges-level' },
    ],
  ),
  ...guarded(
    [accountProof],
    [
      { guard: 'proof-anew-prompts', replace: ["prompt: 'login', ", ''] },
      { guard: 'own-response-type-hidden', replace: ['none', ''], tests: [discovery] },
    ],
  ),
  ...guarded(
    [accountProof],
    [
      { guard: 'fresh-five-minutes', replace: ['5', '15'] },
      {
        guard: 'fresh-proofs-count-alone',
        replace: ['filter(({ at }) => at.getTime() > since)', 'some(({ at }) => at.getTime() > since) ? proofs : []'],
      },
    ],
  ),
  ...guarded(
    [proofChanges, accountProof],
    [
      { guard: 'change-needs-factor', replace: ['2fa-email', '1fa'] },
      {
        guard: 'change-needs-strongest',
        replace: ['strongestEnrolled(kinds, account)', "account.factors.length > 0 ? '2fa-email' : '1fa'"],
        tests: [strongerProof, proofChanges],
      },
    ],
  ),
  ...guarded(
    [enrolled],
    [
      { guard: 'strongest-enrolled', replace: ['strongest', 'weakest'] },
      { guard: 'unmarked-set-weakest', replace: ['weakest', 'strongest'] },
    ],
  ),
  ...guarded(
    [accountSessions, accountEntrance],
    [
      { guard: 'ended-session-not-listed', replace: ['stillProved(account, session)', 'session'] },
      {
        guard: 'end-others-keeps-own',
        replace: ['{ session: session.id ', 'session ? {} : {'],
        tests: [accountEndOthers],
      },
    ],
  ),
  ...guarded(
    [accountEndOthers],
    [
      { guard: 'end-others-active-account', replace: ['active: true, ', ''] },
      { guard: 'end-others-as-read', replace: [', sessionVersion', ''] },
      {
        guard: 'end-others-ends-parked',
        replace: ['raisesOf(change)', '{ securityVersion: raisesOf(change).securityVersion }'],
      },
    ],
  ),
];
