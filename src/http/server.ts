import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Log } from '../platform/log.ts';

/** How long one request may take to arrive, and how often that is looked at. All of it in milliseconds. */
export interface ServerLimits {
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  readonly connectionsCheckingInterval: number;
}

/** Whoever sends a byte a second holds a connection, and a form's handler, no longer than that. */
export const serverLimits: ServerLimits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 2_000,
};

const statuses: Readonly<Record<string, readonly [status: number, phrase: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
};

/** The server of all pages: what never becomes a request is answered, closed and told in one line of the log. */
export function httpServer(
  listener: RequestListener,
  { log, limits = serverLimits }: { readonly log: Log; readonly limits?: ServerLimits },
): Server {
  const answers = new WeakMap<Socket, ServerResponse>();
  const server = createServer(limits, (req, res) => {
    // guard: slow-requests-end
    answers.set(req.socket, res);
    listener(req, res);
  });
  return server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const code = error.code ?? 'unknown';
    const answer = answers.get(socket);
    const halfOut = answer?.headersSent === true && !answer.writableFinished;
    // Gone by itself: that is no news. Half an answer is out: more bytes would be taken for the rest of it.
    if (code === 'ECONNRESET' || !socket.writable || halfOut) return void socket.destroy(); // guard: half-answer-untouched
    const [status, phrase] = statuses[code] ?? [400, 'Bad Request'];
    // The parser's error holds the bytes that were sent, a cookie or a password among them: its code alone is told.
    log.info({ reason: code, status, address: socket.remoteAddress }, 'malformed'); // guard: malformed-bytes-not-logged
    const head = `HTTP/1.1 ${status} ${phrase}\r\nConnection: close\r\nCache-Control: no-store\r\nContent-Length: 0\r\n\r\n`;
    socket.end(head, () => socket.destroy());
  });
}
