import { request } from 'node:https';
import type { TestContext } from 'node:test';
import { Browser } from './browser.ts';
import { chooseFront, type Nginx, startNginx } from './nginx.ts';
import { type RelyingParty, relyingParty } from './relying-party.ts';
import type { RawAnswer, RawRequest } from './served-app.ts';
import { startWorld, type World, type WorldOptions } from './world.ts';

/** A world that everybody reaches through nginx: https outside, http inside, one trusted proxy unless the settings say otherwise. */
export interface FrontedWorld extends World {
  readonly nginx: Nginx;
  ask(asked: RawRequest & { readonly from?: string }): Promise<RawAnswer>;
}

export async function startFrontedWorld(t: TestContext, options: WorldOptions = {}): Promise<FrontedWorld> {
  const front = await chooseFront();
  const issuer = front.origin;
  const world = await startWorld(t, { ...options, settings: { issuer, trustedProxies: 1, ...options.settings } });
  const nginx = await startNginx(t, front, world.origin);
  const party = (clientId: string): RelyingParty => relyingParty({ issuer, settings: world.party(clientId).settings });
  return {
    ...world,
    nginx,
    origin: issuer,
    client: party('app'),
    party,
    browser: (given) => new Browser({ issuer, party: party('app'), ...given }),
    ask: (asked) => askTls(front.port, asked),
  };
}

/** One request exactly as given; `from` is the address that nginx sees. */
function askTls(
  port: number,
  { method = 'GET', target = '/', headers = {}, body, from = '127.0.0.1' }: RawRequest & { readonly from?: string },
): Promise<RawAnswer> {
  const to = { host: '127.0.0.1', servername: 'localhost', port, localAddress: from, agent: false };
  return new Promise((resolve, reject) => {
    const asking = request({ ...to, method, path: target, headers }, async (answer) => {
      const chunks = await answer.toArray().catch(reject);
      if (!chunks) return;
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(chunks).toString() });
    });
    asking.on('error', reject);
    asking.end(body);
  });
}
