import { createWriteStream } from 'node:fs';

const shown = new Set(['warn', 'error', 'fatal']);

/** Twofold's JSON lines go to a file, so that the terminal stays readable; only warnings and worse are shown, in words. */
export function openLog(file) {
  const stream = createWriteStream(file, { flags: 'a', mode: 0o600 });
  const failed = new Promise((_, reject) => stream.once('error', reject));
  failed.catch(() => {});
  return {
    failed,
    onLine(line, tell) {
      if (!stream.errored) stream.write(`${line}\n`);
      const { level, msg, err } = parsed(line);
      // What went wrong may repeat what a stranger sent: nothing of it is a command for the terminal.
      const words = String(msg ?? err?.message ?? line).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
      if (tell !== undefined && shown.has(level)) tell(`Twofold: ${words}`);
    },
  };
}

function parsed(line) {
  try {
    return JSON.parse(line) ?? {};
  } catch {
    return {};
  }
}
