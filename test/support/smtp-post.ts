import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import { smtpMailer } from '../../src/delivery/senders/smtp-mailer.ts';

/** What the server does with the next mails. */
export type PostMood = 'takes' | 'refuses' | 'is busy' | 'stalls' | 'drops';

/** A real mail server whose mood can change, and the mailer that speaks to it: the time-out holds for every silence, so it has to outlast those of a busy machine. */
export async function startPost(t: TestContext, timeoutMilliseconds = 30_000) {
  const state = { mood: 'takes' as PostMood, tries: 0 };
  const taken: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo(address, _session, callback) {
      state.tries += 1;
      const responseCode = state.mood === 'refuses' ? 550 : state.mood === 'is busy' ? 451 : undefined;
      callback(responseCode ? Object.assign(new Error(`<${address.address}> no`), { responseCode }) : null);
    },
    async onData(stream: SMTPServerDataStream, session, callback) {
      const source = Buffer.concat(await stream.toArray()).toString();
      if (state.mood === 'stalls') return;
      if (state.mood === 'drops') return server.connections.forEach((connection) => void closing(connection));
      taken.push(source);
      callback(null, `kept for ${session.id}`);
    },
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  const smtp = { host: '127.0.0.1', port, secure: false };
  const mailer = smtpMailer({ from: 'no-reply@example.com', smtp }, { timeoutMilliseconds });
  t.after(async () => {
    mailer.close();
    await new Promise<void>((closed) => server.close(closed));
  });
  return { state, taken, mailer, port, codeOf: (source: string) => /^(\d{6})\r?$/m.exec(source)?.[1] ?? 'no code' };
}

function closing(connection: unknown): void {
  (connection as { readonly _socket: { destroy(): void } })._socket.destroy();
}
