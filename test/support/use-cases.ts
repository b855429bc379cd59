import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import type { Passwords } from '../../src/accounts/password.ts';
import { stillProved } from '../../src/accounts/still-proved.ts';
import { mailCourier } from '../../src/delivery/couriers.ts';
import { deliveredCodes } from '../../src/delivery/delivered-codes.ts';
import type { OutgoingMail } from '../../src/delivery/mailer.ts';
import { createCipher } from '../../src/platform/cipher.ts';
import { Problem } from '../../src/platform/problem.ts';
import { carryingOut } from '../../src/protection/carry-out.ts';
import type { Notice } from '../../src/protection/notices.ts';
import type { SendBudget } from '../../src/protection/send-budget.ts';
import { deviceSecrets } from '../../src/sign-in/device/device-secrets.ts';
import { currentOffer as asking, flowOf, offered } from '../../src/sign-in/factor/offers.ts';
import { next } from '../../src/sign-in/next.ts';
import type { Outcome, SignInStep } from '../../src/sign-in/outcome.ts';
import type { FactorPolicy } from '../../src/sign-in/policy/policy.ts';
import type { SignInRequest } from '../../src/sign-in/request.ts';
import { signIn } from '../../src/sign-in/sign-in.ts';
import { factorsOf } from '../../src/wiring/factors.ts';
import { asked } from './asked.ts';
import { memoryAccounts } from './fakes/accounts.ts';
import { memoryAttempts } from './fakes/attempts.ts';
import { memoryDevices } from './fakes/devices.ts';
import { legibleInteractions } from './fakes/interactions.ts';
import { memoryCounters, memoryEvents, memorySendBudget } from './fakes/protection.ts';
import { memoryConsents } from './fakes/sessions.ts';
import { signInAttempt } from './sign-in-attempt.ts';

export const begun = new Date('2030-01-01T00:00:10Z');
export const email = 'ada@example.com';
export const password = 'a walrus in the attic';

const config: Parameters<typeof factorsOf>[0]['config'] = {
  factors: { kinds: ['totp', 'email', 'recovery'] },
  rescue: { byMail: true },
  sms: { countries: [] },
  theme: { productName: 'Twofold' },
};

interface Options {
  readonly request?: Partial<SignInRequest>;
  readonly secondFactor?: FactorPolicy['secondFactor'];
}

/** Every use case of a sign-in over the fakes, at one attempt; a hash is legible, and so is a mail: its code. */
export async function useCases({ request = {}, secondFactor = 'required' }: Options = {}) {
  const clock = { now: begun };
  const now = () => clock.now;
  const [accounts, attempts, consents, events] = [memoryAccounts(), memoryAttempts(), memoryConsents(), memoryEvents()];
  const devices = memoryDevices();
  const cipher = createCipher([{ id: 1, key: Buffer.alloc(32, 7) }]);
  const [mails, notices, reported, hashed]: [OutgoingMail[], Notice[], unknown[], string[]] = [[], [], [], []];
  const post = { down: false, hangs: false };
  const queue = { full: false };
  const derive = async (secrets: readonly string[], salt: Buffer) => {
    if (queue.full) throw new Problem('busy', 503);
    return secrets.map((secret) => `${salt.toString('base64url')}:${secret}`);
  };
  const passwords: Passwords = {
    derive,
    async hash(typed) {
      if (queue.full) throw new Problem('busy', 503);
      return `new:${typed}`;
    },
    async verify(stored, typed) {
      const hash = await stored();
      hashed.push(hash ?? 'decoy');
      return hash?.replace(/^(new|old):/, '') === typed;
    },
    needsRehash: (hash) => hash.startsWith('old:'),
  };
  const letterbox = {
    async tell(notice: Notice) {
      notices.push(notice);
      if (post.hangs) await new Promise(() => {});
    },
  };
  const mail = mailCourier({
    mailer: {
      async send(sent) {
        if (post.down) throw new Error('no post');
        mails.push(sent);
      },
    },
    letters: {
      mail: async (view, facts) => ({ subject: view, text: String(facts.code), html: '' }),
      sms: ({ code }) => code,
    },
    places: { of: async () => undefined },
  });
  const codes = deliveredCodes({
    cipher,
    sendBudget: winnerLast(memorySendBudget(events)),
    couriers: { mail },
    digits: 6,
    now,
  });
  const spends = { spend: attempts.spendCode, used: accounts.codeUsed };
  const proving = factorsOf(
    { config, cipher, now },
    { ...accounts, timeSteps: accounts.totpSteps, codeSpends: spends, passwords },
    codes,
  );
  const { factors } = proving;
  const cases = signIn({
    ...proving,
    accounts,
    attempts,
    consents,
    events,
    now,
    passwords,
    guesses: accounts.secondFactorGuesses,
    addressLimits: { admit: async () => undefined, charge: async () => {} },
    putOffs: accounts.putOffs,
    interactions: legibleInteractions,
    devices,
    deviceSecrets: deviceSecrets({ cipher }),
    administrators: { write: async () => {} },
    counters: memoryCounters(),
    carryOut: carryingOut({
      sessions: { restamp: async () => {}, endOlder: async () => {} },
      grants: { endAll: async () => {} },
      pendingCodes: { endAll: async () => {} },
      tooWeak: { end: async () => {} },
      ...{ events, notices: letterbox, now },
    }),
    notices: letterbox,
    networkKey: (address) => `network ${address}`,
    placeKey: ({ address, browser }) => `${browser} at ${address}`,
    seenPlaces: { add: async () => undefined },
    rules: { minimum: 8, productName: 'Twofold' },
    report: (cause) => reported.push(cause),
  });
  const expiresAt = new Date(begun.getTime() + 60 * 60_000);
  await attempts.open({ id: 'attempt', clientId: 'app', expiresAt, asked, browserMark: 'here', interaction: 'begun' });
  let current = 'attempt';

  /** What a POST of this moment sees. */
  async function step(id = current): Promise<SignInStep> {
    const attempt = await signInAttempt(attempts, id, clock.now);
    const found = attempt.accountId === undefined ? undefined : await accounts.find(attempt.accountId);
    return {
      attempt,
      account: stillProved(found, attempt),
      request: { ...asked, clientId: 'app', firstParty: true, allowed: [], ...request },
      policy: { secondFactor, roles: [], skips: 0, registrationOpen: true },
      now: clock.now,
      origin: { requestId: 'request' },
      clientName: 'App',
    };
  }
  return {
    ...{
      factors,
      codes,
      spends,
      devices,
      cases,
      clock,
      accounts,
      attempts,
      consents,
      events,
      mails,
      notices,
      reported,
      hashed,
      post,
      queue,
      step,
    },
    stage: async () => next(await step()),
    /** Begins anew: all that follows is asked in this sign-in. */
    async begin(id: string, browserMark: string) {
      await attempts.open({
        id,
        clientId: 'app',
        expiresAt,
        asked,
        browserMark,
        interaction: 'begun',
      });
      current = id;
    },
    goBackTo(id: string) {
      current = id;
    },
    wait(seconds: number) {
      clock.now = new Date(clock.now.getTime() + seconds * 1000);
    },
    async ada(change: object = {}) {
      await accounts.create({ id: 'ada', email, username: 'ada', passwordHash: `new:${password}`, createdAt: begun });
      await accounts.change('ada', change);
    },
    /** What the page of the pending enrolment shows. */
    async secret() {
      const { account, attempt } = await step();
      const facts =
        account &&
        attempt.enrolment &&
        (await factors
          .find(({ kind }) => kind === 'totp')
          ?.enrolment?.facts(flowOf(attempt), account, attempt.enrolment));
      return String(facts?.secret ?? assert.fail('nothing is pending'));
    },
    stored: async () => (await accounts.find('ada')) ?? assert.fail('no account'),
    signIn: async (identifier = email, typed = password) =>
      cases.provePassword(await step(), { identifier, password: typed, stay: false }, undefined),
    register: async (form: object = {}) => cases.register(await step(), { email, password, ...form }),
    confirm: async (code: string) => cases.confirmMail(await step(), { code }),
    prove: async (code: string, way?: string) =>
      cases.proveFactor(await step(), { input: { code }, ...(way === undefined ? {} : { way }) }),
    sendAnother: async () => cases.sendAnother(await step()),
    /** What the page of the way that is asked shows, and the code that was mailed last. */
    async facts() {
      const { account, attempt, request } = await step();
      const way = account && asking(offered(factors, account, request.leastLevel), attempt.way);
      return way?.factor.facts(flowOf(attempt), way.offer);
    },
    mailed: () => mails.at(-1)?.text ?? 'none',
  };
}

/** The worst order that a race can have: who may send hears of it after all who may not. */
function winnerLast(budget: SendBudget): SendBudget {
  return {
    async take(send, now) {
      const taken = await budget.take(send, now);
      if (taken.allowed) await setImmediate();
      return taken;
    },
  };
}

/** The codes of the sentences, or that it went on. */
export function told(outcome: Outcome): string {
  return outcome.outcome === 'moved' ? 'moved' : outcome.errors.map(({ code }) => code).join(' ');
}
