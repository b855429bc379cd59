import { Agent, type IncomingHttpHeaders, request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Sent {
  readonly port: number;
  /** Of the Host header: that of the issuer, whichever process is reached. */
  readonly host: string;
  readonly path: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Rows use eight connections; an offered rate as many as it takes. */
const agent = new Agent({ keepAlive: true, maxSockets: 2_048 });

export function send({ port, host, path, method = 'GET', headers = {}, body }: Sent): Promise<Answer> {
  const type =
    body === undefined
      ? {}
      : { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, path, method, agent, headers: { host, ...type, ...headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
        response.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Something else came than a journey goes on with. */
export class UnexpectedAnswer extends Error {
  readonly status: number;

  constructor(step: string, { status, body }: Pick<Answer, 'status' | 'body'>) {
    super(`${step}: ${status} ${body.slice(0, 300)}`);
    this.status = status;
  }
}

export function pathOf(answer: Answer): string {
  if (!answer.headers.location) throw new UnexpectedAnswer('no redirect', answer);
  return new URL(answer.headers.location, 'http://localhost').pathname;
}
