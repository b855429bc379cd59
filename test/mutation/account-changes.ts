import { linesOf } from './mutation.ts';

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
];
