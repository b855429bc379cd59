import { linesOf } from './mutation.ts';

const flow = ['test/flow/tokens-end.test.ts'];

/** What clients hold ends with what gave it. */
export const tokensEnd = [
  ...linesOf('src/storage/grants.ts', flow, [
    {
      why: 'What clients hold for the session that made a change goes on.',
      find: '{ sessionUidHash: { $ne: keepSession } }',
      replace: '{}',
    },
    {
      why: 'With one session ends what was given in it, and in no other.',
      find: 'await end({ accountId, sessionUidHash: session });',
      replace: 'await end({ accountId });',
    },
    {
      why: 'What was proved well stays when the policy asks for more.',
      find: 'level: { $nin: enough }, ',
      replace: '',
    },
    {
      why: 'What was given in a session that was begun by putting it off stays with it.',
      find: ', sessionUidHash: { $nin: keepSessions } }',
      replace: ' }',
    },
  ]),
  ...linesOf('src/storage/sessions.ts', flow, [
    {
      why: 'What clients hold ends with the one session it was given in.',
      find: '      await grants.endOf({ accountId, session: id });\n',
      replace: '',
    },
  ]),
  ...linesOf('src/oidc/grants.ts', flow, [
    {
      why: 'A proof anew has a grant of its own, which does not end with what a weaker one gave.',
      find: 'result?.login ? undefined : session',
      replace: 'session',
    },
    {
      why: 'A grant is kept with the session it was given in.',
      find: "'sessionUid', 'level'] });",
      replace: "'level'] });",
    },
    {
      why: 'A grant is kept with the level it was given at.',
      find: '(await standing(ctx))?.level ?? ',
      replace: '',
    },
  ]),
  ...linesOf('src/sign-in/too-weak.ts', flow, [
    {
      why: 'A session that is too weak for a new role ends.',
      find: "if (fate === 'weak') await sessions.endOf(",
      replace: "if (fate === 'put-off') await sessions.endOf(",
    },
    {
      why: 'What a session that is long over gave at too low a level ends with a new role.',
      find: '      await grants.endWeaker({ accountId, enough: atLeast(least), keepSessions: putOff });\n',
      replace: '',
    },
    {
      why: 'Only a session that may be put off keeps what it was given below the level.',
      find: "fate === 'put-off').map",
      replace: "fate !== 'weak').map",
    },
  ]),
  ...linesOf(
    'src/protection/carry-out.ts',
    ['test/unit/consequences.test.ts'],
    [
      {
        why: 'What clients hold for other sessions ends with them, whether they are still listed or not.',
        find: "grants === 'elsewhere' && deps.grants",
        replace: "grants === 'end' && deps.grants",
      },
      {
        why: 'What is too weak ends where the table says so.',
        find: "(sessions === 'too-weak' || grants === 'too-weak') && ",
        replace: "sessions === 'end' && grants === 'too-weak' && ",
      },
    ],
  ),
];
