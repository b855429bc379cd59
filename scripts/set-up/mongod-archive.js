import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reasonIn, run } from './run.js';

/** MongoDB's own builds by platform, each with the SHA-256 of its file: what is published beside a file changes with the file. */
const archives = {
  'linux-arm64': {
    url: 'https://fastdl.mongodb.org/linux/mongodb-linux-aarch64-ubuntu2204-7.0.14.tgz',
    sha256: 'e17887bfa24aa2967fdf1ad7c13fa7bd0d8eb1b9212fbf6ec010a738e31a3657',
  },
};

/** A download that has not come by then is given up. */
const downloadLimitMs = 180_000;

/** The archive for this machine; none where a wheel has its mongod (mongod.requirements.txt). */
export function archiveHere() {
  return archives[`${process.platform}-${process.arch}`];
}

/** Unpacks the archive if it is the one that was pinned. Gives the folder, or the fault. */
export async function fromArchive({ url, sha256 }, folder) {
  const bytes = await download(url);
  if (typeof bytes === 'string') return { fault: bytes };
  const sum = createHash('sha256').update(bytes).digest('hex');
  if (sum !== sha256) return { fault: `${url} is not the file that was pinned (SHA-256 ${sum})` };
  const unpacked = join(folder, 'archive');
  mkdirSync(unpacked);
  writeFileSync(join(folder, 'archive.tgz'), bytes);
  const { code, output } = await run('tar', ['-xzf', join(folder, 'archive.tgz'), '-C', unpacked]);
  return code === 0 ? { unpacked } : { fault: reasonIn(output) };
}

async function download(url) {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(downloadLimitMs) });
    return answer.ok ? Buffer.from(await answer.arrayBuffer()) : `${url} answered ${answer.status}`;
  } catch (error) {
    return `${url} does not answer (${error.cause?.code ?? error.name})`;
  }
}
