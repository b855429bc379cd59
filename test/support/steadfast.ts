import { randomDigits } from '../../src/platform/random.ts';
import type { Browser } from './browser.ts';
import { codeOf, type Person } from './person.ts';
import { goodPassword, mailsTo } from './registration.ts';
import { codeForm, redeemRaw, type TokenAnswer } from './token-endpoint.ts';
import type { World } from './world.ts';

/** A sign-in that came to its tokens, whatever happened on the way. */
export interface Accepted {
  readonly who: { readonly email: string; readonly password: string };
  readonly browser: Browser;
  /** What was answered last: the tokens. */
  readonly answer: TokenAnswer;
  /** Every code of the app that was typed, in order; the last of them was accepted. */
  readonly typed: readonly string[];
  /** What redeems each authorization code that came back; the last of them was redeemed. */
  readonly codes: readonly Readonly<Record<string, string>>[];
  /** How often 503 was answered, with whether it said when to try again. */
  readonly outages: readonly boolean[];
  /** How often it had to begin anew at the client. */
  readonly restarts: number;
}

const mostSteps = 100;

/**
 * Somebody who does what the pages say until they are in: the same again after a 503, the app's next code where one was
 * refused, back to the client where a sign-in has ended. Anything else that a page may answer is a fault.
 */
export function signInSteadfastly(world: World, person: Person): Promise<Accepted> {
  const browser = world.browser();
  const app = authenticator(browser, () => person.secret);
  return persist(browser, person, app.typed, {
    'sign-in': () => browser.submit({ identifier: person.email, password: person.password }),
    totp: app.prove,
  });
}

/** The same for somebody who is new here and waits a minute for another mail where one did not come. */
export function registerSteadfastly(world: World, email: string): Promise<Accepted> {
  const browser = world.browser();
  const who = { email, password: goodPassword };
  let secret = '';
  let read = 0;
  let registered = false;
  const app = authenticator(browser, () => secret);
  const readMail = async () => {
    if (mailsTo(world, email) === read) {
      world.travel(61);
      return browser.press('send');
    }
    read = mailsTo(world, email);
    const code = world.codeMailedTo(email);
    registered = true;
    // A mail without a code says that there is an account already.
    return code === 'no code' ? browser.press('restart') : browser.submit({ code });
  };
  return persist(browser, who, app.typed, {
    'sign-in': () =>
      registered && browser.errors.length === 0
        ? browser.submit({ identifier: email, password: who.password })
        : browser.press('register'),
    register: () => browser.submit(who),
    'confirm-mail': readMail,
    // Asked once more where the account was to be made: by then somebody else may have any name that was thought of here.
    username: () => browser.submit({ username: `grace${randomDigits(8)}` }),
    'enrol-totp': () => {
      secret = String(browser.page.facts.secret);
      return app.prove();
    },
    totp: app.prove,
  });
}

function authenticator(browser: Browser, secret: () => string) {
  const typed: string[] = [];
  let errors = 0;
  return {
    typed,
    async prove() {
      // From the oldest that is still good: so there are three to try before time must pass.
      const code = codeOf(secret(), Math.min(errors - 1, 1));
      typed.push(code);
      await browser.submit({ code });
      if (browser.errors.includes('code_rejected')) errors += 1;
    },
  };
}

type Ways = Readonly<Record<string, () => Promise<unknown>>>;

async function persist(browser: Browser, who: Accepted['who'], typed: string[], ways: Ways): Promise<Accepted> {
  const codes: Readonly<Record<string, string>>[] = [];
  const outages: boolean[] = [];
  let restarts = 0;
  const again = () => {
    restarts += 1;
    return browser.authorize();
  };
  const isOutage = (status: number, headers: Headers | undefined) => {
    if (status === 503) outages.push(headers?.get('retry-after') === '5');
    return status === 503;
  };
  const redeem = async () => {
    if (codes.at(-1)?.code !== browser.code) codes.push(codeForm(browser));
    const answer = await redeemRaw(browser);
    if (answer.status === 200 || isOutage(answer.status, answer.headers)) return answer;
    // A code whose redemption was begun and never answered is spent: RFC 6749 section 4.1.2 leaves no second try.
    if (answer.body.error !== 'invalid_grant') throw new Error(JSON.stringify(answer.body));
    await again();
    return answer;
  };

  await browser.authorize();
  for (let step = 0; step < mostSteps; step += 1) {
    const way = ways[browser.stage ?? ''];
    if (browser.code) {
      const answer = await redeem();
      if (answer.status === 200) return { who, browser, answer, typed, codes, outages, restarts };
    } else if (isOutage(browser.status, browser.response?.headers)) {
      await browser.visit(/^\/interaction\/[\w-]+/.exec(browser.url.pathname)?.[0] ?? browser.url);
    } else if (browser.page.code === 'sign_in_ended') await again();
    else if (way) await way();
    else throw new Error(`stuck at ${browser.stage} ${browser.status} ${browser.url.pathname} ${browser.text}`);
  }
  throw new Error(`not in after ${mostSteps} steps, but at ${browser.stage} ${browser.status} ${browser.text}`);
}
