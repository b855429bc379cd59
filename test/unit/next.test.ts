import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Account } from '../../src/accounts/account.ts';
import type { Level, Proof } from '../../src/factors/factor.ts';
import type { AccountChangeAttempt, SignInAttempt } from '../../src/sign-in/attempt.ts';
import { next, type SignInPosition, type SignInStage, type Stage } from '../../src/sign-in/next.ts';
import type { SignInRequest } from '../../src/sign-in/request.ts';
import { start, totp } from '../support/account-stores.ts';
import { asked } from '../support/asked.ts';
import { blank as bare } from '../support/totp-account.ts';

const password: Proof = { kind: 'password', amr: ['pwd'], level: '1fa', at: start };
const mailbox: Proof = { kind: 'mailbox', amr: [], level: '1fa', at: start };
const factor: Proof = { kind: 'totp', factorId: 'f1', amr: ['otp', 'mfa'], level: '2fa', at: start };
const registration = { email: 'ada@example.com', passwordHash: 'hash', known: false };

const attempts = {
  fresh: { proofs: [] },
  registering: { proofs: [], registration },
  'mail confirmed': { proofs: [], registration: { ...registration, confirmed: true } },
  password: { proofs: [password] },
  'password, mailbox': { proofs: [password, mailbox] },
  'password, factor': { proofs: [password, factor] },
  'password, 5 wrong': { proofs: [password], challenge: { tries: 5 } },
  'mailbox alone': { proofs: [mailbox] },
  'factor alone': { proofs: [factor] },
} satisfies Record<string, Partial<SignInAttempt>>;

/** 'nobody' is also whoever was disabled or changed since the password was proved: such an account never gets here. */
const accounts: Readonly<Record<string, Account | undefined>> = {
  nobody: undefined,
  'no factor': bare,
  enrolled: { ...bare, factors: [totp()] },
};

/** The level that the client asks for, beside what the installation asks for. */
const policies = {
  required: { secondFactor: 'required', leastLevel: '1fa' },
  'when enrolled': { secondFactor: 'when-enrolled', leastLevel: '1fa' },
  'when enrolled, 2fa asked': { secondFactor: 'when-enrolled', leastLevel: '2fa' },
} as const satisfies Record<string, { secondFactor: string; leastLevel: Level }>;

interface Case {
  readonly attempt: Partial<SignInAttempt>;
  readonly account: Account | undefined;
  readonly policy: (typeof policies)[keyof typeof policies];
  readonly open?: boolean;
  readonly request?: Partial<SignInRequest>;
}

function position({ attempt, account, policy, open = true, request = {} }: Case): SignInPosition {
  const scopes = ['openid', 'email'];
  return {
    attempt: {
      id: 'a',
      purpose: 'sign-in',
      browserMark: 'mark',
      revision: 0,
      clientId: 'app',
      expiresAt: start,
      asked,
      proofs: [],
      challenge: { tries: 0 },
      ...attempt,
    },
    account,
    request: {
      ...{ ...asked, clientId: 'app', firstParty: true, scopes, allowed: [] },
      leastLevel: policy.leastLevel,
      ...request,
    },
    policy: { secondFactor: policy.secondFactor, roles: [], skips: 0, registrationOpen: open },
    now: new Date('2030-01-01'),
  };
}

type Row = readonly [attempt: keyof typeof attempts, account: string, ...stages: (SignInStage | '=')[]];

/** Read across: what was done so far, whose account it is, and what comes next under each policy; '=' is as on its left. */
const table: readonly Row[] = [
  // done so far          account      required        when enrolled  when enrolled, 2fa asked
  ['fresh', 'nobody', 'sign-in', '=', '='],
  ['fresh', 'no factor', 'sign-in', '=', '='],
  ['fresh', 'enrolled', 'sign-in', '=', '='],
  ['registering', 'nobody', 'confirm-mail', '=', '='],
  ['registering', 'no factor', 'confirm-mail', '=', '='],
  ['registering', 'enrolled', 'confirm-mail', '=', '='],
  ['mail confirmed', 'nobody', 'username', '=', '='],
  ['mail confirmed', 'no factor', 'username', '=', '='],
  ['mail confirmed', 'enrolled', 'username', '=', '='],
  ['password', 'nobody', 'sign-in', '=', '='],
  ['password', 'no factor', 'confirm-mail', 'finish', 'confirm-mail'],
  ['password', 'enrolled', 'factor', '=', '='],
  ['password, mailbox', 'nobody', 'sign-in', '=', '='],
  ['password, mailbox', 'no factor', 'enrol', 'finish', 'enrol'],
  ['password, mailbox', 'enrolled', 'factor', '=', '='],
  ['password, factor', 'nobody', 'sign-in', '=', '='],
  ['password, factor', 'no factor', 'finish', '=', '='],
  ['password, factor', 'enrolled', 'finish', '=', '='],
  ['password, 5 wrong', 'nobody', 'sign-in', '=', '='],
  ['password, 5 wrong', 'no factor', 'sign-in', '=', '='],
  ['password, 5 wrong', 'enrolled', 'sign-in', '=', '='],
  ['mailbox alone', 'nobody', 'sign-in', '=', '='],
  ['mailbox alone', 'no factor', 'sign-in', '=', '='],
  ['mailbox alone', 'enrolled', 'sign-in', '=', '='],
  ['factor alone', 'nobody', 'sign-in', '=', '='],
  ['factor alone', 'no factor', 'sign-in', '=', '='],
  ['factor alone', 'enrolled', 'sign-in', '=', '='],
];

const cells = table.flatMap(([done, who, ...stages]) =>
  Object.entries(policies).map(([name, policy], column) => {
    const stage = stages.slice(0, column + 1).findLast((one): one is SignInStage => one !== '=') ?? assert.fail();
    return { name: `${done}; ${who}; ${name}`, attempt: attempts[done], account: accounts[who], policy, stage };
  }),
);

const change: AccountChangeAttempt = {
  id: 'a',
  purpose: 'change',
  sessionId: 'session',
  revision: 0,
  clientId: 'own',
  expiresAt: start,
  proofs: [],
  challenge: { tries: 0 },
};
const enrolment = { factorId: 'new', kind: 'totp', expiresAt: start };
const changes: readonly (readonly [string, AccountChangeAttempt, Account | undefined, Stage])[] = [
  ['nothing pending', change, accounts.enrolled, 'over'],
  ['whatever was proved', { ...change, proofs: [password, mailbox, factor] }, accounts.enrolled, 'over'],
  ['a further way', { ...change, enrolment }, accounts.enrolled, 'enrol'],
  ['a first way', { ...change, enrolment }, bare, 'confirm-mail'],
  ['a first way, mailbox', { ...change, proofs: [mailbox], enrolment }, bare, 'enrol'],
  ['a way that is added', { ...change, enrolment: { ...enrolment, factorId: 'f1' } }, accounts.enrolled, 'over'],
  ['codes', { ...change, recovery: { salt: 's', sealedCodes: 'c' } }, accounts.enrolled, 'recovery-codes'],
  ['codes of nobody', { ...change, recovery: { salt: 's', sealedCodes: 'c' } }, undefined, 'over'],
  ['a way of nobody', { ...change, enrolment }, undefined, 'over'],
];

for (const [name, attempt, account, stage] of changes) {
  test(`an account change with ${name} never ends in a sign-in: ${stage} [check 33]`, () => {
    assert.equal(next({ attempt, account, now: start }), stage);
  });
}

suite('what comes next, whatever was done before [check 77]', () => {
  test('the table holds every combination once', () => {
    const all = Object.keys(attempts).length * Object.keys(accounts).length * Object.keys(policies).length;
    assert.equal(new Set(cells.map(({ name }) => name)).size, all);
  });

  for (const { name, stage, ...given } of cells) {
    test(`${name}: ${stage}`, () => assert.equal(next(position(given)), stage));
  }

  test('prompt=create shows the registration form where the password would be asked, if registration is open', () => {
    for (const { name, stage, ...given } of cells) {
      const request = { prompt: 'create' } as const;
      // Five wrong codes ask for the password again; nobody who proved one is offered a new account.
      const spent = given.attempt === attempts['password, 5 wrong'] && given.account;
      const form = stage === 'sign-in' && !spent ? 'register' : stage;
      assert.equal(next(position({ ...given, request })), form, name);
      assert.equal(next(position({ ...given, request, open: false })), stage, name);
    }
  });

  test('prompt=select_account with a session asks whether to go on with it, before anything else', () => {
    const request = { prompt: 'select_account', sessionAccountId: 'ada' } as const;
    for (const { name, stage, attempt, ...given } of cells) {
      const chosen = (choice?: 'continue' | 'other') =>
        next(position({ ...given, attempt: choice ? { ...attempt, chosen: choice } : attempt, request }));
      assert.equal(chosen(), 'signed-in-as', name);
      assert.equal(chosen('continue'), 'finish', name);
      assert.equal(chosen('other'), stage, name);
    }
  });

  test('prompt=select_account without a session is a sign-in', () => {
    const request = { prompt: 'select_account' } as const;
    for (const { name, stage, ...given } of cells) assert.equal(next(position({ ...given, request })), stage, name);
  });
});

const scopes = ['openid', 'email'];
/** What the client is and was allowed, and whether the consent page stands before the end. */
const consents: readonly (readonly [string, Partial<SignInRequest>, boolean])[] = [
  ['a first-party client', {}, false],
  ['a first-party client that asks for the page', { asksConsent: true }, false],
  ['a client that was allowed nothing', { firstParty: false }, true],
  ['a client that was allowed less', { firstParty: false, allowed: ['openid'] }, true],
  ['a client that was allowed this', { firstParty: false, allowed: scopes }, false],
  ['a client that was allowed more', { firstParty: false, allowed: [...scopes, 'profile'] }, false],
  ['a client that was allowed this and asks again', { firstParty: false, allowed: scopes, asksConsent: true }, true],
];

suite('consent comes last', () => {
  for (const [name, request, asked] of consents) {
    test(`${name}: ${asked ? 'the page' : 'no page'}`, () => {
      for (const { name: cell, stage, ...given } of cells) {
        const shown = stage === 'finish' && asked ? 'consent' : stage;
        assert.equal(next(position({ ...given, request })), shown, cell);
        const consent = { ...given.attempt, consent: scopes };
        assert.equal(next(position({ ...given, attempt: consent, request })), stage, `${cell}, allowed now`);
        const only = { ...request, prompt: 'consent' } as const;
        assert.equal(next(position({ ...given, request: only })), asked ? 'consent' : 'finish', `${cell}, by session`);
      }
    });
  }
});
