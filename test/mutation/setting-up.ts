import { linesOf } from './mutation.ts';

const askedLevel = 'test/flow/asked-level.test.ts';

export const settingUp = [
  ...linesOf(
    'src/sign-in/offers.ts',
    ['test/unit/offers.test.ts', askedLevel],
    [
      {
        why: 'Nobody sets up less than the client asks for.',
        find: 'return enough.length > 0 ? enough : all;',
        replace: 'return enough.length > all.length ? enough : all;',
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/proceed.ts',
    [askedLevel],
    [
      {
        why: 'What is set up first is enough for the client that asked.',
        find: 'settable(factors, request.leastLevel);',
        replace: "settable(factors, request.leastLevel && '1fa');",
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/enrol.ts',
    [askedLevel],
    [
      {
        why: 'A way that is too weak for the client is not set up by whoever posts its name.',
        find: 'settable(deps.factors, request.leastLevel).find(',
        replace: "settable(deps.factors, '1fa').find(",
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/policy.ts',
    ['test/unit/policy.test.ts'],
    [
      {
        why: 'A sign-in that put it off and ends now has to have asked for the factor that is there.',
        find: 'fresh ? account : {',
        replace: 'fresh && !putOff ? account : {',
      },
      {
        why: 'A password alone is no session where setting up a way might have been put off and was not.',
        find: "(demand === 'offer' && putOff)",
        replace: "demand === 'offer'",
      },
    ],
  ),
  ...linesOf(
    'src/oidc/standing.ts',
    ['test/flow/put-off-area.test.ts'],
    [
      {
        why: 'A sign-in that is too weak for its account when it ends leaves no session behind.',
        find: '  if (tooWeak(deps, record, account)) return undefined;\n',
        replace: '',
      },
    ],
  ),
];
