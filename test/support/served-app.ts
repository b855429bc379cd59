import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import Koa, { type Middleware } from 'koa';

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

export interface RawRequest {
  readonly method?: string;
  /** The request target exactly as it goes over the wire. */
  readonly target?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
  /** The headers go out, and no body ever does. */
  readonly unsent?: true;
}

export interface ServedApp {
  readonly origin: string;
  /** One request as it stands, Host and all: fetch would mend what an attacker breaks. */
  ask(asked?: RawRequest): Promise<RawAnswer>;
}

/** A Koa application of the given middlewares, set up as main.ts sets it up, on a port of its own until the test ends. */
export async function serveApp(
  t: TestContext,
  middlewares: readonly Middleware[],
  trustedProxies = 0,
): Promise<ServedApp> {
  const app = new Koa({ proxy: true, maxIpsCount: trustedProxies });
  app.silent = true;
  for (const middleware of middlewares) app.use(middleware);
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    // A request that was never answered, too: it would keep the process for ever.
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, ask: (asked = {}) => askRaw(port, asked) };
}

export function askRaw(
  port: number,
  { method = 'GET', target = '/', headers = {}, body, unsent }: RawRequest,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port, method, path: target, headers, agent: false }, async (answer) => {
      const chunks = await answer.toArray().catch(reject);
      if (unsent) asking.destroy();
      if (!chunks) return;
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(chunks).toString() });
    });
    asking.on('error', reject);
    if (unsent) asking.flushHeaders();
    else asking.end(body);
  });
}
