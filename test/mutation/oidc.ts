import { linesOf } from './mutation.ts';

const assurance = 'test/flow/assurance.test.ts';
const sessionLife = 'test/flow/session-life.test.ts';
const parked = 'test/flow/ways-round-parked.test.ts';
const stepUp = 'test/flow/step-up.test.ts';

export const oidc = [
  ...linesOf(
    'src/oidc/policy.ts',
    [assurance],
    [
      {
        why: 'A session without its record is no session.',
        find: '  if (!found) return needed;\n',
        replace: '  if (!found) return fine;\n',
        tests: [sessionLife],
      },
      {
        why: 'A session that lacks the level gets no code, whatever the pages did.',
        find: '  if (judged.met && strongEnough(deps, ctx, found)) {\n',
        replace: '  if (judged.met || requested) {\n    if (!judged.met) return fine;\n',
        tests: [stepUp, assurance],
      },
      {
        why: 'A session of a password alone is none where a second factor is required.',
        find: 'judged.met && strongEnough(deps, ctx, found)',
        replace: 'judged.met',
        tests: [stepUp, assurance],
      },
      {
        why: 'A client that wants a second factor in its registration gets no session without one.',
        find: ' && meets(found.level, leastOfClient(client))',
        replace: '',
        tests: ['test/flow/put-off.test.ts'],
      },
      {
        why: 'What cannot be proved here is refused before anybody is asked.',
        find: '  if (!reachable(requested, levels)) throw new UnmetAuthenticationRequirements();\n',
        replace: '',
      },
      {
        why: 'The person who was named signs in, or nobody.',
        find: "  check('subject', 'requested subject could not be obtained', otherSubject);\n",
        replace: '',
        tests: ['test/flow/re-authentication.test.ts'],
      },
      {
        why: 'A login_hint of somebody else does not silently take the session.',
        find: '  return (await standing(ctx)) ? needed : fine;\n',
        replace: '  return fine;\n',
        tests: ['test/flow/choose-account.test.ts'],
      },
      {
        why: 'An essential acr is read from the raw request.',
        find: 'requestedAcr({ claims: params?.claims, ',
        replace: 'requestedAcr({ ',
      },
      {
        why: 'The amr is the record’s.',
        find: "  Object.defineProperty(ctx.oidc, 'amr', { value: [...found.amr], configurable: true });\n",
        replace: '',
        tests: [assurance, 'test/flow/re-authentication.test.ts', sessionLife],
        secondGuardOf: 'The library is told the amr of the proofs.',
      },
    ],
  ),
  ...linesOf(
    'src/oidc/standing.ts',
    [sessionLife],
    [
      {
        why: 'The record of a session is judged against its account in every request.',
        find: '  if (!record || !stillGood(record, account)) return undefined;\n',
        replace: '  if (!record) return undefined;\n',
        tests: [sessionLife, parked],
      },
      {
        why: 'A sign-in that waited for its last redirect is judged against its account.',
        find: 'if (!stillGood(record, account) || record.expiresAt <= now) return undefined;',
        replace: 'if (record.expiresAt <= now) return undefined;',
        tests: [parked],
        secondGuardOf: 'The record of a session is judged against its account in every request.',
      },
      {
        why: 'A record belongs to the account that is asked for.',
        find: 'record.accountId === account.id && ',
        replace: '',
        tests: [parked, 'test/flow/account-switch.test.ts', 'test/flow/session-revival.test.ts'],
        secondGuardOf: 'Another person’s session in the same browser ends.',
      },
      {
        why: 'A session of a disabled account is none.',
        find: 'return account.active && record.accountId',
        replace: 'return record.accountId',
        tests: [parked, sessionLife, 'test/flow/account-entrance.test.ts'],
      },
      {
        why: 'A record dies with the version that its password was proved under.',
        find: ' && record.sessionVersion === account.sessionVersion',
        replace: '',
        tests: [parked, sessionLife],
      },
      {
        why: 'A session ends a day after its sign-in, however warm.',
        find: 'expiresAt: new Date(signedInAt.getTime() + seconds * 1000),',
        replace: 'expiresAt: new Date(signedInAt.getTime() + seconds * 365_000),',
        secondGuardOf: 'The library’s session ends absolutely.',
      },
      {
        why: 'The record of a session idles with it.',
        find: '    ...(login.remember ? {} : { idleSeconds: deps.rules.idleSeconds }),\n',
        replace: '',
        secondGuardOf: 'A session ends after an hour without a request.',
      },
      {
        why: '"Stay signed in" ticked at a later sign-in works.',
        find: '  if (login.remember) session.transient = undefined;\n',
        replace: '',
      },
    ],
  ),
  ...linesOf(
    'src/oidc/lifetimes.ts',
    [sessionLife],
    [
      {
        why: 'A session ends after an hour without a request.',
        find: 'Math.min(rules.idleSeconds, rules.absoluteSeconds - age)',
        replace: 'rules.absoluteSeconds - age',
        secondGuardOf: 'The record of a session idles with it.',
      },
      {
        why: 'The library’s session ends absolutely.',
        find: 'Math.min(rules.idleSeconds, rules.absoluteSeconds - age)',
        replace: 'rules.idleSeconds',
        secondGuardOf: 'A session ends a day after its sign-in, however warm.',
      },
      {
        why: 'Rotation never moves the end of a refresh token.',
        find: 'ctx?.oidc?.entities.RotatedRefreshToken?.remainingTTL ?? tokens.refreshSeconds',
        replace: 'tokens.refreshSeconds',
        tests: ['test/flow/refresh.test.ts'],
      },
      {
        why: 'A session that is just over answers no 500 with a live code.',
        find: 'return Math.max(1, left);',
        replace: 'return left;',
        tests: ['test/unit/session-seconds.test.ts'],
      },
    ],
  ),
  ...linesOf(
    'src/oidc/interactions.ts',
    ['test/flow/ways-round-resume.test.ts'],
    [
      {
        why: 'A uid without its signed cookie is worth nothing.',
        find: "ctx.cookies.get(deps.provider.cookieName('interaction'), { signed: true }) === uid,",
        replace: 'uid !== undefined && ctx !== undefined,',
      },
      {
        why: 'What is resumed is named by a signed cookie.',
        find: "ctx.cookies.get(deps.provider.cookieName('resume'), { signed: true }),",
        replace: "ctx.cookies.get(deps.provider.cookieName('resume'), { signed: false }),",
        tests: ['test/flow/planted-cookies.test.ts'],
      },
      {
        why: 'Where the session is over the interaction is known by its signed cookie alone.',
        find: "const uid = cookies.get(provider.cookieName('interaction'), { signed: true });",
        replace: "const uid = cookies.get(provider.cookieName('interaction'), { signed: false });",
        secondGuardOf: 'A uid without its signed cookie is worth nothing.',
      },
      {
        why: 'The library is told the amr of the proofs.',
        find: 'amr: amrOf(proofs),',
        replace: 'amr: [],',
        tests: [assurance],
        secondGuardOf: 'The amr is the record’s.',
      },
      {
        why: 'Always with the time of the proof: a merged result would move auth_time.',
        find: '    ts: Math.floor(provedAt(proofs).getTime() / 1000),\n',
        replace: '',
        tests: [
          'test/flow/re-authentication.test.ts',
          'test/flow/consent.test.ts',
          'test/flow/claims.test.ts',
          sessionLife,
        ],
      },
      {
        why: 'Another person’s session in the same browser ends.',
        find: '      if (finished.login) await leaveOtherSession(',
        replace: '      if (finished.login && stored.uid === "") await leaveOtherSession(',
        tests: ['test/flow/account-switch.test.ts'],
      },
    ],
  ),
  ...linesOf(
    'src/oidc/opening.ts',
    ['test/flow/ways-round-resume.test.ts', 'test/flow/double-click.test.ts'],
    [
      {
        why: 'Resuming early ends the attempt.',
        find: '      await endResumed(deps, ctx);\n',
        replace: '',
      },
      {
        why: 'A resume address ends only the request of the browser that opened it.',
        find: "ctx.cookies.get(ctx.oidc.provider.cookieName('resume'), { signed: true });",
        replace: "ctx.path.split('/').at(-1);",
        tests: ['test/flow/ways-round-resume.test.ts', 'test/flow/double-click.test.ts', 'test/flow/cancelled.test.ts'],
      },
    ],
  ),
  ...linesOf(
    'src/oidc/grants.ts',
    ['test/flow/consent.test.ts'],
    [
      {
        why: 'A grant of somebody else is never taken over.',
        find: 'found?.accountId === key.accountId && found.clientId === key.clientId ? found',
        replace: 'found ? found',
        tests: ['test/unit/grants.test.ts'],
      },
      {
        why: 'What another person agreed to is not granted to this one.',
        find: 'if (agreed?.accountId === key.accountId)',
        replace: 'if (agreed)',
        tests: ['test/unit/grants.test.ts'],
      },
      {
        why: 'More scopes ask again.',
        find: '  if (!asked.every((scope) => scopes.includes(scope))) return undefined;\n',
        replace: '',
      },
      {
        why: 'A claim asked for by itself counts as its scope.',
        find: 'asked.includes(scope) || byClaim.includes(scope)',
        replace: 'asked.includes(scope)',
      },
    ],
  ),
  ...linesOf(
    'src/oidc/claims.ts',
    [sessionLife, parked],
    [
      {
        why: 'A disabled account is found nowhere.',
        find: 'return stored?.active ? known(',
        replace: 'return stored ? known(',
      },
    ],
  ),
];
