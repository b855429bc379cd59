import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { createRemoteJWKSet, decodeJwt, type JWTPayload, jwtVerify } from 'jose';
import type { NewClient, World } from './world.ts';

export interface ToldLogout {
  readonly method: string | undefined;
  readonly target: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly token: string;
}

/** How a client answers a logout token; nothing at all leaves it waiting. */
export type Answering = (answer: ServerResponse, told: ToldLogout) => void;

export const done: Answering = (answer) => answer.writeHead(200).end();

/** What hears of sessions that end: a server of its own, on a port of its own. */
export interface LogoutClient {
  readonly uri: string;
  readonly told: readonly ToldLogout[];
  answers(how: Answering): void;
  /** From now on nobody listens there. */
  close(): void;
}

export async function logoutClient(t: TestContext, how: Answering = done): Promise<LogoutClient> {
  const told: ToldLogout[] = [];
  let answering = how;
  const listener: RequestListener = async (request, answer) => {
    const body = Buffer.concat(await request.toArray()).toString();
    const { method, url: target, headers } = request;
    const one = { method, target, headers, token: new URLSearchParams(body).get('logout_token') ?? '' };
    told.push(one);
    answering(answer, one);
  };
  const server = createServer(listener);
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  t.after(close);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    uri: `http://localhost:${port}/logout`,
    told,
    answers(next) {
      answering = next;
    },
    close,
  };
}

/** Lets clients of these tests be on this machine. */
export const atHome = { backChannelLogout: { allowedPrivateHosts: ['localhost'], timeoutSeconds: 1 } } as const;

/** A relying party that is told at that address. */
export function toldAt(clientId: string, backchannelLogoutUri: string): NewClient {
  return { clientId, backchannelLogoutUri, redirectUris: [`http://localhost:4999/${clientId}`] };
}

/** What a logout token says, believed by the published keys alone. */
export async function saidBy(
  world: World,
  told: ToldLogout | undefined,
): Promise<JWTPayload & { readonly sid?: string }> {
  const keys = createRemoteJWKSet(new URL('/jwks', world.origin));
  const { payload } = await jwtVerify(told?.token ?? '', keys, { issuer: world.issuer, typ: 'logout+jwt' });
  return payload;
}

/** Whenever it was said. */
export function sidsTold({ told }: LogoutClient): readonly unknown[] {
  return told.map(({ token }) => decodeJwt(token).sid);
}
