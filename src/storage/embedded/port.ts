import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replicaSet } from './replica-set.ts';

export const loopback = '127.0.0.1';

const fileIn = (folder: string) => join(folder, 'mongo-port');

/** Where the local MongoDB with its data in `folder` listens, if it runs; undefined: it never ran there. */
export async function findEmbedded(folder: string): Promise<string | undefined> {
  const port = await keptPort(folder);
  return port === undefined ? undefined : uriAt(port);
}

/** Names the replica set and no database. */
export function uriAt(port: number): string {
  return `mongodb://${loopback}:${port}/?replicaSet=${replicaSet}`;
}

export async function keptPort(folder: string): Promise<number | undefined> {
  const text = await readFile(fileIn(folder), 'utf8').catch(() => '');
  const port = Number(text);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}

export async function keepPort(folder: string, port: number): Promise<void> {
  const file = fileIn(folder);
  await writeFile(`${file}.new`, `${port}\n`);
  await rename(`${file}.new`, file);
}
