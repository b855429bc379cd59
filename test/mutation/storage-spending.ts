import { linesOf } from './mutation.ts';

const secondFactor = 'test/contract/second-factor.test.ts';
const sessions = 'test/contract/sessions.test.ts';
const protection = 'test/contract/protection.test.ts';

export const storageSpending = [
  ...linesOf(
    'src/storage/second-factor.ts',
    [secondFactor],
    [
      {
        why: 'A spent step and every one before it are never spent again.',
        find: "kind: 'totp', lastStep: { $lt: step }",
        replace: "kind: 'totp'",
      },
      {
        why: 'Only a step of this very factor is spent.',
        find: "$elemMatch: { id: factorId, kind: 'totp', lastStep",
        replace: "$elemMatch: { kind: 'totp', lastStep",
      },
      {
        why: 'A step is spent for an active account alone.',
        find: "active: true, factors: factor },\n        { $set: { 'factors.$.lastStep'",
        replace: "factors: factor },\n        { $set: { 'factors.$.lastStep'",
      },
      {
        why: 'A code that was refused for a clock that is off is never accepted later.',
        find: ', refusedSteps: { $ne: step } }',
        replace: ' }',
      },
      {
        why: 'The step that was spent is remembered.',
        find: "'factors.$.lastStep': step, ",
        replace: '',
      },
      {
        why: 'A delivered code is spent until its end.',
        find: "'deliveredCode.hash': hash, 'deliveredCode.expiresAt': { $gt: now } }",
        replace: "'deliveredCode.hash': hash }",
        tests: ['test/contract/delivered-code-spends.test.ts'],
      },
      {
        why: 'A delivered code is spent while it is the one that was sent last.',
        find: "{ _id: flowId, 'deliveredCode.hash': hash, ",
        replace: '{ _id: flowId, ',
        tests: ['test/contract/delivered-code-spends.test.ts'],
      },
      {
        why: 'A delivered code is spent once.',
        find: '{ $unset: { deliveredCode: 1 } }',
        replace: '{ $set: { stay: false } }',
        tests: ['test/contract/delivered-code-spends.test.ts'],
      },
      {
        why: 'A delivered code proves the factor of an active account alone.',
        find: '$elemMatch: { id: factorId, destination } };\n      const { modifiedCount } = await accounts.updateOne(\n        { _id: accountId, active: true, ',
        replace:
          '$elemMatch: { id: factorId, destination } };\n      const { modifiedCount } = await accounts.updateOne(\n        { _id: accountId, ',
        tests: ['test/contract/delivered-code-spends.test.ts'],
      },
      {
        why: 'A delivered code proves the destination that the factor has now.',
        find: '$elemMatch: { id: factorId, destination }',
        replace: '$elemMatch: { id: factorId }',
        tests: ['test/contract/delivered-code-spends.test.ts'],
      },
      {
        why: 'A first factor is added only where there is none.',
        find: 'active: true, sessionVersion, factors: { $size: 0 } }',
        replace: 'active: true, sessionVersion }',
      },
      {
        why: 'A first factor is added to an active account alone.',
        find: '_id: accountId, active: true, sessionVersion, factors: { $size: 0 } }',
        replace: '_id: accountId, sessionVersion, factors: { $size: 0 } }',
      },
      {
        why: 'A first factor is added only to the account as it was when its password was proved.',
        find: 'sessionVersion, factors: { $size: 0 } }',
        replace: 'factors: { $size: 0 } }',
        tests: [secondFactor, 'test/flow/ways-round-races.test.ts'],
      },
      {
        why: 'A guess is taken from an active account alone.',
        find: 'const filter = { _id: accountId, active: true };',
        replace: 'const filter = { _id: accountId };',
      },
      {
        why: 'No guess that another took since is given back.',
        find: "{ _id: accountId, 'guesses.secondFactor.failures': taken.failures },",
        replace: '{ _id: accountId },',
      },
      {
        why: 'An account that is gone or disabled has no guess to take.',
        find: "      if (!row) return { state: 'closed' };\n",
        replace: "      if (!row) return { state: 'taken', failures: 0 };\n",
      },
    ],
  ),
  ...linesOf(
    'src/storage/sessions.ts',
    [sessions],
    [
      {
        why: 'A record is over at its end.',
        find: '    expiresAt: { $gt: now },\n',
        replace: '',
      },
      {
        why: 'A record is over once nobody came for the idle time.',
        find: "$or: [{ idleSeconds: { $exists: false } }, { $expr: { $gt: ['$lastSeen', idleSince] } }],",
        replace: "$or: [{ idleSeconds: { $exists: false } }, { $expr: { $ne: ['$lastSeen', idleSince] } }],",
      },
      {
        why: 'Only the account’s own session is ended by its id.',
        find: 'sessions.deleteOne({ _id: id, accountId });',
        replace: 'sessions.deleteOne({ _id: id });',
      },
      {
        why: 'The session that made a change goes on from the version just before it.',
        find: 'sessionVersion: sessionVersion - 1 };',
        replace: 'sessionVersion: { $lt: sessionVersion } };',
        tests: ['test/contract/endings.test.ts'],
      },
      {
        why: 'Records of older versions are gone.',
        find: '      await sessions.deleteMany({ ...older, _id: ids });\n',
        replace: '',
        tests: ['test/contract/endings.test.ts'],
      },
      {
        why: 'Ending older sessions ends the library’s too.',
        find: '      await endLibrarySessions(db, { accountId, uidHash: ids }, now);\n',
        replace: '',
        tests: ['test/contract/endings.test.ts'],
      },
      {
        why: 'A slower request never sets back when a session was last seen.',
        find: '{ $max: { lastSeen: now } }',
        replace: '{ $set: { lastSeen: now } }',
      },
    ],
  ),
  ...linesOf(
    'src/storage/consents.ts',
    [sessions],
    [
      {
        why: 'No consent of the same moment is lost.',
        find: '$addToSet: { scopes: { $each: [...scopes] } }',
        replace: '$set: { scopes: [...scopes] }',
      },
    ],
  ),
  ...linesOf(
    'src/storage/events.ts',
    [protection],
    [
      {
        why: 'A field that no event has is refused, so that no secret slips in.',
        find: '  detail: String,\n});',
        replace: '  detail: String,\n  code: String,\n});',
      },
    ],
  ),
  ...linesOf(
    'src/storage/pending-codes.ts',
    ['test/contract/endings.test.ts'],
    [
      {
        why: 'A change of the account ends the codes that were sent.',
        find: "$set: { 'deliveredCode.expiresAt': now }, ",
        replace: '',
      },
      {
        why: 'Only a code that has not ended yet is ended.',
        find: "{ 'deliveredCode.accountId': accountId, 'deliveredCode.expiresAt': { $gt: now } };",
        replace: "{ 'deliveredCode.accountId': accountId };",
      },
      {
        why: 'No request in flight writes an ended code back.',
        find: ', $inc: { revision: 1 } }',
        replace: ' }',
      },
    ],
  ),
  ...linesOf(
    'src/storage/verifications.ts',
    ['test/contract/verifications.test.ts'],
    [
      {
        why: 'A verification of a service is found until its end.',
        find: 'exact({ _id: hashId(number), expiresAt: { $gt: now } })',
        replace: 'exact({ _id: hashId(number) })',
      },
      {
        why: 'A verification of a service is open until its end.',
        find: 'return exact({ reference, expiresAt: { $gt: now } });',
        replace: 'return exact({ reference });',
      },
      {
        why: 'A newer verification takes the place of the one that was seen and of no other.',
        find: 'exact({ _id: hashId(number), $or: replaceable })',
        replace: 'exact({ _id: hashId(number), $or: [...replaceable, { expiresAt: { $gt: now } }] })',
      },
      {
        why: 'A verification is spent by the one whose write removed it.',
        find: 'return deletedCount === 1;',
        replace: 'return deletedCount <= 1;',
      },
    ],
  ),
  ...linesOf(
    'src/storage/grants.ts',
    ['test/contract/endings.test.ts'],
    [
      {
        why: 'What clients hold in an account’s name ends with its grants.',
        find: '    await grants.deleteMany(exact(which));\n',
        replace: '',
      },
    ],
  ),
  ...linesOf(
    'src/storage/recovery-sets.ts',
    ['test/contract/recovery-sets.test.ts'],
    [
      {
        why: 'A recovery code is spent once.',
        find: "          $pull: { 'recovery.hashes': hash },\n",
        replace: '',
      },
      {
        why: 'A recovery code is one that is left.',
        find: ", 'recovery.hashes': hash },\n        {",
        replace: ' },\n        {',
      },
      {
        why: 'A recovery code is spent for an active account alone.',
        find: "{ _id: accountId, active: true, 'recovery.salt'",
        replace: "{ _id: accountId, 'recovery.salt'",
      },
      {
        why: 'A first set of recovery codes is kept only where there is none.',
        find: '{ recovery: { $exists: false } }',
        replace: '{}',
      },
      {
        why: 'Recovery codes are kept only while the account is as it was when it was proved.',
        find: '{ _id: accountId, active: true, sessionVersion, ...before }',
        replace: '{ _id: accountId, ...before }',
      },
    ],
  ),
  ...linesOf(
    'src/storage/put-offs.ts',
    ['test/contract/put-offs.test.ts'],
    [
      {
        why: 'Of several that put a first way off at once one is counted.',
        find: '{ enrolmentSkips: { $exists: false } } : { enrolmentSkips: before }',
        replace: '{} : {}',
      },
      {
        why: 'Only an active account without any factor puts one off.',
        find: '_id: accountId, active: true, factors: { $size: 0 }, ',
        replace: '_id: accountId, ',
      },
      {
        why: 'One sign-in puts it off once, however often it is pressed.',
        find: 'putOffIn: { $ne: attemptId }, ',
        replace: '',
      },
    ],
  ),
];
