import { guarded } from './mutation.ts';

const tokensEndFlow = 'test/flow/tokens-end.test.ts';
const endedInFlight = 'test/flow/ended-in-flight.test.ts';
const redemption = 'test/unit/redemption.test.ts';
const consequences = 'test/unit/consequences.test.ts';

export const tokensEnd = [
  ...guarded(
    [tokensEndFlow],
    [
      { guard: 'grants-of-own-session-stay', replace: [' sessionUidHash: { $ne: keepSession } ', ''] },
      { guard: 'grants-end-with-session', replace: [', sessionUidHash: session', ''] },
      { guard: 'grants-strong-enough-stay', replace: ['level: { $nin: enough }, ', ''] },
      { guard: 'grants-put-off-stay', replace: [', sessionUidHash: { $nin: keepSessions }', ''] },
    ],
  ),
  ...guarded([tokensEndFlow], [{ guard: 'session-end-ends-grants' }]),
  ...guarded(
    [tokensEndFlow],
    [
      { guard: 'proof-anew-own-grant', replace: ['result?.login ? undefined : ', ''] },
      { guard: 'grant-keeps-session', replace: ["'sessionUid', ", ''] },
      { guard: 'grant-keeps-level', replace: ['found?.level ?? ', ''] },
    ],
  ),
  ...guarded(
    [tokensEndFlow],
    [
      { guard: 'role-ends-weak-session', replace: ['weak', 'put-off'] },
      { guard: 'role-ends-weak-grants' },
      { guard: 'put-off-session-keeps-grants', replace: ["=== 'put-off'", "!== 'weak'"] },
    ],
  ),
  ...guarded(
    [endedInFlight, redemption],
    [
      { guard: 'ended-session-no-code', replace: ['!record || !stillProved(account, record)', '!record'] },
      { guard: 'weak-grant-no-code', replace: ["!meets(redeemed.grantLevel ?? '1fa', least)", 'least.length === 0'] },
    ],
  ),
  ...guarded(
    [consequences],
    [
      { guard: 'unlisted-sessions-grants-end', replace: ['elsewhere', 'end'] },
      {
        guard: 'table-ends-too-weak',
        replace: ["(sessions === 'too-weak' || grants === 'too-weak')", "sessions === 'end' && grants === 'too-weak'"],
      },
    ],
  ),
];
