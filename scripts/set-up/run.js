import { spawn, spawnSync } from 'node:child_process';
import { delimiter, sep } from 'node:path';

/** A fault that a person can act on: told as one line, without a stack. */
export class SetUpProblem extends Error {}

const running = new Set();

/** For an end that comes while something is being brought. */
export function endRunning() {
  for (const child of running) child.kill('SIGTERM');
}

/** Runs a program to its end and keeps what it says. `code` is undefined when it could not be started or ran out of time. */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    let output = '';
    const keep = (chunk) => {
      output += chunk;
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => resolve({ code: undefined, output: error.message }));
    child.once('close', (code) => {
      running.delete(child);
      resolve({ code: code ?? undefined, output });
    });
  });
}

/** True when the program is there and answers; a program that lacks a library does not. */
export function answers(command, args) {
  return spawnSync(command, args, { stdio: 'ignore', timeout: 20_000 }).status === 0;
}

/** What is wrong, out of all that npm, apt or pip said: a full disk, else the first reason that npm gives, else the last fault. */
export function reasonIn(output) {
  const lines = output.split('\n').map((line) => line.trim());
  const full = lines.find((line) => /no space left/i.test(line));
  const ofNpm = lines.find((line) => /^npm (error|ERR!) (?!code |errno |syscall |path |dest |$)/.test(line));
  const reason = full ?? ofNpm ?? lines.findLast((line) => /error|fail|denied|cannot|^E:/i.test(line)) ?? lines.at(-1);
  return (reason || 'no reason given').replace(/^(npm (error|ERR!)|ERROR:|E:)\s+/, '').replace(/\.$/, '');
}

/**
 * npm puts the project's node_modules/.bin first in the PATH of its scripts. What replaces node_modules must not run on the Node in
 * there, and a mongod or Chromium is looked for outside.
 */
export function environmentOutside() {
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.endsWith(`node_modules${sep}.bin`));
  return { ...process.env, PATH: path.join(delimiter) };
}

export function isRoot() {
  return process.getuid?.() === 0;
}
