import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { root } from '../set-up/dependencies.js';

/** Longer than Twofold takes to answer what is under way and to stop its database. */
const drainLimitMs = 30_000;

/** What a program says so shortly before its end is taken for the reason. */
const lastWordsMs = 5_000;

/**
 * Starts one of our programs. `ended` gives its exit code and whether it has told the person why.
 * In a process group of its own: Ctrl-C in a terminal reaches the whole group, and who ends first is ours to say. By the channel
 * ('disconnect') it can tell that we are gone, even when we were killed.
 */
export function startPart({ node, program, env, onLine }) {
  const args = ['--disable-warning=ExperimentalWarning', program];
  const child = spawn(node, args, { cwd: root, env, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let spokeAt = 0;
  const tell = (message) => {
    spokeAt = Date.now();
    console.error(message);
  };
  createInterface(child.stdout).on('line', (line) => onLine?.(line, tell));
  createInterface(child.stderr).on('line', (line) => {
    onLine?.(line);
    tell(line);
  });
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 1, how: error.message, explained: false }));
    child.once('close', (code, signal) => {
      const explained = signal === null && Date.now() - spokeAt < lastWordsMs;
      resolve({ code: code ?? 1, how: signal ?? `exit code ${code}`, explained });
    });
  });
  return { ended, stop: () => stop(child, ended) };
}

async function stop(child, ended) {
  const limit = setTimeout(() => child.kill('SIGKILL'), drainLimitMs);
  child.kill('SIGTERM');
  await ended;
  clearTimeout(limit);
}
