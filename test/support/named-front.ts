import { createServer as plainServer, type RequestListener, request, type Server } from 'node:http';
import { createServer as tlsServer } from 'node:https';
import { generate } from 'selfsigned';
import { freePort } from './free-port.ts';
import type { Ending } from './nginx.ts';

/** What answers under names that only the Chromium of the tests knows (`*.example.test`), all on one port of loopback. */
export interface NamedFront {
  readonly protocol: 'http' | 'https';
  readonly port: number;
  origin(name: string): string;
  /** Passes everything under this name on, Host included. */
  lead(name: string, upstream: string): void;
  answer(name: string, listener: RequestListener): void;
}

export async function startNamedFront(t: Ending, protocol: 'http' | 'https' = 'https'): Promise<NamedFront> {
  const port = await freePort();
  const listeners = new Map<string, RequestListener>();
  const listener: RequestListener = (asked, answer) => {
    const found = listeners.get(asked.headers.host ?? '');
    if (found) found(asked, answer);
    else answer.writeHead(404).end();
  };
  await listen(t, await serverOf(protocol, listener), port);
  const hostOf = (name: string) => `${name}.example.test:${port}`;
  return {
    protocol,
    port,
    origin: (name) => `${protocol}://${hostOf(name)}`,
    lead: (name, upstream) => listeners.set(hostOf(name), proxyTo(upstream)),
    answer: (name, own) => listeners.set(hostOf(name), own),
  };
}

async function serverOf(protocol: 'http' | 'https', listener: RequestListener): Promise<Server> {
  if (protocol === 'http') return plainServer(listener);
  const made = await generate([{ name: 'commonName', value: 'example.test' }], { keyType: 'ec' });
  return tlsServer({ key: made.private, cert: made.cert }, listener) as unknown as Server;
}

function proxyTo(upstream: string): RequestListener {
  return (asked, answer) => {
    const { method, headers, url } = asked;
    const passed = request(new URL(url ?? '/', upstream), { method: method ?? 'GET', headers }, (told) => {
      answer.writeHead(told.statusCode ?? 502, told.headers);
      told.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    asked.pipe(passed);
  };
}

function listen(t: Ending, server: Server, port: number): Promise<void> {
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
}
