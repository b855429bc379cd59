import { linesOf } from './mutation.ts';

const ways = 'test/flow/account-ways.test.ts';
const guarded = 'test/flow/account-ways-guarded.test.ts';
const recovery = 'test/flow/account-recovery.test.ts';
const changes = 'test/contract/factor-changes.test.ts';

/** What a signed-in person changes of what is set up. */
export const accountChanges = [
  ...linesOf(
    'src/storage/factor-changes.ts',
    [changes],
    [
      {
        why: 'A factor is renamed on an active account alone.',
        find: "active: true, sessionVersion, ...held },\n        { $set: { 'factors",
        replace: "sessionVersion, ...held },\n        { $set: { 'factors",
      },
      {
        why: 'A factor is renamed only as it was read.',
        find: " sessionVersion, ...held },\n        { $set: { 'factors",
        replace: " ...held },\n        { $set: { 'factors",
      },
      {
        why: 'A way that was set up since the proof was judged stops what is done by a weaker one.',
        find: '{ $elemMatch: { kind: { $nin: kinds } } }',
        replace: '{ $elemMatch: { kind: { $in: kinds.slice(0, 0) } } }',
      },
      {
        why: 'Two-step sign-in is switched off only beside the ways that were read.',
        find: '{ ...unlessOff, ...withoutOtherKinds(kinds) }',
        replace: 'unlessOff',
      },
      {
        why: 'A factor is preferred on an active account alone.',
        find: 'active: true, sessionVersion, ...held },\n        { $set: { preferred',
        replace: 'sessionVersion, ...held },\n        { $set: { preferred',
      },
      {
        why: 'Only a factor of this very account is preferred.',
        find: ', ...held },\n        { $set: { preferred',
        replace: ', ...(held ? {} : held) },\n        { $set: { preferred',
      },
      {
        why: 'A factor is removed from an active account alone.',
        find: 'active: true, sessionVersion, $and',
        replace: 'sessionVersion, $and',
      },
      {
        why: 'A factor is removed only as it was read.',
        find: ' sessionVersion, $and',
        replace: ' $and',
      },
      {
        why: 'Only a factor of this very account is removed.',
        find: '$and: beside === undefined ? [held] :',
        replace: '$and: beside === undefined ? [{ active: true }] :',
      },
      {
        why: 'The last factor is not removed where one has to stay.',
        find: ': [held, another] }',
        replace: ': another === undefined ? [] : [held] }',
      },
      {
        why: 'One that nobody can be asked for does not count as the one that stays.',
        find: ', kind: { $in: beside } }',
        replace: ', kind: { $nin: beside === undefined ? [] : [""] } }',
      },
      {
        why: 'A removal ends sign-ins elsewhere.',
        find: "{ $add: ['$sessionVersion', sessionVersion] }",
        replace: "{ $add: ['$sessionVersion', 0 * sessionVersion] }",
      },
      {
        why: 'A removal ends remembered devices.',
        find: "{ $add: ['$securityVersion', securityVersion] }",
        replace: "{ $add: ['$securityVersion', 0 * securityVersion] }",
      },
      {
        why: 'Recovery codes go with the last factor.',
        find: "unlessLast('$recovery')",
        replace: "'$recovery'",
      },
      {
        why: 'What was switched off does not outlive the last factor: the next one is asked for.',
        find: "unlessLast('$twoStepOff')",
        replace: "'$twoStepOff'",
      },
      {
        why: 'Two-step sign-in is switched on an active account alone.',
        find: 'active: true, sessionVersion, ...before',
        replace: 'sessionVersion, ...before',
      },
      {
        why: 'Two-step sign-in is switched only as the account was read.',
        find: ' sessionVersion, ...before',
        replace: ' ...before',
      },
      {
        why: 'Two-step sign-in is switched off only where there is something to switch on again.',
        find: ', factors: { $ne: [] } }',
        replace: ' }',
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/change-ways.ts',
    [ways],
    [
      {
        why: 'Whoever may not be without a second step is told so before anything is tried.',
        find: "    if (isNeeded(account, factorId)) return 'needed';\n",
        replace: '',
      },
      {
        why: 'The store is told that one has to stay.',
        find: 'demands(deps.policy, account) ? { beside: kinds } : {}',
        replace: 'demands(deps.policy, account) ? {} : {}',
        secondGuardOf: 'A factor is removed only as it was read.',
        tests: [guarded],
      },
      {
        why: 'Nobody switches off what the policy demands.',
        find: "    if (now === 'needed') return 'needed';\n",
        replace: '',
      },
      {
        why: 'The session that removed a way goes on.',
        find: '{ ...deed, origin, keep: { session: session.id } }',
        replace: '{ ...deed, origin, keep: session ? {} : {} }',
      },
      {
        why: 'The session that switched two-step sign-in goes on.',
        find: 'account: switched, origin, keep: { session: session.id }',
        replace: 'account: switched, origin, keep: session ? {} : {}',
      },
    ],
  ),
  ...linesOf(
    'src/routes/account/way-pages.ts',
    [guarded],
    [
      {
        why: 'No way is removed without a fresh proof.',
        find: "path: removalPath,\n    proof: { change: 'remove_way' },\n    fields",
        replace: "path: removalPath,\n    proof: 'session',\n    fields",
      },
    ],
  ),
  ...linesOf(
    'src/routes/account/recovery.ts',
    [recovery],
    [
      {
        why: 'No recovery codes are made without a fresh proof.',
        find: "/new`,\n    proof: { change: 'make_codes' },",
        replace: "/new`,\n    proof: 'session',",
      },
      {
        why: 'New recovery codes are shown after a fresh proof alone.',
        find: "path,\n    proof: { change: 'make_codes' },\n    kept",
        replace: "path,\n    proof: 'session',\n    kept",
      },
      {
        why: 'The old recovery codes are replaced after a fresh proof alone.',
        find: "path,\n    proof: { change: 'make_codes' },\n    ...saving",
        replace: "path,\n    proof: 'session',\n    ...saving",
      },
    ],
  ),
  ...linesOf(
    'src/sign-in/renew-codes.ts',
    [recovery],
    [
      {
        why: 'Whoever has nothing set up gets no recovery codes.',
        find: 'recovery && account.factors.length > 0 ?',
        replace: 'recovery ?',
      },
      {
        why: 'Codes are said to be good only when they are the ones that are kept.',
        find: 'kept !== undefined && kept === form.set',
        replace: 'kept !== undefined',
      },
      {
        why: 'The codes that are saved are those that were shown.',
        find: 'pending && pending.salt === form.set)',
        replace: 'pending)',
      },
    ],
  ),
  ...linesOf(
    'src/routes/account/add-forms.ts',
    [recovery],
    [
      {
        why: 'Recovery codes that were begun otherwise are not saved where a way is added.',
        find: 'if (step && kindOf(step.attempt) !== adding.kind)',
        replace: "if (step && kindOf(step.attempt) === '')",
      },
    ],
  ),
];
