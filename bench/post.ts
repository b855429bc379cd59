import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';

/** The mailboxes of everybody who is mailed a code, behind a mail server that takes all. */
export interface Post {
  readonly port: number;
  /** The code of the mail that came, or will come, to this address. */
  codeFor(address: string): Promise<string>;
  close(): Promise<void>;
}

export async function openPost(): Promise<Post> {
  const mails = new Map<string, Promise<string>>();
  const waiting = new Map<string, (code: string) => void>();
  const boxOf = (address: string) => {
    const box = mails.get(address) ?? new Promise<string>((came) => waiting.set(address, came));
    mails.set(address, box);
    return box;
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    async onData(stream: SMTPServerDataStream, { envelope }, callback) {
      const code = codeIn(Buffer.concat(await stream.toArray()).toString());
      const address = envelope.rcptTo[0]?.address ?? '';
      // A notice that no code is in is read by nobody.
      if (code) void boxOf(address);
      if (code) waiting.get(address)?.(code);
      callback();
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    async codeFor(address) {
      const code = await boxOf(address);
      mails.delete(address);
      waiting.delete(address);
      return code;
    },
    close: () => new Promise((closed) => server.close(closed)),
  };
}

function codeIn(source: string): string | undefined {
  return /^(\d{6})\r?$/m.exec(source)?.[1];
}
