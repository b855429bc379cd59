import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** A server under measurement, in a process of its own. */
export interface Measured {
  readonly pid: number;
  /** From spawn to the first answer. */
  readonly startSeconds: number;
  /** Of its heap after it was collected, in bytes; of a server that was started `watched`. */
  heap(): Promise<number>;
  stop(): Promise<void>;
}

interface Start {
  readonly program: string;
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
  /** Its heap can be asked for. */
  readonly watched?: boolean;
}

const watching = ['--expose-gc', '--import', new URL('./heap-agent.ts', import.meta.url).href];

export async function start({ program, port, env, watched = false }: Start): Promise<Measured> {
  const begun = performance.now();
  const child = spawn(process.execPath, [...(watched ? watching : []), program], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', ...(watched ? (['ipc'] as const) : [])],
  });
  await answering(child, port);
  return {
    pid: child.pid ?? 0,
    startSeconds: (performance.now() - begun) / 1000,
    heap: () => heapOf(child),
    stop: () => end(child),
  };
}

async function answering(child: ChildProcess, port: number): Promise<void> {
  for (let tries = 0; tries < 3_000; tries += 1) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    const answered = await fetch(`http://127.0.0.1:${port}/health`).then(
      (response) => response.ok,
      () => false,
    );
    if (answered) return;
    await pause(10);
  }
  throw new Error('it did not answer within half a minute');
}

async function heapOf(child: ChildProcess): Promise<number> {
  const answered = once(child, 'message');
  child.send('heap');
  const [used] = await answered;
  return Number(used);
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

const ticksPerSecond = 100;

/** User and system CPU milliseconds of a process so far, by the kernel's accounting (proc(5), stat fields 14 and 15). */
export function cpuMilliseconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
}

export function residentMiB(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? 0) / 1024;
}
