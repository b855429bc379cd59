import { createServer, connect as dial, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { testDatabaseUri } from './mongod.ts';

/** A line to the database that a test can cut and mend: the server itself stays up for everybody else. */
export async function openLine(t: TestContext, name = 'twofold_unused') {
  const target = new URL(testDatabaseUri(name));
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    return socket;
  };
  let unheard: string | undefined;
  const server = createServer((near) => {
    const far = keep(dial(Number(target.port), target.hostname));
    keep(near).pipe(far);
    let deaf = false;
    near.on('data', (asked: Buffer) => {
      if (unheard === undefined || !asked.includes(unheard)) return;
      unheard = undefined;
      deaf = true;
    });
    far.on('data', (answer: Buffer) => (deaf ? near.destroy() : near.write(answer)));
    far.on('end', () => near.end());
    near.on('close', () => far.destroy());
  });
  const listen = (port: number) => new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  const cut = async () => {
    const closed = new Promise((done) => server.close(done));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await listen(0);
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  t.after(cut);
  return {
    uri: `mongodb://127.0.0.1:${port}/${name}?directConnection=true`,
    cut,
    mend: () => listen(port),
    /** The next question with this in it reaches the server, is carried out there, and its answer never comes back. */
    loseAnswerTo(question: string) {
      unheard = question;
    },
    /** True until such a question was asked. */
    get waits() {
      return unheard !== undefined;
    },
  };
}
