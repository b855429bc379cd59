import { linesOf } from './mutation.ts';

const entrance = 'test/flow/account-entrance.test.ts';
const proof = 'test/flow/account-proof.test.ts';
const goOn = 'test/flow/account-go-on.test.ts';
const sessions = 'test/flow/account-sessions.test.ts';
const stronger = 'test/flow/stronger-proof.test.ts';
const cells = 'test/unit/proof-changes.test.ts';
const endOthers = 'test/flow/account-end-others.test.ts';

/** What lets somebody into their own account's pages, and what they have to prove there. */
export const accountArea = [
  ...linesOf(
    'src/routes/account/area.ts',
    [sessions],
    [
      {
        why: 'Nobody is shown an account without a session.',
        find: '  if (!visit) return seeOther(ctx, area.way.toSignIn(ctx));\n',
        replace: '  if (!visit) throw new Error(area.way.toSignIn(ctx));\n',
        tests: [entrance],
      },
      {
        why: 'A form of the account area is bound to its session.',
        find: '  area.forgery.assert(ctx, formsOf(visit), input.forgery);\n',
        replace: '',
      },
      {
        why: 'A form that was opened by somebody else in this browser does nothing.',
        find: 'return `account:$',
        replace: "return session.id.slice(0, 0).concat('forms') || `account:$",
        tests: [sessions, proof],
      },
      {
        why: 'No form of the account area changes anything without a fresh proof.',
        find: '  const unproved = await proofMissing(area, ctx, { visit, guarded: post, to });\n',
        replace:
          '  const unproved = post.path === to ? await proofMissing(area, ctx, { visit, guarded: post, to }) : undefined;\n',
        tests: [proof],
      },
      {
        why: 'What waits for a proof is shown in the session that posted it alone.',
        find: 'path: `${session.id} ${path}` };',
        replace: 'path: `${session.id.slice(0, 0)} ${path}` };',
        tests: [goOn],
      },
    ],
  ),
  ...linesOf(
    'src/routes/account/go-on.ts',
    [goOn],
    [
      {
        why: 'What is no plain input (a code) never waits.',
        find: 'return fields.every((field) => kept.includes(field));',
        replace: 'return fields.every((field) => kept.includes(field) || field.length > 0);',
      },
    ],
  ),
  ...linesOf(
    'src/http/asked-proof.ts',
    [goOn],
    [
      {
        why: 'The words of a confirmation stand on the page of the request that the area made alone.',
        find: "read: (ctx: Context, state: string): Said => kept.read(ctx, { accountId: '', path: state }),",
        replace:
          "read: (ctx: Context, state: string): Said => kept.read(ctx, { accountId: '', path: state.slice(0, 0) }),",
        also: {
          find: "kept.keep(ctx, { accountId: '', path: state }, said)",
          replace: "kept.keep(ctx, { accountId: '', path: state.slice(0, 0) }, said)",
        },
      },
    ],
  ),
  ...linesOf(
    'src/routes/account/entrance.ts',
    [entrance],
    [
      {
        why: 'An answer of the library to nobody is never asked for again.',
        find: "    if (!visit) throw new Problem('account_stopped', 403, { clientId: client.clientId });\n",
        replace: '    if (!visit) return undefined;\n',
      },
      {
        why: 'A state leads to pages of the account area alone.',
        find: 'return to !== undefined && isPage(to) ? to : accountPath;',
        replace: 'return to !== undefined ? to : accountPath;',
        secondGuardOf: 'A state is made by us, for this browser.',
      },
    ],
  ),
  ...linesOf(
    'src/http/return-address.ts',
    [entrance],
    [
      {
        why: 'A state is made by us, for this browser.',
        find: 'return accounts.some((id) => cipher.matchesMac(mac, bound(browser, id, to), context)) ? to : undefined;',
        replace: 'return accounts.length > 0 && mac !== "" ? to : undefined;',
        secondGuardOf: 'A state leads to pages of the account area alone.',
      },
      {
        why: 'What binds a state to its browser is read by no script and sent by no other site.',
        find: "ctx.cookies.set(name, made, { signed: false, secure, httpOnly: true, sameSite: 'lax', path: '/', overwrite: true });",
        replace:
          "ctx.cookies.set(name, made, { signed: false, secure, httpOnly: false, sameSite: 'none', path: '/', overwrite: true });",
        tests: ['test/flow/cookies.test.ts'],
      },
    ],
  ),
  ...linesOf(
    'src/http/told-once.ts',
    [sessions],
    [
      {
        why: 'A status line is read only in the session that it was for.',
        tests: ['test/unit/told-once.test.ts'],
        find: 'const contextOf = (session: string) => `',
        replace: "const contextOf = (session: string) => session.slice(0, 0).concat('told') || `",
      },
      {
        why: 'A status line is read by no script and sent by no other site.',
        find: "const flags = { signed: false, secure, httpOnly: true, sameSite: 'lax', path",
        replace: "const flags = { signed: false, secure, httpOnly: false, sameSite: 'none', path",
        tests: ['test/flow/cookies.test.ts'],
      },
    ],
  ),
  ...linesOf(
    'src/http/kept-input.ts',
    ['test/unit/kept-input.test.ts'],
    [
      {
        why: 'What was typed comes back to its account on its page alone.',
        find: 'JSON.stringify([place.accountId, place.path])',
        replace: 'JSON.stringify([place.path.length > 0])',
      },
      {
        why: 'What was typed is kept for half an hour.',
        find: 'return kept.until > now().getTime() ? kept.input : {};',
        replace: 'return kept.until > 0 ? kept.input : {};',
      },
      {
        why: 'What a proof was asked for is said for half an hour.',
        find: 'return kept && kept.until > now().getTime() ? kept.input : {};',
        replace: 'return kept ? kept.input : {};',
      },
      {
        why: 'What was typed comes back once.',
        find: '      if (!kept) return {};\n      ctx.cookies.set(name, null, flags);\n',
        replace: '      if (!kept) return {};\n',
      },
      {
        why: 'What was typed is read by no script and sent by no other site.',
        find: "const flags = { signed: false, secure, httpOnly: true, sameSite: 'lax', path",
        replace: "const flags = { signed: false, secure, httpOnly: false, sameSite: 'none', path",
        tests: ['test/flow/cookies.test.ts'],
      },
    ],
  ),
  ...linesOf(
    'src/oidc/signed-in.ts',
    [entrance],
    [
      {
        why: 'The account area judges the session as the policy at /auth does.',
        find: 'const standing = account && (await standingOf(deps, session.uid, account));',
        replace:
          'const standing = account && { level: "2fa" as const, record: (await standingOf(deps, session.uid, account))?.record as SessionRecord };',
      },
      {
        why: 'A session of a password alone is none in the account area where a second factor is required.',
        find: '      if (!meets(standing.level, least)) return undefined;\n',
        replace: '',
      },
    ],
  ),
  ...linesOf(
    'src/oidc/own-client.ts',
    [entrance],
    [
      {
        why: 'What is proved anew is proved whatever the session holds.',
        find: "...(proveAgain ? { prompt: 'login', login_hint: proveAgain.loginHint } : {}),",
        replace: '...(proveAgain ? { login_hint: proveAgain.loginHint } : {}),',
        tests: [proof],
      },
      {
        why: 'No relying party is told of the response type that is ours.',
        find: "filter((type) => type !== 'none')",
        replace: "filter((type) => type !== '')",
        tests: ['test/flow/discovery.test.ts'],
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/fresh.ts',
    [proof],
    [
      {
        why: 'A proof is fresh for five minutes.',
        find: 'const freshMilliseconds = 5 * 60_000;',
        replace: 'const freshMilliseconds = 15 * 60_000;',
      },
      {
        why: 'Only proofs that are fresh themselves count.',
        find: 'proofs.filter(({ at }) => at.getTime() > since)',
        replace: 'proofs.some(({ at }) => at.getTime() > since) ? proofs : []',
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/proof-changes.ts',
    [stronger, cells],
    [
      {
        why: 'Whoever has a factor proves it before the way in is changed.',
        find: "account.factors.length > 0 ? '2fa-email' : '1fa'",
        replace: "account.factors.length > 0 ? '1fa' : '1fa'",
        tests: [cells, proof],
      },
      {
        why: 'What binds or removes a proof needs the strongest level that the account has set up.',
        find: 'return strongestEnrolled(kinds, account);',
        replace: "return account.factors.length > 0 ? '2fa-email' : '1fa';",
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/enrolled.ts',
    ['test/unit/enrolled.test.ts'],
    [
      {
        why: 'The strongest of what is set up is asked for.',
        find: '(strongest(levelsOf(kinds, account)) ?? leastFactor)',
        replace: '(weakest(levelsOf(kinds, account)) ?? leastFactor)',
      },
      {
        why: 'Codes without a level are worth the least of what is set up.',
        find: '(weakest(levelsOf(kinds, account)) ?? leastFactor)',
        replace: '(strongest(levelsOf(kinds, account)) ?? leastFactor)',
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/signed-in-elsewhere.ts',
    [sessions, entrance],
    [
      {
        why: 'A session that a change has ended is listed no more.',
        find: 'all.filter((session) => session.sessionVersion === sessionVersion)',
        replace: 'all.filter((session) => session.sessionVersion <= sessionVersion)',
      },
      {
        why: 'The session that ended the others goes on.',
        find: 'origin, keep: { session: session.id } });',
        replace: 'origin, keep: session ? {} : {} });',
        tests: [endOthers],
      },
    ],
  ),
  ...linesOf(
    'src/storage/session-versions.ts',
    [endOthers],
    [
      {
        why: '"Sign out everywhere else" raises the version of an active account alone.',
        find: 'active: true, sessionVersion }',
        replace: 'sessionVersion }',
      },
      {
        why: '"Sign out everywhere else" raises the version as it was read.',
        find: 'active: true, sessionVersion }',
        replace: 'active: true }',
      },
      {
        why: '"Sign out everywhere else" ends what is parked, too.',
        find: '{ $inc: raisesOf(change) }',
        replace: '{ $inc: { securityVersion: raisesOf(change).securityVersion } }',
      },
    ],
  ),
];
