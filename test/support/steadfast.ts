import type { Browser } from './browser.ts';
import type { Person } from './person.ts';
import { codeForm, redeemRaw, type TokenAnswer } from './token-endpoint.ts';
import type { World } from './world.ts';

/** A sign-in that came to its tokens, whatever happened on the way. */
export interface Accepted {
  readonly person: Person;
  readonly browser: Browser;
  /** What was answered last: the tokens. */
  readonly answer: TokenAnswer;
  /** Every code that was typed, in order; the last of them was accepted. */
  readonly typed: readonly string[];
  /** What redeems each authorization code that came back; the last of them was redeemed. */
  readonly codes: readonly Readonly<Record<string, string>>[];
  /** How often 503 was answered, with whether it said when to try again. */
  readonly outages: readonly boolean[];
  /** How often it had to begin anew at the client. */
  readonly restarts: number;
}

const mostSteps = 60;

/**
 * Somebody who does what the pages say until they are in: the same again after a 503, the app's next code where one was
 * refused, back to the client where a sign-in has ended. Anything else that a page may answer is a fault.
 */
export async function signInSteadfastly(world: World, person: Person): Promise<Accepted> {
  const browser = world.browser();
  const typed: string[] = [];
  const codes: Readonly<Record<string, string>>[] = [];
  const outages: boolean[] = [];
  let refusals = 0;
  let restarts = -1;

  const begin = async () => {
    restarts += 1;
    await browser.authorize();
  };
  const noted = (status: number, headers: Headers | undefined) => {
    if (status === 503) outages.push(headers?.get('retry-after') === '5');
    return status === 503;
  };
  const prove = async () => {
    // From the oldest that is still good: so there are three to try before time must pass.
    const code = person.codeNow(Math.min(refusals - 1, 1));
    typed.push(code);
    await browser.submit({ code });
    if (browser.errors.includes('code_rejected')) refusals += 1;
  };
  const redeem = async (code: string) => {
    if (codes.at(-1)?.code !== code) codes.push(codeForm(browser));
    const answer = await redeemRaw(browser);
    if (noted(answer.status, answer.headers)) return undefined;
    if (answer.status === 200) return answer;
    // A code whose redemption was begun and never answered is spent: RFC 6749 section 4.1.2 leaves no second try.
    if (answer.body.error !== 'invalid_grant') throw new Error(JSON.stringify(answer.body));
    await begin();
    return undefined;
  };

  await begin();
  for (let step = 0; step < mostSteps; step += 1) {
    const { code } = browser;
    if (code) {
      const answer = await redeem(code);
      if (answer) return { person, browser, answer, typed, codes, outages, restarts };
    } else if (noted(browser.status, browser.response?.headers)) {
      const interaction = /^\/interaction\/[\w-]+/.exec(browser.url.pathname)?.[0];
      await browser.visit(interaction ?? browser.url);
    } else if (browser.stage === 'sign-in')
      await browser.submit({ identifier: person.email, password: person.password });
    else if (browser.stage === 'totp') await prove();
    else if (browser.page.code === 'sign_in_ended') await begin();
    else throw new Error(`stuck at ${browser.stage} ${browser.status} ${browser.url.pathname} ${browser.text}`);
  }
  throw new Error(`not in after ${mostSteps} steps`);
}
