import { createServer } from 'node:net';
import { pid } from 'node:process';

const [first, perProcess] = [12_000, 100];
let given = 0;

/**
 * A port on loopback that nobody listens on, for what listens there later. Below those that a system gives to whoever asks
 * for any (Linux: from 32768 on), and each process has its own hundred: nobody else is given the same one meanwhile.
 */
export async function freePort(): Promise<number> {
  const port = first + (pid % 200) * perProcess + (given % perProcess);
  given += 1;
  const free = await new Promise<boolean>((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
  return free ? port : freePort();
}
