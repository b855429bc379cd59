import { linesOf } from './mutation.ts';

/** What a relying party is told, and how it says who it is. */
export const relyingParties = [
  ...linesOf(
    'src/oidc/allowed-claims.ts',
    ['test/flow/claims-by-scope.test.ts'],
    [
      {
        why: 'The claims parameter asks for no more than the client’s scopes hold.',
        find: '.filter(([name]) => allowed.includes(name))',
        replace: '',
      },
      {
        why: 'A member of the claims parameter that says nothing is refused.',
        find: 'if (!members.every(isAsked))',
        replace: 'if (!members.some(isAsked))',
        tests: ['test/flow/assurance.test.ts'],
      },
    ],
  ),
  ...linesOf(
    'src/oidc/claims.ts',
    ['test/flow/claims-by-scope.test.ts'],
    [
      {
        why: 'A token of wider times tells no more than one of today.',
        find: '.filter(([name]) => allowed.includes(name))',
        replace: '',
      },
    ],
  ),
];
