import { linesOf } from './mutation.ts';

const totp = 'test/unit/totp.test.ts';
const enrolment = 'test/unit/totp-enrolment.test.ts';

export const factors = [
  ...linesOf(
    'src/factors/totp.ts',
    [totp],
    [
      {
        why: 'A code is accepted only once its step is spent.',
        find: 'return spent ? accepted(factor.id, now) : raced;',
        replace: 'return spent !== undefined ? accepted(factor.id, now) : raced;',
      },
      {
        why: 'The step that matched is spent, not the running one.',
        find: 'factorId: factor.id, step, now });',
        replace: 'factorId: factor.id, step: Math.floor(now.getTime() / 30_000), now });',
      },
      {
        why: 'Only a step greater than the last one matches.',
        find: '...(after < 0 ? {} : { afterTimeStep: after }),',
        replace: '',
      },
      {
        why: 'A clock that was set back accepts nothing, and does not throw.',
        find: '  if (after > Math.floor(epoch / periodSeconds)) return undefined;\n',
        replace: '',
      },
      {
        why: 'A code is good for one step on either side and no more.',
        find: 'epochTolerance: question.toleranceSeconds ?? periodSeconds,',
        replace: 'epochTolerance: question.toleranceSeconds ?? 2 * periodSeconds,',
      },
      {
        why: 'A secret copied to another account or factor cannot be opened.',
        find: 'return `account:$',
        replace: "return accountId.slice(0, 0).concat('secret') || `account:$",
      },
      {
        why: 'A factor that is gone is proved no more.',
        find: 'const factor = enrolled(account).find(({ id }) => id === offer.id);',
        replace: 'const factor = enrolled(account)[0];',
      },
      {
        why: 'A secret has 160 bits.',
        find: 'const secretBytes = 20;',
        replace: 'const secretBytes = 16;',
        tests: [enrolment],
      },
      {
        why: 'A pending secret lives ten minutes.',
        find: 'const pendingMilliseconds = 10 * 60_000;',
        replace: 'const pendingMilliseconds = 60 * 60_000;',
        tests: [enrolment],
      },
      {
        why: 'The factor itself refuses an enrolment after its end.',
        find: 'if (pending.kind !== kind || pending.expiresAt <= at) return rejected;',
        replace: 'if (pending.kind !== kind) return rejected;',
        tests: [enrolment],
      },
      {
        why: 'The confirming step is spent with the enrolment.',
        find: 'lastStep: step, createdAt: at',
        replace: 'lastStep: 0, createdAt: at',
        tests: [enrolment],
      },
      {
        why: 'An enrolment counts only where the store added it.',
        find: '? accepted(id, at) : rejected;',
        replace: '? accepted(id, at) : accepted(id, at);',
        tests: [enrolment],
      },
    ],
  ),
  ...linesOf(
    'src/factors/delivered-code.ts',
    ['test/unit/delivered-code.test.ts'],
    [
      {
        why: 'A delivered code is accepted only once it is spent.',
        find: '      if (!(await deps.spends.spend({ flowId: flow.id, hash: sent.hash, now }))) return raced;\n',
        replace: '',
      },
      {
        why: 'A delivered code is accepted only where the account holds its factor.',
        find: 'return (await deps.spends.used(use)) ? accepted(which, id, now) : rejected;',
        replace: 'return use.now ? accepted(which, id, now) : rejected;',
      },
      {
        why: 'A delivered code is the one that was sent.',
        find: '      if (!(await deps.codes.matches(flow, sent, code))) return rejected;\n      const now',
        replace: '      const now',
      },
      {
        why: 'A destination becomes a factor only once a code that was sent there came back.',
        find: '        if (verdict) return verdict;\n',
        replace: '',
      },
      {
        why: 'A code sent for one purpose is worth nothing for the other.',
        find: 'return deliveredCode.purpose === purpose && deliveredCode.factorId',
        replace: 'return deliveredCode.factorId',
      },
      {
        why: 'A delivered code is over at its end.',
        find: 'if (!deliveredCode || deliveredCode.expiresAt <= now) return undefined;',
        replace: 'if (!deliveredCode) return undefined;',
      },
      {
        why: 'A code that went to what was the factor’s destination then proves nothing about the new one.',
        find: ' || sent.courier !== courier || sent.destination !== factor.destination) return rejected;',
        replace: ') return rejected;',
      },
      {
        why: 'A code that was sent to one address sets up no other.',
        find: ' || sent.destination !== destination) return rejected;',
        replace: ') return rejected;',
      },
      {
        why: 'Only the mailbox of the account itself counts as proved in this flow.',
        find: 'destination === account.email && flow.proofs',
        replace: 'flow.proofs',
      },
    ],
  ),
  ...linesOf(
    'src/factors/recovery-codes.ts',
    ['test/flow/stronger-proof.test.ts'],
    [
      {
        why: 'A recovery code proves no more than what its set was made by.',
        find: 'account.recovery?.level ?? unmarked(account);',
        replace: "account.recovery?.level === undefined ? unmarked(account) : '2fa';",
      },
      {
        why: 'A recovery code of a set without a level proves the least that is set up.',
        find: 'account.recovery?.level ?? unmarked(account);',
        replace: "account.recovery?.level ?? '2fa';",
      },
    ],
  ),
];
