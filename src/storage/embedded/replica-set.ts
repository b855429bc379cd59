import { setTimeout as pause } from 'node:timers/promises';
import { mongo } from 'mongoose';

export const replicaSet = 'twofold';

interface ReplicaSetConfig {
  readonly members: readonly { readonly host: string }[];
}

const notYetInitialized = 94;
const alreadyInitialized = 23;
const primaryWaitMs = 60_000;

/** Makes the mongod that listens there the primary of a replica set of one. False when its data belongs to a set on another port. */
export async function joinReplicaSet(host: string, port: number): Promise<boolean> {
  return connected(host, port, async (client) => {
    const admin = client.db('admin');
    const member = `${host}:${port}`;
    const config = await loadConfig(admin, member);
    if (config.members[0]?.host !== member) return false;
    await waitForPrimary(admin);
    return true;
  });
}

/** For a mongod that runs without its replica set: MongoDB's own procedure for members whose host names changed. */
export async function rewriteMember(host: string, port: number): Promise<void> {
  await connected(host, port, async (client) => {
    const configs = client.db('local').collection('system.replset');
    await configs.updateMany({}, { $set: { 'members.0.host': `${host}:${port}` } });
  });
}

async function connected<T>(host: string, port: number, work: (client: mongo.MongoClient) => Promise<T>): Promise<T> {
  const client = new mongo.MongoClient(`mongodb://${host}:${port}/`, { directConnection: true });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

/** A mongod that has only just started says for a moment that it has no configuration, and yet refuses another: until it has read its own. */
async function loadConfig(admin: mongo.Db, member: string): Promise<ReplicaSetConfig> {
  for (const deadline = Date.now() + primaryWaitMs; Date.now() < deadline; await pause(20)) {
    const config = await findConfig(admin);
    if (config !== undefined) return config;
    await initiate(admin, member);
  }
  throw new Error('The local MongoDB did not read its configuration within a minute.');
}

async function initiate(admin: mongo.Db, member: string): Promise<void> {
  try {
    await admin.command({ replSetInitiate: { _id: replicaSet, members: [{ _id: 0, host: member }] } });
  } catch (error) {
    if (!(error instanceof mongo.MongoServerError) || error.code !== alreadyInitialized) throw error;
  }
}

async function findConfig(admin: mongo.Db): Promise<ReplicaSetConfig | undefined> {
  try {
    const { config } = await admin.command({ replSetGetConfig: 1 });
    return config as ReplicaSetConfig;
  } catch (error) {
    if (error instanceof mongo.MongoServerError && error.code === notYetInitialized) return undefined;
    throw error;
  }
}

async function waitForPrimary(admin: mongo.Db): Promise<void> {
  for (const deadline = Date.now() + primaryWaitMs; Date.now() < deadline; await pause(20)) {
    const { isWritablePrimary } = await admin.command({ hello: 1 });
    if (isWritablePrimary === true) return;
  }
  throw new Error('The local MongoDB did not become writable within a minute.');
}
