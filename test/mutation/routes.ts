import { linesOf } from './mutation.ts';

const steps = 'test/flow/ways-round-steps.test.ts';
const resume = 'test/flow/ways-round-resume.test.ts';
const parked = 'test/flow/ways-round-parked.test.ts';

export const routes = [
  ...linesOf(
    'src/routes/visit.ts',
    ['test/flow/planted-cookies.test.ts'],
    [
      {
        why: 'No page and no form of a sign-in that began in another browser.',
        find: 'const own = attempt !== undefined && deps.marks.holds(ctx, attempt.browserMark);',
        replace: 'const own = attempt !== undefined;',
      },
    ],
  ),
  ...linesOf(
    'src/routes/sign-out.ts',
    ['test/flow/sign-out.test.ts'],
    [
      {
        why: 'A question whether to sign out that another site answers is led nowhere.',
        find: 'if (onwards === undefined || !isSameOrigin(ctx, origin)) return;',
        replace: 'if (onwards === undefined) return;',
      },
      {
        why: 'A POST that asks to sign out says no more than a GET may.',
        find: '.filter(([name]) => parameters.includes(name))',
        replace: '.filter(([name]) => name !== "")',
      },
    ],
  ),
  ...linesOf(
    'src/routes/resume.ts',
    ['test/flow/planted-cookies.test.ts'],
    [
      {
        why: 'Nothing is resumed in another browser.',
        find: '  if (attempt && marks.holds(ctx, attempt.browserMark)) return;\n',
        replace: '  if (attempt) return;\n',
      },
      {
        why: 'What is over here is resumed nowhere.',
        find: "  throw new Problem('sign_in_ended', 400, ",
        replace: "  if (attempt) new Problem('sign_in_ended', 400, ",
      },
      {
        why: 'Whatever stands in a resume address, the cookie is judged.',
        find: '(.+)$/i;',
        replace: '([\\w-]+)$/;',
      },
      {
        why: 'What is resumed is told by the cookie, as the library reads it.',
        find: 'const id = hashId(resumed ?? uid);',
        replace: 'const id = hashId(uid);',
      },
    ],
  ),
  ...linesOf(
    'src/routes/interaction.ts',
    [steps],
    [
      {
        why: 'A POST for a stage that is not the running one is not judged.',
        find: 'if (visit.step.attempt.finishedAt || passed) return seeOther(ctx, visit.base);',
        replace: 'if (visit.step.attempt.finishedAt && passed) return seeOther(ctx, visit.base);',
      },
      {
        why: 'Every form is judged for forgery.',
        find: '  deps.forgery.assert(ctx, visit.uid, input.forgery);\n',
        replace: '',
        tests: ['test/flow/ways-round-forgery.test.ts'],
      },
      {
        why: 'A form has no fields but its own.',
        find: "readInput(ctx, ['forgery', ...post.fields(visit)])",
        replace:
          "readInput(ctx, ['forgery', 'skip', 'mfa', 'level', 'acr', 'remember', 'time', 'secret', 'email', ...post.fields(visit)])",
        tests: [steps, 'test/flow/ways-round-code-forms.test.ts', 'test/flow/recipients.test.ts'],
      },
      {
        why: 'A cancelled sign-in stays cancelled.',
        find: '  if (attempt.refused) return leave(deps, ctx, interaction.finished ?? (await interaction.refuse()));\n',
        replace: '',
        tests: ['test/flow/cancelled.test.ts', 'test/flow/account-switch.test.ts'],
      },
      {
        why: 'What is over is over, whoever comes back.',
        find: '  if (!interaction) throw over(before) ?? ended;\n',
        replace: '  if (!interaction) return seeOther(ctx, visit.base);\n',
        tests: [resume, 'test/flow/tabs.test.ts', 'test/flow/double-click.test.ts', 'test/flow/mail-code.test.ts'],
      },
      {
        why: 'Complete, but its account changed: over, never round in circles.',
        find: '  if (!finished && attempt.finishedAt) throw ended;\n',
        replace: '',
        tests: [parked],
      },
      {
        why: 'Only the one whose write ended the attempt tells the library that it was cancelled.',
        find: '(await deps.refuse(visit.step)) ? await deps.interactions.find(ctx, visit.uid) : undefined;',
        replace:
          '((await deps.refuse(visit.step)) || visit.uid) ? await deps.interactions.find(ctx, visit.uid) : undefined;',
        tests: ['test/flow/cancelled.test.ts', 'test/flow/double-click.test.ts', 'test/flow/account-switch.test.ts'],
      },
      {
        why: 'No password is sent on by a redirect.',
        find: '  ctx.status = 303;\n',
        replace: '  ctx.status = 307;\n',
        tests: ['test/flow/password.test.ts'],
      },
    ],
  ),
  ...linesOf(
    'src/routes/visit.ts',
    [parked],
    [
      {
        why: 'An attempt is open only to the browser that holds its cookie.',
        find: 'const attempt = deps.interactions.holds(ctx, uid) ? await deps.attempts.find(id, deps.now()) : undefined;',
        replace: 'const attempt = await deps.attempts.find(id, deps.now());',
        tests: [resume],
      },
      {
        why: 'An account that was disabled or changed proves nothing any more.',
        find: 'return account?.active && account.sessionVersion === sessionVersion ? account : undefined;',
        replace: 'return account;',
      },
      {
        why: 'An account that changed since its password was proved proves nothing.',
        find: 'return account?.active && account.sessionVersion === sessionVersion ? account : undefined;',
        replace: 'return account?.active ? account : undefined;',
      },
      {
        why: 'A session that is dead by now names nobody.',
        find: 'const record = sessionId === undefined ? undefined : await deps.sessions.seen(sessionId, deps.now());\n  return record && ownAccount(deps, record);',
        replace: 'return ownAccount(deps, { sessionVersion: 0, ...(sessionId ? { accountId: sessionId } : {}) });',
        tests: ['test/flow/choose-account.test.ts', parked, 'test/flow/session-life.test.ts'],
      },
      {
        why: 'Nobody is asked to consent in the name of a session that has ended.',
        find: "const prompt = ofSession && !account && attempt.asked.prompt === 'consent' ? 'login' : promptOf(attempt);",
        replace: 'const prompt = promptOf(attempt);',
        tests: ['test/flow/choose-account.test.ts'],
      },
      {
        why: 'What was allowed before does not answer a client that asks for consent anew.',
        find: "if (stage !== 'consent' || !account || request.asksConsent)",
        replace: "if (stage !== 'consent' || !account)",
        tests: ['test/flow/consent.test.ts'],
        secondGuardOf: 'A client that asks for consent anew gets the page.',
      },
    ],
  ),
  ...linesOf(
    'src/routes/development/outbox.ts',
    ['test/flow/hosts.test.ts'],
    [
      {
        why: 'The outbox answers to its own Host: a page elsewhere would read the codes by DNS rebinding.',
        find: "    if (ctx.state.originalHost !== own) throw new Problem('misdirected', 421);\n",
        replace: '',
      },
    ],
  ),
  ...linesOf(
    'src/routes/sign-out.ts',
    ['test/flow/sign-out.test.ts'],
    [
      {
        why: 'A session that the library ended has no record any more.',
        find: '  await sessions.end(hashId(session.uid));\n',
        replace: '',
      },
    ],
  ),
  ...linesOf(
    'src/routes/sign-in/register.ts',
    ['test/flow/registration.test.ts'],
    [
      {
        why: 'A closed registration takes no form.',
        find: "        act: ({ step }, form) => {\n          if (!step.policy.registrationOpen) throw new Problem('closed', 403);\n",
        replace: '        act: ({ step }, form) => {\n',
      },
    ],
  ),
  ...linesOf(
    'src/routes/sign-in/username.ts',
    ['test/flow/address-limits.test.ts'],
    [
      {
        why: 'Taken usernames are told within what one address may try.',
        find: "        limit: 'username',\n",
        replace: '',
      },
    ],
  ),
  ...linesOf(
    'src/routes/sign-in/password.ts',
    ['test/flow/session-life.test.ts'],
    [
      {
        why: '"Stay signed in" does nothing where it is not offered.',
        find: 'stay: deps.staySeconds > 0 && (confirms ? confirms.stay === true : isTicked(stay))',
        replace: 'stay: confirms ? confirms.stay === true : isTicked(stay)',
      },
      {
        why: 'Nobody but who is signed in proves for a change.',
        find: 'const identifier = confirms ? confirms.email : typed;',
        replace: 'const identifier = typed ?? confirms?.email;',
        also: {
          find: "(step.request.confirms ? ['password'] : ['identifier', 'password', 'stay'])",
          replace: "(step.request.confirms ? ['identifier', 'password'] : ['identifier', 'password', 'stay'])",
        },
        tests: ['test/flow/account-proof.test.ts'],
      },
    ],
  ),
  ...linesOf(
    'src/routes/sign-in/consent.ts',
    ['test/flow/consent.test.ts'],
    [
      {
        why: 'Anything but allow and deny is no decision.',
        find: "if (decision === 'allow') return deps.allow(step);",
        replace: "if (decision !== 'deny') return deps.allow(step);",
      },
    ],
  ),
  ...linesOf(
    'src/wiring.ts',
    ['test/flow/headers.test.ts'],
    [
      {
        why: 'No outbox in production.',
        find: "letterbox && config.environment !== 'production'",
        replace: 'letterbox',
        tests: ['test/flow/hosts.test.ts'],
        secondGuardOf: 'Production sends its mails.',
      },
    ],
  ),
  ...linesOf(
    'src/routes/address-limit.ts',
    ['test/flow/address-limits.test.ts'],
    [
      {
        why: 'What no form of ours can send is charged.',
        find: '    await addressLimits.charge(limit, address);\n    throw error;',
        replace: '    throw error;',
      },
      {
        why: 'A foreign page charges nobody.',
        find: 'limit === undefined || !isOurs)',
        replace: 'limit === undefined)',
      },
      {
        why: 'An address that is to wait is told so.',
        find: '    if (until) throw tooManyTries(secondsUntil(until, now()));\n',
        replace: '',
      },
    ],
  ),
  ...linesOf(
    'src/routes/address-limit.ts',
    ['test/flow/address-charges.test.ts'],
    [
      {
        why: 'The last wrong code of a challenge counts for its address.',
        find: 'return outcome.failed === true;',
        replace: 'return false;',
      },
      {
        why: 'What was not judged counts for no address.',
        find: 'return outcome.failed === true;',
        replace: 'return !outcome.reached;',
      },
    ],
  ),
  ...linesOf(
    'src/app.ts',
    ['test/flow/hosts.test.ts'],
    [
      {
        why: 'Every request passes the own-host guard first.',
        find: '  app.use(ownHost({ issuer, trustedProxies: parts.trustedProxies }));\n',
        replace: '',
      },
      {
        why: 'Every answer is guarded by the security headers.',
        find: '  app.use(securityHeaders({ issuer }));\n',
        replace: '',
        tests: ['test/flow/headers.test.ts'],
      },
      {
        why: 'Every request has the one spelling of its address.',
        find: '  app.use(requestTarget());\n',
        replace: '',
        tests: ['test/flow/spellings.test.ts'],
      },
      {
        why: 'Our own addresses are in small letters where an id could stand, too.',
        find: 'new Router({ sensitive: true, strict: true })',
        replace: 'new Router()',
        tests: ['test/flow/spellings.test.ts'],
      },
    ],
  ),
];
